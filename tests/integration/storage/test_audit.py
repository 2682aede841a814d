"""The access log in PostgreSQL: written with what it tells of or not at all, by many at once, and
proof against whoever owns the database.
"""

import asyncio
import json
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from app.crypto.audit_chain import CHAINS
from app.crypto.audit_checkpoint import read_checkpoint
from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.domain.acting import OPERATOR
from app.domain.audit import CLI, SYSTEM, Action, Actor, ActorKind, By
from app.domain.errors import UnavailableError
from app.services.enrol_organisation import Enrolment, enrol_organisation
from app.services.make_checkpoint import make_checkpoint
from app.services.verify_audit import MOST_SHOWN, verify_audit
from app.storage.database import connect
from app.storage.repositories import audit
from app.storage.session import reading, writing
from tests.support.postgres import owner_of

KEYRING = Keyring(b"k" * 32)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ACTION = Action.LEAD_READ


@pytest.fixture
async def database(fresh_database):
    """A database with an empty access log."""
    opened = connect(fresh_database, connections=20, audit_key=KEYRING.audit)
    yield opened
    await opened.engine.dispose()


async def log(database, count=1, actor=SYSTEM):
    """So many transactions that enter the log, one after the other."""
    for _ in range(count):
        async with writing(database.engine, OPERATOR) as connection:
            audit.record(connection, By(actor, NOW), ACTION, [new_id()])


async def rows(database, statement="SELECT * FROM audit_entry ORDER BY chain, sequence"):
    async with reading(database.engine, OPERATOR) as connection:
        return (await connection.execute(text(statement))).all()


async def owning(dsn):
    """A connection of the owner of the tables, to whom the policies show all."""
    connection = await asyncpg.connect(owner_of(dsn))
    await connection.execute("SELECT set_config('tessera.part', 'operator', false)")
    return connection


async def as_owner(dsn, *statements):
    """What the owner of the tables can do, once the triggers are out of the way."""
    connection = await owning(dsn)
    try:
        for table in ("audit_entry", "audit_head"):
            await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            assert await connection.execute(statement) not in ("UPDATE 0", "DELETE 0", "INSERT 0 0")
        for table in ("audit_entry", "audit_head"):
            await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    finally:
        await connection.close()


async def found(database, checkpoint=()):
    """What verifying finds, as chain and sequence."""
    verified = await verify_audit(database.engine, keyring=KEYRING, checkpoint=checkpoint)
    assert verified.fault_count == len(verified.faults)
    return [(fault.chain, fault.sequence) for fault in verified.faults]


async def checkpoint_of(database):
    async with reading(database.engine, OPERATOR) as connection:
        made = await make_checkpoint(connection, keyring=KEYRING, now=NOW)
    return read_checkpoint(json.dumps(made).encode(), KEYRING.checkpoint)


@pytest.fixture
async def one_chain(database, monkeypatch):
    """A log whose first twelve entries are in chain 5."""
    monkeypatch.setattr(audit.random, "randrange", lambda _: 5)
    await log(database, 12)
    assert {(row.chain, row.sequence) for row in await rows(database)} == {
        (5, sequence) for sequence in range(1, 13)
    }
    return database


# Writing.


async def test_an_entry_says_who_did_what_to_which_things_when_and_why(database):
    own, objects = new_id(), [new_id(), new_id()]
    actor = Actor(ActorKind.CLIENT, own, "tsc_1")
    async with writing(database.engine, OPERATOR) as connection:
        audit.record(connection, By(actor, NOW), Action.REPORTS_SUBMITTED, objects)
        audit.record(connection, By(CLI, NOW), Action.CLIENT_ADDED, [own], subject="tsc_2")
    first, second = await rows(database)
    assert (first.actor, first.organisation_id, first.client_id) == ("client", own, "tsc_1")
    assert (first.action, first.object_kind, first.objects) == (
        "reports_submitted", "report", objects,
    )  # fmt: skip
    assert (first.at, first.purpose, first.subject) == (NOW, None, None)
    assert (second.actor, second.organisation_id, second.subject) == ("cli", None, "tsc_2")
    # One chain a transaction, in the order in which it was recorded.
    assert (second.chain, second.sequence) == (first.chain, first.sequence + 1)
    assert await found(database) == []


async def test_many_objects_are_told_in_several_entries(database):
    objects = [new_id() for _ in range(2 * audit.MOST_OBJECTS + 1)]
    async with writing(database.engine, OPERATOR) as connection:
        audit.record(connection, By(SYSTEM, NOW), Action.LEADS_COMBINED, objects)
    told = await rows(database)
    assert [len(row.objects) for row in told] == [audit.MOST_OBJECTS, audit.MOST_OBJECTS, 1]
    assert [each for row in told for each in row.objects] == objects


async def test_twenty_writers_at_once_leave_whole_chains(database):
    await asyncio.gather(*(log(database, 10) for _ in range(20)))
    told = await rows(database)
    assert len(told) == 200
    assert len({row.id for row in told}) == 200
    assert len({row.chain for row in told}) > 1
    assert await found(database) == []


async def test_writers_take_any_free_chain_and_wait_for_one_only_where_none_is(database):
    async with writing(database.engine, OPERATOR) as holder:
        await holder.execute(
            text("SELECT FROM audit_head WHERE chain <> 7 ORDER BY chain FOR UPDATE")
        )
        await asyncio.wait_for(log(database, 3), 20)
        assert {row.chain for row in await rows(database)} == {7}
        await holder.execute(text("SELECT FROM audit_head WHERE chain = 7 FOR UPDATE"))
        waiting = asyncio.create_task(log(database))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(waiting), 0.5)
    await asyncio.wait_for(waiting, 20)
    assert len(await rows(database)) == 4
    assert await found(database) == []


async def enrol(connection):
    enrolment = Enrolment("Invented", "ngo", "SK")
    return await enrol_organisation(
        connection, enrolment, organisation_id=new_id(), by=By(CLI, NOW)
    )


async def enrol_and_fail(database):
    async with writing(database.engine, OPERATOR) as connection:
        await enrol(connection)
        raise ZeroDivisionError


async def counts(database):
    """How many organisations there are, and how many entries."""
    [(acts, entries)] = await rows(
        database, "SELECT (SELECT count(*) FROM organisation), (SELECT count(*) FROM audit_entry)"
    )
    return acts, entries


async def test_an_act_and_its_entry_are_committed_together(database):
    async with writing(database.engine, OPERATOR) as connection:
        await enrol(connection)
    assert await counts(database) == (1, 1)


async def test_an_act_that_fails_leaves_no_entry_and_the_next_one_does_not_tell_of_it(
    fresh_database,
):
    # One connection, so that the next transaction gets the one that failed.
    database = connect(fresh_database, connections=1, audit_key=KEYRING.audit)
    with pytest.raises(ZeroDivisionError):
        await enrol_and_fail(database)
    assert await counts(database) == (0, 0)
    async with writing(database.engine, OPERATOR) as connection:
        await enrol(connection)
    assert await counts(database) == (1, 1)
    await database.engine.dispose()


async def test_an_act_whose_entry_cannot_be_written_is_not_committed(database, fresh_database):
    await as_owner(fresh_database, "ALTER TABLE audit_entry ADD CONSTRAINT none CHECK (false)")
    with pytest.raises(asyncpg.CheckViolationError):
        async with writing(database.engine, OPERATOR) as connection:
            await enrol(connection)
    assert await counts(database) == (0, 0)


async def test_an_act_without_a_key_for_its_entry_is_not_committed(fresh_database):
    database = connect(fresh_database, connections=1)
    with pytest.raises(RuntimeError, match="no key"):
        async with writing(database.engine, OPERATOR) as connection:
            await enrol(connection)
    assert await counts(database) == (0, 0)
    await database.engine.dispose()


async def test_a_backend_that_is_killed_between_entry_and_commit_leaves_neither(
    database, fresh_database, monkeypatch
):
    append = audit._append

    async def killed(connection, entries):
        await append(connection, entries)
        pid = await connection.scalar(text("SELECT pg_backend_pid()"))
        killer = await asyncpg.connect(fresh_database)
        await killer.execute("SELECT pg_terminate_backend($1)", pid)
        await killer.close()

    monkeypatch.setattr(audit, "_append", killed)
    with pytest.raises(UnavailableError):
        async with writing(database.engine, OPERATOR) as connection:
            await enrol(connection)
    monkeypatch.undo()
    assert await counts(database) == (0, 0)
    async with writing(database.engine, OPERATOR) as connection:
        await enrol(connection)
    assert await counts(database) == (1, 1)
    assert await found(database) == []


# Append-only.


@pytest.fixture(scope="module")
async def filled(module_database):
    """The address of a database with one entry, which all tests leave as it is."""
    database = connect(module_database, connections=1, audit_key=KEYRING.audit)
    await log(database)
    await database.engine.dispose()
    return module_database


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'x'",
        "UPDATE audit_entry SET action = 'x' WHERE false",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "DELETE FROM audit_head",
        "TRUNCATE audit_head",
        "UPDATE audit_head SET sequence = sequence - 1",
        "UPDATE audit_head SET hash = ''",
        "UPDATE audit_head SET chain = chain + 100, sequence = sequence + 1",
    ],
)
async def test_nothing_changes_what_is_written_not_even_for_the_owner(filled, statement):
    connection = await owning(filled)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await connection.execute(statement)
        assert await connection.fetchval("SELECT sum(sequence) FROM audit_head") == 1
    finally:
        await connection.close()


async def test_no_setting_of_a_session_leaves_the_triggers_out(filled):
    connection = await owning(filled)
    try:
        enabled = await connection.fetch(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal"
        )
    finally:
        await connection.close()
    # A: also where session_replication_role is replica.
    assert {(row["tgname"], row["tgenabled"]) for row in enabled} == {
        (name, b"A")
        for name in ("audit_entry_is_append_only", "audit_head_stays", "audit_head_goes_on")
    }


# What an owner of the database does with the triggers out of the way.

ENTRY = "audit_entry WHERE chain = 5 AND sequence"
SAID = (
    "id, at, actor, organisation_id, client_id, action, purpose, object_kind, objects, subject, "
    "key_version, hash"
)
FORGERIES = {
    "an edit": (["UPDATE audit_entry SET action = 'reports_read' WHERE sequence = 4"], [(5, 4)]),
    "an edit of what was acted on": (
        ["UPDATE audit_entry SET objects = '{}' WHERE sequence = 4"], [(5, 4)],
    ),
    "a time turned back": (
        ["UPDATE audit_entry SET at = at - interval '1 day' WHERE sequence = 12"], [(5, 12)],
    ),
    "a gap": ([f"DELETE FROM {ENTRY} = 4"], [(5, 4)]),
    "a gap that is closed again": (
        [
            f"DELETE FROM {ENTRY} = 12",
            "UPDATE audit_entry SET sequence = 12 WHERE sequence = 11",
            "UPDATE audit_entry SET sequence = 11 WHERE sequence = 10",
        ],
        [(5, 10), (5, 12), (5, 12)],
    ),
    "a beginning cut off": ([f"DELETE FROM {ENTRY} < 4"], [(5, 1)]),
    "two entries that changed places": (
        [
            "UPDATE audit_entry SET sequence = 100 WHERE sequence = 4",
            "UPDATE audit_entry SET sequence = 4 WHERE sequence = 5",
            "UPDATE audit_entry SET sequence = 5 WHERE sequence = 100",
        ],
        [(5, 4), (5, 5), (5, 6)],
    ),
    "an entry moved to another chain": (
        [
            f"DELETE FROM {ENTRY} < 12",
            "UPDATE audit_entry SET chain = 6, sequence = 1",
            "UPDATE audit_head SET sequence = 1, hash = (SELECT hash FROM audit_entry) WHERE chain = 6",
            "UPDATE audit_head SET sequence = 0, hash = decode(repeat('00', 32), 'hex') WHERE chain = 5",
        ],
        [(6, 1)],
    ),
    "a chain copied in the place of another": (
        [
            f"INSERT INTO audit_entry SELECT 9, sequence, {SAID} FROM audit_entry",
            """UPDATE audit_head AS h SET sequence = o.sequence, hash = o.hash FROM audit_head AS o
               WHERE h.chain = 9 AND o.chain = 5""",
        ],
        [(9, sequence) for sequence in range(1, 13)],
    ),
    "an entry made up": (
        [
            f"INSERT INTO audit_entry SELECT 5, 13, {SAID} FROM {ENTRY} = 3",
            f"""UPDATE audit_head SET sequence = 13, hash = (SELECT hash FROM {ENTRY} = 3)
                WHERE chain = 5""",
        ],
        [(5, 13)],
    ),
    "an entry behind the end": (
        [f"INSERT INTO audit_entry SELECT 5, 13, {SAID} FROM {ENTRY} = 3"], [(5, 12)],
    ),
    "an entry in a chain that must not be": (
        [f"INSERT INTO audit_entry SELECT 64, 1, {SAID} FROM {ENTRY} = 1"], [(64, None)],
    ),
    "a tail cut off": ([f"DELETE FROM {ENTRY} > 8"], [(5, 8)]),
    "an end set back": (
        [
            f"""UPDATE audit_head SET sequence = 8, hash = (SELECT hash FROM {ENTRY} = 8)
                WHERE chain = 5"""
        ],
        [(5, 8)],
    ),
    "an end with another hash": (["UPDATE audit_head SET hash = 'x' WHERE chain = 5"], [(5, 12)]),
    "a chain without its end": (["DELETE FROM audit_head WHERE chain = 5"], [(5, None)]),
    "an end that must not be": (["INSERT INTO audit_head VALUES (64, 0, 'x')"], [(64, None)]),
    "a number given twice": (
        [
            "ALTER TABLE audit_entry DROP CONSTRAINT pk_audit_entry",
            f"INSERT INTO audit_entry SELECT 5, 12, {SAID} FROM {ENTRY} = 3",
        ],
        [(5, 12), (5, 13)],
    ),
}  # fmt: skip


async def test_a_log_as_it_was_written_is_verified(one_chain):
    told = []
    verified = await verify_audit(
        one_chain.engine, keyring=KEYRING, progress=lambda *done: told.append(done)
    )
    assert (verified.entries, verified.fault_count, verified.faults) == (12, 0, [])
    assert told[-1] == (12, 12)


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_what_an_owner_of_the_database_forges_is_found_where_it_is(
    one_chain, fresh_database, forgery
):
    statements, where = FORGERIES[forgery]
    await as_owner(fresh_database, *statements)
    assert sorted(await found(one_chain), key=str) == sorted(where, key=str)


async def test_forgeries_are_found_also_where_the_log_is_read_in_steps(
    one_chain, fresh_database, monkeypatch
):
    monkeypatch.setattr("app.services.verify_audit._AT_A_TIME", 3)
    assert await found(one_chain) == []
    await as_owner(
        fresh_database,
        "UPDATE audit_entry SET action = 'reports_read' WHERE sequence = 4",
        "DELETE FROM audit_entry WHERE sequence = 7",
        "ALTER TABLE audit_entry DROP CONSTRAINT pk_audit_entry",
        f"INSERT INTO audit_entry SELECT 5, 10, {SAID} FROM {ENTRY} = 3",
    )
    assert {4, 7, 11} <= {sequence for _, sequence in await found(one_chain)}


async def test_of_many_faults_some_are_told_and_all_are_counted(one_chain, fresh_database):
    await log(one_chain, 2 * MOST_SHOWN)
    await as_owner(fresh_database, "UPDATE audit_entry SET at = at + interval '1 second'")
    verified = await verify_audit(one_chain.engine, keyring=KEYRING)
    assert (verified.fault_count, len(verified.faults)) == (12 + 2 * MOST_SHOWN, MOST_SHOWN)


CUT = [
    f"DELETE FROM {ENTRY} > 8",
    f"UPDATE audit_head SET sequence = 8, hash = (SELECT hash FROM {ENTRY} = 8) WHERE chain = 5",
]
EMPTIED = [
    f"DELETE FROM {ENTRY} > 0",
    "UPDATE audit_head SET sequence = 0, hash = decode(repeat('00', 32), 'hex') WHERE chain = 5",
]


@pytest.mark.parametrize(("cut", "last"), [(CUT, 8), (EMPTIED, 0)])
async def test_a_tail_cut_off_together_with_its_end_is_found_by_a_checkpoint(
    one_chain, fresh_database, cut, last
):
    checkpoint = await checkpoint_of(one_chain)
    await as_owner(fresh_database, *cut)
    assert await found(one_chain) == []
    assert await found(one_chain, checkpoint) == [(5, last)]


async def test_a_tail_cut_off_and_grown_again_is_found_by_a_checkpoint(one_chain, fresh_database):
    checkpoint = await checkpoint_of(one_chain)
    await as_owner(fresh_database, *CUT)
    await log(one_chain, 9)
    assert await found(one_chain) == []
    assert await found(one_chain, checkpoint) == [(5, 12)]


async def test_a_log_that_has_grown_fits_all_its_checkpoints(one_chain, monkeypatch):
    first = await checkpoint_of(one_chain)
    monkeypatch.undo()
    await log(one_chain, 30)
    second = await checkpoint_of(one_chain)
    await log(one_chain, 30)
    assert len(first) == CHAINS
    assert await found(one_chain, first) == []
    assert await found(one_chain, second) == []


async def test_a_log_of_another_installation_does_not_fit(one_chain):
    verified = await verify_audit(one_chain.engine, keyring=Keyring(b"o" * 32))
    assert verified.fault_count == 12


async def test_writers_go_on_while_the_log_is_verified(database):
    await log(database, 5)
    writers = [asyncio.create_task(log(database, 20)) for _ in range(4)]
    while not all(writer.done() for writer in writers):
        assert await found(database) == []
    await asyncio.gather(*writers)
    assert len(await rows(database)) == 85
    assert isinstance((await rows(database))[0].id, UUID)
