"""A linker in a process of its own, to be killed. Arguments: address of the database, and "work" or
"stall": the latter takes a batch, says so, and never ends it.
"""

import asyncio
import sys
import time

from app.domain.acting import LINKER
from app.storage.database import connect
from app.storage.session import writing
from app.worker.linker import Linker
from tests.integration.linking.corpus import (
    CATALOGUE,
    comparing_of,
    link_queue,
    small_model,
    writing_of,
)
from tests.integration.linking.prepared import KEYRING


def say(line):
    """Tell the test that started this."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def work(dsn):
    database = connect(dsn, connections=2, audit_key=KEYRING.audit)
    linker = Linker(
        database.engine, comparing=comparing_of(small_model()), catalogue=CATALOGUE, batch=20
    )
    say("ready")
    await linker.run()


async def stall(dsn):
    database = connect(dsn, connections=2, audit_key=KEYRING.audit)
    model = small_model()
    say("ready")
    async with writing(database.engine, LINKER) as connection:
        await link_queue(
            connection,
            comparing=comparing_of(model),
            writing=writing_of(model, wait_for_ever),
            limit=50,
        )


def wait_for_ever(signs):
    """Asked in the middle of a batch, with rows written and locks held."""
    say("in the middle")
    time.sleep(600)


if __name__ == "__main__":
    asyncio.run({"work": work, "stall": stall}[sys.argv[2]](sys.argv[1]))
