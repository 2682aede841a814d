"""Many who write, several who link, all at once: nothing is lost, missed or done twice."""

import asyncio
import itertools
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
from tests.integration.linking import worlds
from tests.integration.linking.corpus import SEALER, Corpus, links
from tests.integration.linking.running import linkers, until_drained

POOL = [("phone", f"p{n}") for n in range(30)] + [("email", f"e{n}") for n in range(30)]


def some_body(chance):
    """A report that shares values with some, or much in all ways with many."""
    if chance.random() < 0.3:
        return worlds.body(chance.choice)
    return {"attributes": [links(*v) for v in chance.sample(POOL, chance.randint(0, 2))]}


async def write_reports(dsn, organisations, number, *, steps=20):
    """One who sends, amends, withdraws and judges on a connection of its own; returns what is
    left.
    """
    chance = random.Random(number)
    database = connect(dsn, connections=1)
    own = Corpus(database, organisations=organisations)
    own.numbers = itertools.count(1000 * number)
    try:
        for _ in range(steps):
            some = [some_body(chance) for _ in range(3)]
            kind = chance.choice(["submit", "submit", "submit", "amend", "withdraw", "judge"])
            if kind == "submit":
                await own.submit(*some[: chance.randint(1, 3)])
            elif own.live and kind == "amend":
                await own.amend(chance.choice(sorted(own.live)), some[0])
            elif own.live and kind == "withdraw":
                await own.withdraw(chance.choice(sorted(own.live)))
            elif len(own.live) > 1:
                await own.judge(
                    chance.choice(["join", "separate"]), *chance.sample(sorted(own.live), 2)
                )
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
        corpus.bodies |= writer.bodies
        corpus.owners |= writer.owners
        corpus.judged |= writer.judged
    assert len(corpus.live) > 120
    assert len(await corpus.partition()) < len(corpus.live)
    await corpus.check()
    await corpus.check_relinking()


async def test_two_reports_with_one_value_that_arrive_at_the_same_instant_meet(
    corpus, module_database
):
    pairs = [[links("phone", f"p{n}")] for n in range(30)]
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
        await submit_reports(connection, [late.new], datetime.now(UTC), sealer=SEALER)
        [early] = await corpus.submit(values)
        await corpus.drain()  # sees the earlier report alone: the later one is not committed
        assert await corpus.rows("SELECT count(*) FROM lead_membership") == [(1,)]
    corpus.remember(late)
    await corpus.drain()
    assert await corpus.lead_of(late.id) == await corpus.lead_of(early)
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
            waiting = asyncio.create_task(wait_until_linked(parts, report.id, 10))
            await asyncio.sleep(0.05)
            await corpus.submit(report)
            assert not waiting.done()
            await corpus.drain()
            async with asyncio.timeout(0.9):  # sooner than it would have looked again by itself
                assert await waiting
            assert await corpus.lead_of(report.id)
        late = corpus.prepare([])
        assert not await wait_until_linked(parts, late.id, 0.1)
    finally:
        await listener.stop()
