"""HTTP over a bare socket, for what no decent client sends."""

import json
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer as it came: status, headers with small names, body without its chunking."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)


def connect_to(url: str, *, seconds: float = 60) -> socket.socket:
    """A connection to the service."""
    address = urlsplit(url)
    return socket.create_connection((address.hostname, address.port), timeout=seconds)


def head(method: str, path: str, token: str | None = None, **headers: str) -> bytes:
    """The first lines of a request; `_` in a name stands for `-`."""
    lines = [f"{method} {path} HTTP/1.1", "Host: service.example"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def chunk(data: bytes) -> bytes:
    """A piece of a body in chunked transfer coding; the last is empty."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def read_answer(connection: socket.socket) -> RawAnswer:
    """Read one whole answer."""
    with connection.makefile("rb") as stream:
        status = int(stream.readline().split()[1])
        headers = {}
        while (line := stream.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        if headers.get("transfer-encoding") == "chunked":
            body = b"".join(_chunks(stream))
        else:
            body = stream.read(int(headers.get("content-length", 0)))
    return RawAnswer(status, headers, body)


def _chunks(stream):
    while size := int(re.match(rb"[0-9a-fA-F]+", stream.readline()).group(), 16):
        yield stream.read(size)
        stream.readline()
    stream.readline()
