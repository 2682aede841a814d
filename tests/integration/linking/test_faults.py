"""Linkers that are killed or cut off, a database that is killed, and reports that cannot be linked:
nobody else suffers, and nothing is lost.
"""

import asyncio

import pytest
from sqlalchemy import text

from app.domain.acting import OPERATOR
from app.domain.errors import UnavailableError
from app.services.check_invariants import check_invariants
from app.storage.database import connect
from app.storage.embedded import ROLE
from app.storage.invariants import INVARIANTS
from app.storage.session import reading, writing
from tests.integration.linking.corpus import Corpus, links
from tests.integration.linking.prepared import KEYRING
from tests.integration.linking.running import linkers, until, until_drained

MAIL, PHONE = links("email", "e0"), links("phone", "p0")
AT_ONCE = 1.0
LINKERS = """
    SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
WAITING = "SELECT pid FROM pg_locks WHERE NOT granted"


async def says(process, line):
    """Wait until a process says so."""
    async with asyncio.timeout(20):
        assert await asyncio.to_thread(process.stdout.readline) == f"{line}\n"


@pytest.fixture
async def failing(corpus):
    """Have every attempt to place a report fail, until it is told to stop."""

    async def fail(report_id):
        await corpus.define(
            f"""
            CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF NEW.report_id = '{report_id}' THEN RAISE 'this report cannot be placed'; END IF;
              RETURN NEW; END $$
            """,
            "CREATE TRIGGER fail BEFORE INSERT ON lead_membership FOR EACH ROW EXECUTE FUNCTION fail()",
        )

    async def stop():
        await corpus.define("DROP TRIGGER IF EXISTS fail ON lead_membership")

    yield fail, stop
    await stop()


async def test_a_linker_killed_in_the_middle_of_a_batch_leaves_it_whole_to_the_next(
    corpus, start_linker
):
    await corpus.submit([MAIL], [MAIL], [])
    process = start_linker("stall")
    await says(process, "in the middle")
    assert await corpus.link() is None
    assert await corpus.value("SELECT count(*) FROM lead_membership") == 0
    process.kill()

    async def taken_over():
        return await corpus.link() is not None

    assert await until(taken_over) < AT_ONCE
    await corpus.drain()
    await corpus.check()
    assert await corpus.value("SELECT count(*) FROM lead_event") == 2


async def test_a_linker_killed_while_it_waits_for_a_row_is_followed_once_the_row_is_free(
    corpus, start_linker
):
    await corpus.submit([MAIL], [])
    await corpus.drain()
    async with writing(corpus.engine, OPERATOR) as connection:
        await connection.execute(text("SELECT 1 FROM lead FOR UPDATE"))
        await corpus.submit([MAIL], [])
        process = start_linker()

        async def waiting():
            return await corpus.value("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0

        await until(waiting)
        process.kill()
        process.wait()

    async def taken_over():
        return await corpus.link() is not None

    assert await until(taken_over) < AT_ONCE
    await corpus.drain()
    await corpus.check()
    assert await corpus.value("SELECT count(*) FROM lead_event WHERE kind = 'grew'") == 1


async def test_a_linker_whose_connection_is_cut_is_followed_at_once_and_goes_on_itself(
    corpus, module_database
):
    await corpus.submit([MAIL], [])
    await corpus.drain()
    async with linkers(module_database, corpus.model):
        async with writing(corpus.engine, OPERATOR) as connection:
            await connection.execute(text("SELECT 1 FROM lead FOR UPDATE"))
            await corpus.submit([MAIL], [])

            async def at_work():
                return await corpus.rows(f"{LINKERS} AND pid IN ({WAITING})")

            await until(at_work)
            await corpus.rows(f"SELECT pg_terminate_backend(pid) FROM ({LINKERS}) AS l")

            async def free():
                return not await corpus.rows(LINKERS)

            assert await until(free) < AT_ONCE
        await corpus.drain()
        await corpus.check()
        await corpus.submit([MAIL])
        await until_drained(corpus)
    await corpus.check()


async def test_an_aborted_batch_changes_nothing(corpus):
    await corpus.submit([MAIL], [])
    await corpus.drain()
    before = await corpus.rows("SELECT * FROM lead ORDER BY id")
    await corpus.submit([MAIL])
    await corpus.define(
        """
        CREATE OR REPLACE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$
        """,
        "CREATE TRIGGER cut BEFORE INSERT ON lead_event FOR EACH ROW EXECUTE FUNCTION cut()",
    )
    try:
        with pytest.raises(UnavailableError):
            await corpus.link()
        assert await corpus.rows("SELECT * FROM lead ORDER BY id") == before
        assert await corpus.value("SELECT count(*) FROM link_queue") == 1
    finally:
        await corpus.define("DROP TRIGGER cut ON lead_event")
    await corpus.drain()
    await corpus.check()


async def test_a_report_that_cannot_be_placed_holds_up_nobody_and_is_linked_when_it_can(
    corpus, failing, module_database
):
    fail, stop = failing
    reports = [corpus.prepare([MAIL] if n < 4 else [], n) for n in range(20)]
    poison = reports[2].id
    await fail(poison)
    await corpus.submit(*reports)
    async with linkers(module_database, corpus.model):

        async def others_are_linked():
            return await corpus.value("SELECT count(*) FROM lead_membership") == 19

        await until(others_are_linked)
        [later] = await corpus.submit([])

        async def later_is_linked():
            return await corpus.rows("SELECT 1 FROM lead_membership WHERE report_id = :r", r=later)

        await until(later_is_linked)
        assert await corpus.rows("SELECT report_id FROM link_queue") == [(poison,)]
        await stop()
        await until_drained(corpus)
    await corpus.check()
    assert len({await corpus.lead_of(r.id) for r in reports[:4]}) == 1


async def test_a_postponed_report_keeps_its_time_of_arrival(corpus, failing, module_database):
    fail, stop = failing
    reports = [corpus.prepare([], n) for n in range(3)]
    await fail(reports[0].id)
    await corpus.submit(*reports)
    arrived = await corpus.value("SELECT min(enqueued_at) FROM link_queue")
    async with linkers(module_database, corpus.model):

        async def alone():
            return await corpus.rows("SELECT enqueued_at FROM link_queue") == [(arrived,)]

        await until(alone)
        await stop()
        await until_drained(corpus)
    await corpus.check()


MERGE_STOPS = {
    "before a report has moved": (
        "LOCK TABLE lead_membership_past IN SHARE MODE",
        {"link_queue", "link", "report_block"},
    ),
    "at a report that is to move": (
        "SELECT 1 FROM lead_membership ORDER BY lead_id DESC LIMIT 1 FOR UPDATE",
        {"link_queue", "link", "report_block", "lead_membership_past", "lead_membership"},
    ),
    "with all written but the history": (
        "LOCK TABLE lead_event IN SHARE MODE",
        {"link_queue", "link", "report_block", "lead_membership_past", "lead_membership", "lead"},
    ),
}
"""Locks that stop a merge, and the tables that it has written by then."""
WRITTEN_BY_WHO_WAITS = """
    SELECT DISTINCT relation ::regclass ::text FROM pg_locks
    WHERE granted AND mode = 'RowExclusiveLock' AND relation IS NOT NULL
      AND pid IN (SELECT pid FROM pg_locks WHERE NOT granted)
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


async def everything_in(corpus):
    """Every row of every table, as text."""
    return {
        table: sorted(row for (row,) in await corpus.rows(f"SELECT t ::text FROM {table} AS t"))
        for (table,) in await corpus.rows(TABLES)
    }


async def broken_invariants(corpus):
    """What `tessera check` finds, work that waits left aside."""
    async with reading(corpus.engine, OPERATOR) as connection:
        checked = await check_invariants(connection, model=corpus.model, waiting_seconds=3600)
    assert len(checked) == len(INVARIANTS)
    return {each.invariant.name: each.found.ids for each in checked if each.found.count}


@pytest.fixture
async def killable(killable_server):
    """The server that may be killed, with an empty network on it that always gets in."""
    await killable_server.execute(f"ALTER ROLE {ROLE} LOGIN")
    database = connect(killable_server.watching, audit_key=KEYRING.audit)
    corpus = Corpus(database)
    await corpus.enrol()
    await corpus.clear()
    yield killable_server, corpus
    await database.engine.dispose()


@pytest.mark.parametrize("stop", MERGE_STOPS)
async def test_a_database_killed_in_the_middle_of_a_merge_has_the_old_leads_and_then_the_new(
    killable, stop
):
    server, corpus = killable
    lock, written = MERGE_STOPS[stop]
    first, second = await corpus.submit([MAIL], [MAIL]), await corpus.submit([PHONE], [PHONE])
    await corpus.drain()
    old = frozenset({frozenset(first), frozenset(second)})
    assert await corpus.partition() == old
    async with linkers(server.dsn, corpus.model):
        async with server.holding(lock):
            [bridge] = await corpus.submit([MAIL, PHONE])
            before = await everything_in(corpus)

            async def is_in_the_middle():
                return await corpus.rows(WAITING)

            await until(is_in_the_middle)
            assert await everything_in(corpus) == before
            assert {table for (table,) in await corpus.rows(WRITTEN_BY_WHO_WAITS)} >= written
            # Half of the merge is to be on the disk; the linker stays out until we have looked.
            await server.execute("CHECKPOINT")
            await server.execute(f"ALTER ROLE {ROLE} NOLOGIN")
            assert server.kill() > 3
        await corpus.engine.dispose()
        await asyncio.to_thread(server.start)
        assert await everything_in(corpus) == before
        assert await corpus.partition() == old
        assert await broken_invariants(corpus) == {}
        await server.execute(f"ALTER ROLE {ROLE} LOGIN")
        await until_drained(corpus)
    assert await corpus.partition() == {frozenset({*first, *second, bridge})}
    assert await broken_invariants(corpus) == {}
    told = await corpus.rows("SELECT lead_id, other_leads FROM lead_event WHERE kind = 'merged'")
    [[gone, heir]] = await corpus.rows(
        "SELECT id, merged_into FROM lead WHERE merged_into IS NOT NULL"
    )
    assert sorted(told) == sorted([(gone, [heir]), (heir, [gone])])
    await corpus.check()
    await corpus.check_relinking()
