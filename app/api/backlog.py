"""A backlog between one producer and one consumer: bounded in number and in bytes.

The consumer takes all there is at once. So when it is slower than the producer it works in
large pieces, and when it is faster each item goes through at once.
"""

import asyncio
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


class Backlog(Generic[_Item]):
    """Holds at most `most` items and about `most_bytes` bytes."""

    def __init__(self, *, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._items: list[_Item] = []
        self._bytes = 0
        self._done = False
        self._changed = asyncio.Condition()

    async def put(self, item: _Item, size: int) -> None:
        """Append, after waiting for room."""
        async with self._changed:
            await self._changed.wait_for(self._has_room)
            self._items.append(item)
            self._bytes += size
            self._changed.notify_all()

    async def finish(self) -> None:
        """Say that nothing more comes."""
        async with self._changed:
            self._done = True
            self._changed.notify_all()

    async def take(self) -> list[_Item]:
        """All items there are, after waiting for one; none once the producer has finished."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._items or self._done)
            items, self._items, self._bytes = self._items, [], 0
            self._changed.notify_all()
            return items

    def _has_room(self) -> bool:
        return not self._items or (len(self._items) < self._most and self._bytes < self._most_bytes)
