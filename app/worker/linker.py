"""The linking loop: as long as there is work, batch after batch; else wait for a sign or a moment.

Any number of loops may run in any number of processes: each batch is done by the one that gets
the lock. A batch is one transaction, so a loop that is killed loses nothing and leaves
nothing half done.
"""

import asyncio
import time
from datetime import UTC, datetime
from functools import partial

import structlog

from app.crypto.ids import new_id
from app.domain.acting import LINKER
from app.domain.audit import SYSTEM
from app.domain.errors import TooSlowError, UnavailableError
from app.domain.indicators import Catalogue
from app.linking.comparing import Comparing
from app.linking.engine import Linked
from app.linking.regrouping import Writing
from app.linking.screening import screen_lead
from app.observability import metrics
from app.observability.logging import place_of
from app.services.link_queue import link_queue
from app.services.postpone_work import postpone_work
from app.storage.engine import Engine
from app.storage.session import writing
from app.worker.collecting import collected_after

_LOG = structlog.get_logger()
_POLL_SECONDS = 0.1
_GATHER_SECONDS = 0.2
_AWAY_SECONDS = 1.0


class Linker:
    """One linking loop of one process."""

    def __init__(
        self, engine: Engine, *, comparing: Comparing, catalogue: Catalogue, batch: int
    ) -> None:
        self._engine = engine
        self._comparing = comparing
        self._screen = partial(screen_lead, catalogue=catalogue)
        self._batch = batch
        self._work = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Say that there is work, so that nobody waits for the next poll."""
        self._work.set()

    def stop(self) -> None:
        """End after the batch at hand."""
        self._stopping = True
        self._work.set()

    async def run(self) -> None:
        """Work until stopped. An error never ends the loop."""
        limit = self._batch
        while not self._stopping:
            try:
                limit = await self._step(limit)
            except UnavailableError:
                await self._rest(_AWAY_SECONDS)
            except Exception as error:  # noqa: BLE001  even what cures a failure may fail
                _tell(error, limit)
                await self._rest(_AWAY_SECONDS)

    async def _step(self, limit: int) -> int:
        """Do one batch of at most `limit`; returns the limit for the next."""
        try:
            done = await self.link_once(limit)
        except Exception as error:
            if isinstance(error, UnavailableError) and not isinstance(error, TooSlowError):
                raise
            _tell(error, limit)
            return await self._narrow(limit)
        if done is None or not done.items:
            await self._rest(_POLL_SECONDS)
        elif done.items < limit:
            # Under load a moment's patience makes few large batches of many small ones.
            await asyncio.sleep(_GATHER_SECONDS)
        return min(limit * 2, self._batch)

    async def link_once(self, limit: int) -> Linked | None:
        """Link one batch; None if another linker is at work."""
        with collected_after():
            return await self._link(limit)

    async def _link(self, limit: int) -> Linked | None:
        started = time.perf_counter()
        async with writing(self._engine, LINKER) as connection:
            done = await link_queue(
                connection,
                comparing=self._comparing,
                writing=Writing(
                    datetime.now(UTC),
                    new_id,
                    self._comparing.model.version,
                    self._screen,
                    SYSTEM,
                ),
                limit=limit,
            )
        if done is not None and done.items:
            metrics.REPORTS_LINKED.inc(len(done.reports))
            metrics.LINK_SECONDS.observe(time.perf_counter() - started)
        return done

    async def _narrow(self, limit: int) -> int:
        """After a failure try fewer; a single item that fails goes to the end of the queue, so
        that it holds up nobody and is tried again.
        """
        if limit > 1:
            return max(limit // 8, 1)
        async with writing(self._engine, LINKER) as connection:
            await postpone_work(connection)
        await self._rest(_AWAY_SECONDS)
        return 1

    async def _rest(self, seconds: float) -> None:
        self._work.clear()
        try:
            await asyncio.wait_for(self._work.wait(), seconds)
        except TimeoutError:
            return


def _tell(error: Exception, limit: int) -> None:
    metrics.LINK_FAILURES.labels(type(error).__name__).inc()
    _LOG.error("linking_failed", error=type(error).__name__, at=place_of(error), items=limit)
