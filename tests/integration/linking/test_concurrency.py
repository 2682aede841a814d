"""Many who write, several who link, all at once: nothing is lost, missed or done twice."""

import asyncio
import itertools
import random
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from app.api.v1.waiting import wait_until_linked
from app.domain.acting import OPERATOR, senders
from app.domain.linkage.blocking import keys_of, marks_of
from app.services.check_invariants import check_invariants
from app.services.submit_reports import submit_reports
from app.storage.database import connect
from app.storage.listening import Listener
from app.storage.repositories import blocks, carriers, lead_changes, linking, links
from app.storage.repositories.linking import LINKED_CHANNEL
from app.storage.session import reading, writing
from tests.integration.linking import worlds
from tests.integration.linking.corpus import SEALER, Corpus, comparing_of
from tests.integration.linking.corpus import links as value
from tests.integration.linking.prepared import KEYRING
from tests.integration.linking.running import linkers, until_drained

POOL = [("phone", f"p{n}") for n in range(30)] + [("email", f"e{n}") for n in range(30)]


def some_body(chance):
    """A report that shares values with some, or much in all ways with many."""
    if chance.random() < 0.3:
        return worlds.body(chance.choice)
    return {"attributes": [value(*v) for v in chance.sample(POOL, chance.randint(0, 2))]}


async def write_reports(dsn, organisations, number, *, steps=20):
    """One who sends, amends, withdraws and judges on a connection of its own; returns what is
    left.
    """
    chance = random.Random(number)
    database = connect(dsn, connections=1, audit_key=KEYRING.audit)
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
    pairs = [[value("phone", f"p{n}")] for n in range(30)]
    async with linkers(module_database, corpus.model, count=3, batch=1):
        for values in pairs:
            await asyncio.gather(corpus.submit(values), corpus.submit(values))
        await until_drained(corpus)
    assert sorted(len(lead) for lead in await corpus.partition()) == [2] * 30
    await corpus.check()


async def test_a_report_committed_while_a_batch_looks_is_found_in_the_next(corpus, database):
    values = [value("phone", "p0")]
    late = corpus.prepare(values)
    async with writing(database.engine, OPERATOR) as connection:
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
    async with writing(database.engine, OPERATOR) as connection:
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
    owner = senders(corpus.organisations)
    try:
        reports = [corpus.prepare([value("email", "e0")], n) for n in range(4)]
        for report in reports:
            waiting = asyncio.create_task(wait_until_linked(parts, report.id, 10, actor=owner))
            await asyncio.sleep(0.05)
            await corpus.submit(report)
            assert not waiting.done()
            await corpus.drain()
            async with asyncio.timeout(0.9):  # sooner than it would have looked again by itself
                assert await waiting
            assert await corpus.lead_of(report.id)
        late = corpus.prepare([])
        assert not await wait_until_linked(parts, late.id, 0.1, actor=owner)
    finally:
        await listener.stop()


PHONE, EMAIL = value("phone", "p0"), value("email", "e0")
FIRST = {
    "attributes": [PHONE],
    "persons": [{"role": "suspected_victim", "name": "Linh Nguyen", "birth_date": "1999-05-02"}],
    "place": {"country": "SK", "locality": "Zilina", "address": "Hlavna 12"},
}
SECOND = {
    "attributes": [EMAIL],
    "persons": [{"role": "suspected_victim", "name": "Ivan Petrenko", "birth_date": "1980-03-04"}],
    "organisations": [{"role": "employer", "name": "Demo Stavby s. r. o."}],
}
THIRD = FIRST | {"persons": SECOND["persons"]}
MOMENTS = {
    "the work was taken": (linking, "take"),
    "who was withdrawn was asked": (linking, "withdrawn"),
    "the old keys were removed": (blocks, "remove"),
    "the traits were read": (carriers, "compared"),
    "the new keys were added": (blocks, "add"),
    "the values were read": (carriers, "values_of"),
    "the links were written": (links, "replace"),
    "the leads were written": (lead_changes, "record_events"),
}


@pytest.fixture
def once_after(monkeypatch):
    """Have something done once, on another connection, right after a statement of a batch; it
    must not wait for the batch to end.
    """

    def arrange(moment, step):
        module, name = MOMENTS[moment]
        statement = getattr(module, name)

        async def both(*arguments, **named):
            found = await statement(*arguments, **named)
            monkeypatch.setattr(module, name, statement)
            async with asyncio.timeout(10):
                await step()
            return found

        monkeypatch.setattr(module, name, both)

    return arrange


async def a_report_in_the_queue(corpus, *, amended):
    """One that shares much with two that are linked; new, or linked and then amended."""
    await corpus.submit(FIRST, FIRST, SECOND, SECOND)
    await corpus.drain()
    [report] = await corpus.submit(SECOND if amended else FIRST)
    if amended:
        await corpus.drain()
        await corpus.amend(report, FIRST)
    return report


async def assert_sound(corpus):
    """See that linking ended in what the oracle and the product's own checks find right."""
    await corpus.check()
    async with reading(corpus.engine, OPERATOR) as connection:
        checked = await check_invariants(connection, model=corpus.model, waiting_seconds=60)
    broken = {each.invariant.name: each.found for each in checked if each.is_broken}
    assert broken == {}
    await corpus.check_relinking()


@pytest.mark.parametrize("amended", [False, True], ids=["new", "amended"])
@pytest.mark.parametrize("moment", MOMENTS)
async def test_of_a_report_withdrawn_while_it_is_linked_nothing_is_left(
    corpus, once_after, moment, amended
):
    report = await a_report_in_the_queue(corpus, amended=amended)
    once_after(moment, lambda: corpus.withdraw(report))
    await corpus.link()
    assert report not in corpus.live
    await corpus.drain()
    for table in ("report_attribute", "report_block", "lead_membership"):
        assert await corpus.rows(f"SELECT 1 FROM {table} WHERE report_id = :r", r=report) == []
    assert not [pair for pair in await corpus.links() if report in pair]
    await assert_sound(corpus)


@pytest.mark.parametrize("amended", [False, True], ids=["new", "amended"])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("content", [SECOND, THIRD, {}], ids=["other", "partly other", "nothing"])
async def test_a_report_amended_while_it_is_linked_is_found_by_its_last_content_alone(
    corpus, once_after, content, moment, amended
):
    report = await a_report_in_the_queue(corpus, amended=amended)
    once_after(moment, lambda: corpus.amend(report, content))
    await corpus.link()
    assert corpus.bodies[report].items() >= content.items()
    await corpus.drain(1)
    known = corpus.live[report]
    keys = await corpus.rows("SELECT key FROM report_block WHERE report_id = :r", r=report)
    expected = comparing_of(corpus.model).indexes(keys_of(marks_of(known.traits)), b"")
    assert {key for (key,) in keys} == expected
    values = await corpus.rows(
        "SELECT value_index FROM report_attribute WHERE report_id = :r AND links", r=report
    )
    assert {bytes(index) for (index,) in values} == set(known.values)
    await assert_sound(corpus)
