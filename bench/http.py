"""One client that asks one thing after the other over a connection that it keeps."""

import json
import time
from http.client import HTTPConnection
from types import TracebackType
from typing import Any, NamedTuple, Self


class Answer(NamedTuple):
    """What came, and how many seconds after it was asked for the last byte was there."""

    status: int
    body: Any
    etag: str
    seconds: float


class Client:
    """Asks with a token, and says why: in the investigation of a case."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port)
        self._headers = {"Authorization": f"Bearer {token}", "Purpose": "investigation"}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """One request. Raises RuntimeError where the answer is an error."""
        sent = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        kind = {} if sent is None else {"Content-Type": "application/json"}
        started = time.perf_counter()
        self._connection.request(method, path, sent, self._headers | kind | (headers or {}))
        answer = self._connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - started
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        parsed = json.loads(content) if content else None
        return Answer(answer.status, parsed, answer.headers.get("ETag", ""), seconds)
