"""Work for the processor that an answer needs: in threads of its own, few at once, within a time.

The event loop goes on meanwhile, so whatever is run here must give up the interpreter's lock or be
short. A thread cannot be stopped: what takes too long keeps its place until it ends, and what
would wait behind it for long is refused at once.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from app.domain.errors import TooSlowError, UnavailableError

_Result = TypeVar("_Result")


class Rendering:
    """Runs pieces of work, `at_once` of them at the same time and no more than `most` in all."""

    def __init__(self, *, at_once: int = 2, most: int = 8, seconds: float = 10.0) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="rendering")
        self._most = most
        self._seconds = seconds
        self._lock = threading.Lock()
        self._count = 0

    async def run(self, work: Callable[[], _Result]) -> _Result:
        """The result of `work`. Raises UnavailableError where too many wait, TooSlowError where it
        is not done in time, and what `work` raises.
        """
        with self._lock:
            if self._count >= self._most:
                raise UnavailableError("Too many documents are being made at the moment")
            self._count += 1
        done = self._threads.submit(work)
        done.add_done_callback(self._leave)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(done), self._seconds)
        except TimeoutError:
            raise TooSlowError("The document is not done in time") from None

    def _leave(self, _: Future[_Result]) -> None:
        with self._lock:
            self._count -= 1
