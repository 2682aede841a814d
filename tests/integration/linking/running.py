"""Linking loops beside a test, and waiting for what they do."""

import asyncio
import time
from contextlib import asynccontextmanager

from app.storage.database import connect
from app.worker.linker import Linker
from tests.integration.linking.corpus import CATALOGUE, comparing_of
from tests.integration.linking.prepared import KEYRING


@asynccontextmanager
async def linkers(dsn, model, *, count=1, batch=20):
    """Run so many linking loops, each on connections of its own, while the block runs."""
    databases = [connect(dsn, connections=2, audit_key=KEYRING.audit) for _ in range(count)]
    loops = [
        Linker(database.engine, comparing=comparing_of(model), catalogue=CATALOGUE, batch=batch)
        for database in databases
    ]
    tasks = [asyncio.create_task(loop.run()) for loop in loops]
    try:
        yield loops
    finally:
        for loop in loops:
            loop.stop()
        await asyncio.gather(*tasks)
        for database in databases:
            await database.engine.dispose()


async def until(true, *, seconds=20):
    """Wait until an asynchronous question is answered with yes; returns how long it took."""
    started = time.monotonic()
    while not await true():
        assert time.monotonic() < started + seconds, "it did not come about"
        await asyncio.sleep(0.02)
    return time.monotonic() - started


async def until_drained(corpus, *, seconds=20):
    """Wait until nothing waits to be linked."""

    async def drained():
        return await corpus.value("SELECT count(*) FROM link_queue") == 0

    return await until(drained, seconds=seconds)
