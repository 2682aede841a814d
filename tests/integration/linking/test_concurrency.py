"""Many who write, several who link, all at once: nothing is lost, missed or done twice."""

import asyncio
import random
from datetime import UTC, datetime
from types import SimpleNamespace

from app.api.v1.waiting import wait_until_linked
from app.services.submit_reports import submit_reports
from app.storage.database import connect
from app.storage.listening import Listener
from app.storage.repositories import linking
from app.storage.repositories.linking import LINKED_CHANNEL
from app.storage.session import writing
from tests.integration.linking.corpus import SEALER, Corpus, links
from tests.integration.linking.running import linkers, until_drained

POOL = [("phone", f"p{n}") for n in range(12)] + [("email", f"e{n}") for n in range(10)]
POOL += [("person", f"n{n}") for n in range(6)]


async def write_reports(dsn, organisations, number, *, steps=25):
    """One who sends, amends and withdraws on a connection of its own; returns what is left."""
    chance = random.Random(number)
    database = connect(dsn, connections=1)
    own = Corpus(database, organisations=organisations)
    try:
        for _ in range(steps):
            some = [
                [links(*v) for v in chance.sample(POOL, chance.randint(0, 2))] for _ in range(3)
            ]
            kind = chance.choice(["submit", "submit", "submit", "amend", "withdraw"])
            if kind == "submit":
                await own.submit(*some[: chance.randint(1, 3)])
            elif own.live and kind == "amend":
                await own.amend(chance.choice(sorted(own.live)), some[0], country="AT")
            elif own.live:
                await own.withdraw(chance.choice(sorted(own.live)))
            await asyncio.sleep(chance.random() * 0.01)
    finally:
        await database.engine.dispose()
    return own


async def test_eight_writers_and_three_linkers_end_in_the_leads_of_the_oracle(
    corpus, module_database, start_linker
):
    start_linker()
    async with linkers(module_database, corpus.model, count=2):
        writers = await asyncio.gather(
            *[write_reports(module_database, corpus.organisations, n) for n in range(8)]
        )
        await until_drained(corpus)
    for writer in writers:
        corpus.live |= writer.live
        corpus.owners |= writer.owners
    assert len(corpus.live) > 150
    assert len(await corpus.partition()) < len(corpus.live)
    await corpus.check()
    await corpus.check_relinking()


async def test_two_reports_with_one_value_that_arrive_at_the_same_instant_meet(
    corpus, module_database
):
    pairs = [[links("phone", f"x{n}")] for n in range(30)]
    async with linkers(module_database, corpus.model, count=3, batch=1):
        for values in pairs:
            await asyncio.gather(corpus.submit(values), corpus.submit(values))
        await until_drained(corpus)
    assert sorted(len(lead) for lead in await corpus.partition()) == [2] * 30
    await corpus.check()


async def test_a_report_committed_while_a_batch_looks_is_found_in_the_next(corpus, database):
    values = [links("phone", "p0")]
    late = corpus.prepare(values)
    async with writing(database.engine) as connection:
        await submit_reports(connection, [late], datetime.now(UTC), sealer=SEALER)
        [early] = await corpus.submit(values)
        await corpus.drain()  # sees the earlier report alone: the later one is not committed
        assert await corpus.rows("SELECT count(*) FROM lead_membership") == [(1,)]
    corpus._remember(late)
    await corpus.drain()
    assert await corpus.lead_of(late.record.id) == await corpus.lead_of(early)
    await corpus.check()


async def test_several_linkers_do_no_work_twice(corpus, module_database):
    for _ in range(10):
        await corpus.submit(*[[] for _ in range(12)])
    async with linkers(module_database, corpus.model, count=3, batch=7):
        await until_drained(corpus)
    kinds = await corpus.rows("SELECT kind, count(*) FROM lead_event GROUP BY kind")
    assert kinds == [("created", 120)]
    assert await corpus.value("SELECT count(*) FROM lead_membership_past") == 0
    await corpus.check()


async def test_while_one_links_another_leaves_the_queue_alone(corpus, database):
    await corpus.submit([], [])
    async with writing(database.engine) as connection:
        await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({linking._ONE_LINKER})")
        assert await corpus.link() is None
        assert await corpus.value("SELECT count(*) FROM link_queue") == 2
    assert (await corpus.link()).items == 2


async def test_who_waits_for_its_report_hears_of_it_when_the_lead_can_be_read(
    corpus, database, module_database
):
    listener = Listener(database.url, (LINKED_CHANNEL,))
    listener.start()
    parts = SimpleNamespace(database=database, listener=listener)
    try:
        reports = [corpus.prepare([links("email", "e0")], n) for n in range(4)]
        for report in reports:
            waiting = asyncio.create_task(wait_until_linked(parts, report.record.id, 10))
            await asyncio.sleep(0.05)
            await corpus.submit(report)
            assert not waiting.done()
            await corpus.drain()
            async with asyncio.timeout(0.9):  # sooner than it would have looked again by itself
                assert await waiting
            assert await corpus.lead_of(report.record.id)
        late = corpus.prepare([])
        assert not await wait_until_linked(parts, late.record.id, 0.1)
    finally:
        await listener.stop()
