"""A PostgreSQL of one file of tests alone, to be killed with all its processes and started again."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from app.storage.embedded import ROLE, EmbeddedPostgres
from tests.support.processes import children_of


class KillableServer:
    """Wraps the embedded server under `home`, which its user has started.

    dsn: the address for the service, with the role that may be turned away. watching: the address
    for the test, with a role that always gets in.
    """

    def __init__(self, server: EmbeddedPostgres, home: Path) -> None:
        self._server = server
        self._record = home / "postgres/postmaster.pid"
        self.dsn = server.dsn()
        self.watching = self.dsn.replace(f"//{ROLE}@", "//postgres@")

    @asynccontextmanager
    async def holding(self, lock: str) -> AsyncIterator[None]:
        """Hold what a statement locks while the block runs, or until the server is killed."""
        holder = await asyncpg.connect(self.watching)
        try:
            await holder.execute(f"BEGIN; {lock}")
            yield
        finally:
            holder.terminate()

    async def execute(self, statement: str) -> None:
        """Run a statement as the role that always gets in, outside any transaction."""
        connection = await asyncpg.connect(self.watching)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def kill(self) -> int:
        """Kill the postmaster and all its processes; returns how many."""
        postmaster = int(self._record.read_text().split()[0])
        os.kill(postmaster, signal.SIGSTOP)  # so that it starts nobody while we count
        processes = [postmaster, *children_of(postmaster)]
        for process in processes:
            os.kill(process, signal.SIGKILL)
        return len(processes)

    def start(self) -> None:
        """Start it again, as `serve` does, and wait until it has recovered."""
        self._server.ensure_running()
