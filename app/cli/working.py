"""`tessera worker`: the background work alone. As a module of its own it is the process that
`serve` starts beside those that answer, and loads nothing that only these need.
"""

import asyncio
import signal
import sys
from collections.abc import Callable

from typing_extensions import override

from app.cli.running import Opened, opened, run
from app.linking.comparing import Comparing
from app.observability.logging import set_up
from app.settings import load_settings
from app.storage.catalogues import load_catalogue, load_model
from app.worker.linker import Linker


def worker() -> None:
    """Do the background work alone: linking. Any number may run."""
    run(_work(with_parent=False))


async def _work(*, with_parent: bool) -> None:
    """With a parent, work until standard input ends; it is the parent that keeps the database."""
    settings = load_settings()
    set_up(settings.log_level)
    async with opened(settings=settings, kept=not with_parent) as installation:
        linker = _linker(installation)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, linker.stop)
        if with_parent:
            await loop.connect_read_pipe(lambda: _UntilItEnds(linker.stop), sys.stdin)
        await linker.run()


class _UntilItEnds(asyncio.Protocol):
    """Calls `ended` when the pipe that is read closes."""

    def __init__(self, ended: Callable[[], None]) -> None:
        self._ended = ended

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._ended()


def _linker(installation: Opened) -> Linker:
    return Linker(
        installation.database.engine,
        comparing=Comparing(load_model(), installation.keyring, installation.sealer),
        catalogue=load_catalogue(),
        batch=installation.settings.link_batch,
    )


if __name__ == "__main__":
    run(_work(with_parent=True))
