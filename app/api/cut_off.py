"""Which tokens were cut off before their time, as one process knows it: never more than two
seconds old, and renewed at once when another process tells of a cut.

Whoever asks when what is known is older than that waits for the database, or gets a 503 where it is
away: a token is never let through on old knowledge.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from app.domain.acting import ACCESS
from app.domain.errors import UnavailableError
from app.gateways.tokens import LEEWAY_SECONDS, LONGEST_OWN_LIFETIME_SECONDS
from app.storage.engine import Engine
from app.storage.repositories.cutting import list_cut_off
from app.storage.session import reading

_RENEW_AFTER = 1.0
_TOO_OLD_AFTER = 2.0
_TRY_AGAIN_AFTER = 1.0
_NEVER = float("-inf")
# Cuts longer ago concern no token that is still valid; twice the time, for clocks.
_LOOK_BACK_SECONDS = 2 * (LONGEST_OWN_LIFETIME_SECONDS + LEEWAY_SECONDS)


class CutOff:
    """The least generations that hold; made once a process. `ticks`: seconds of a steady clock."""

    def __init__(self, engine: Engine, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._ticks = ticks
        self._least: Mapping[str, int] = {}
        self._read_at = self._failed_at = _NEVER
        self._news = 0
        self._lock = asyncio.Lock()
        self._renewal: asyncio.Task[None] | None = None

    def forget(self) -> None:
        """There is news: have whoever asks next wait for it."""
        self._news += 1
        self._read_at = _NEVER

    async def holds(self, subject: str, generation: int) -> bool:
        """Whether tokens of that generation hold. Raises UnavailableError if it cannot be known."""
        age = self._ticks() - self._read_at
        if age > _TOO_OLD_AFTER:
            await self._renew()
        elif age > _RENEW_AFTER and (self._renewal is None or self._renewal.done()):
            self._renewal = asyncio.create_task(self._renew_meanwhile())
        return generation >= self._least.get(subject, generation)

    async def _renew_meanwhile(self) -> None:
        with suppress(UnavailableError):
            await self._renew()

    async def _renew(self) -> None:
        async with self._lock:
            started, news = self._ticks(), self._news
            if started - self._read_at <= _RENEW_AFTER:
                return
            if started - self._failed_at <= _TRY_AGAIN_AFTER:
                raise UnavailableError
            try:
                async with reading(self._engine, ACCESS) as connection:
                    self._least = await list_cut_off(connection, within_seconds=_LOOK_BACK_SECONDS)
            except UnavailableError:
                self._failed_at = self._ticks()
                raise
            # News that came meanwhile may have come too late for this look.
            self._read_at = started if news == self._news else _NEVER
