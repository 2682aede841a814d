"""Waiting for news: one connection a process listens, any number of callers wait.

A waiter costs no connection while it waits. The listener comes back by itself when the database was
away; waiters are then woken, since news may have been missed.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Self

import asyncpg
from sqlalchemy.engine import URL

_CHECK_SECONDS = 5.0
_AGAIN_SECONDS = 1.0


class Listener:
    """Listens on channels and wakes those who wait for a topic.

    channels: names of NOTIFY channels. A waiter waits for (channel, payload).
    """

    def __init__(self, url: URL, channels: tuple[str, ...]) -> None:
        self._url = url
        self._channels = channels
        self._waiting: defaultdict[tuple[str, str], set[asyncio.Event]] = defaultdict(set)
        self._told: list[tuple[str, Callable[[], None]]] = []
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    @property
    def is_closing(self) -> bool:
        """Whether the process is about to end, so that nobody should wait any longer."""
        return self._closing

    def start(self) -> None:
        """Begin to listen, in the background."""
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """Stop listening and wake everybody."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self.close_waiting()

    def close_waiting(self) -> None:
        """Wake everybody, and let nobody wait from now on: the process is about to end."""
        self._closing = True
        self._wake_all()

    def tell(self, channel: str, hear: Callable[[], None]) -> None:
        """Call `hear` on every piece of news of a channel, and when some may have been missed."""
        self._told.append((channel, hear))

    def expect(self, channel: str, payload: str) -> "Expectation":
        """Begin to notice news; use as a context manager, look, then `wait`.

        Looking after this call and before waiting misses nothing in between.
        """
        return Expectation(self, self._waiting, (channel, payload))

    async def _listen(self) -> None:
        while True:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                await self._listen_once()
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _listen_once(self) -> None:
        connection = await asyncpg.connect(dsn=_libpq(self._url), timeout=3)
        try:
            for channel in self._channels:
                await connection.add_listener(channel, self._on_news)
            self._wake_all()
            while True:
                await asyncio.sleep(_CHECK_SECONDS)
                await connection.execute("SELECT 1", timeout=3)
        finally:
            connection.terminate()

    def _on_news(self, _connection: object, _pid: int, channel: str, payload: object) -> None:
        for event in self._waiting.get((channel, str(payload)), ()):
            event.set()
        for heard, hear in self._told:
            if heard == channel:
                hear()

    def _wake_all(self) -> None:
        for _, hear in self._told:
            hear()
        for events in self._waiting.values():
            for event in events:
                event.set()


class Expectation:
    """One caller waiting for one topic."""

    def __init__(
        self,
        listener: Listener,
        waiting: defaultdict[tuple[str, str], set[asyncio.Event]],
        topic: tuple[str, str],
    ) -> None:
        self._listener = listener
        self._waiting = waiting
        self._topic = topic
        self._event = asyncio.Event()

    def __enter__(self) -> Self:
        self._waiting[self._topic].add(self._event)
        return self

    def __exit__(self, *_: object) -> None:
        waiting = self._waiting[self._topic]
        waiting.discard(self._event)
        if not waiting:
            del self._waiting[self._topic]

    async def wait(self, seconds: float) -> bool:
        """Wait for news for so long; False if none came. Afterwards it may be waited for again.

        False at once when the listener is closing.
        """
        if self._listener.is_closing:
            return False
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        self._event.clear()
        return not self._listener.is_closing


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
