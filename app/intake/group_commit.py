"""Group commit: reports that arrive at the same time share one transaction.

A commit waits for the disk; so while groups are being written, the next gathers, and each
caller is answered after the commit of its own group. If a group fails as a whole, its members
are tried one by one, so that nobody fails for another's report.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from app.domain.errors import UnavailableError

_AT_ONCE = 2
"""Groups written at a time: while one waits for the disk, the next is on its way."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class GroupCommit(Generic[_In, _Out]):
    """Hands items to `write` in groups of at most `most`, two groups at a time.

    `write` gives one result an item, in order, once they are durable.
    """

    def __init__(
        self, write: Callable[[Sequence[_In]], Awaitable[Sequence[_Out]]], *, most: int = 100
    ) -> None:
        self._write = write
        self._most = most
        self._waiting: list[tuple[_In, asyncio.Future[_Out]]] = []
        self._writing = 0
        self._writers: set[asyncio.Task[None]] = set()

    async def submit(self, item: _In) -> _Out:
        """The result for `item`, once it is durable. Raises what `write` raises for it."""
        answer: asyncio.Future[_Out] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._writing < _AT_ONCE:
            self._writing += 1
            writer = asyncio.create_task(self._write_all())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        return await answer

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._write_group(group)
        finally:
            # At once with the look at an empty queue: nobody may come in between and find a
            # writer that looks no more.
            self._writing -= 1

    async def _write_group(self, group: list[tuple[_In, asyncio.Future[_Out]]]) -> None:
        try:
            results = await self._write([item for item, _ in group])
        except Exception as error:  # noqa: BLE001 - handed to the callers
            if len(group) == 1 or isinstance(error, UnavailableError):
                # Where the database is away, nobody is helped by trying again one by one.
                for _, answer in group:
                    _fail(answer, error)
                return
            for member in group:
                await self._write_group([member])
            return
        for (_, answer), result in zip(group, results, strict=True):
            if not answer.done():
                answer.set_result(result)


def _fail(answer: "asyncio.Future[_Out]", error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)
