"""A scratch database is there for its block and gone after it, whoever is still in it."""

import asyncio
from contextlib import asynccontextmanager

import asyncpg
import pytest

from app.domain.errors import UnavailableError
from app.storage import scratch
from app.storage.embedded import ROLE, SERVER_SETTINGS, in_database, running
from app.storage.scratch import NoDatabaseError, scratch_database

NAME = "scratch_of_a_test"
SLOW_TO_VACUUM = """
    CREATE TABLE slow (n int) WITH (autovacuum_vacuum_cost_delay = 100,
      autovacuum_vacuum_cost_limit = 1, autovacuum_vacuum_threshold = 0,
      autovacuum_vacuum_scale_factor = 0);
    INSERT INTO slow SELECT generate_series(1, 200000);
    DELETE FROM slow;
"""


class BlockError(Exception):
    """What a block raises."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of this file alone, which vacuums often: the address with a role that may make
    databases and is no superuser, as the service's is.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(SERVER_SETTINGS, "autovacuum_naptime", "1s")
        with running(tmp_path_factory.mktemp("scratch") / "var") as dsn:
            yield dsn


@pytest.fixture
def statements(monkeypatch):
    """Every statement with which a database is made or dropped, and how it ended."""
    told, run = [], scratch._run

    async def remembered(engine, statement):
        try:
            await run(engine, statement)
        except Exception as error:
            told.append((statement, type(error)))
            raise
        told.append((statement, None))

    monkeypatch.setattr(scratch, "_run", remembered)
    return told


def of_superuser(dsn):
    """The same address with a role whose sessions the service's may not end."""
    return dsn.replace(f"//{ROLE}@", "//postgres@")


@asynccontextmanager
async def session(dsn):
    """Be connected while the block runs."""
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        connection.terminate()


async def exists(server, name=NAME):
    async with session(in_database(server, "postgres")) as connection:
        return await connection.fetchval(
            "SELECT count(*) FROM pg_database WHERE datname = $1", name
        )


async def has_autovacuum(connection):
    """Wait until an autovacuum worker is in the database of the connection."""
    busy = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND backend_type = 'autovacuum worker'"
    )
    for _ in range(400):
        if await connection.fetchval(busy):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("none came")


async def test_the_database_is_new_and_empty_within_the_block_and_gone_after_it(server):
    async with scratch_database(server, NAME) as dsn:
        assert dsn != server
        async with session(dsn) as connection:
            assert await connection.fetchval("SELECT current_database()") == NAME
            tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            assert await connection.fetchval(tables) == 0
    assert not await exists(server)


async def raise_within(server):
    async with scratch_database(server, NAME):
        assert await exists(server)
        raise BlockError


async def test_a_block_that_raises_leaves_no_database_either(server):
    with pytest.raises(BlockError):
        await raise_within(server)
    assert not await exists(server)


async def test_sessions_of_our_own_that_are_left_in_it_are_ended(server, statements):
    async with scratch_database(server, NAME) as dsn:
        left = await asyncpg.connect(dsn)
    assert statements[1:] == [(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)", None)]
    assert left.is_closed()
    assert not await exists(server)


async def test_it_is_dropped_although_an_autovacuum_worker_is_in_it(server, statements):
    async with scratch_database(server, NAME) as dsn, session(of_superuser(dsn)) as connection:
        await connection.execute(SLOW_TO_VACUUM)
        await has_autovacuum(connection)
    assert not await exists(server)
    assert [error for _, error in statements[1:]] == [NoDatabaseError, None]


async def test_dropping_it_is_tried_again_until_one_whom_we_may_not_end_has_left(
    server, statements, monkeypatch
):
    monkeypatch.setattr(scratch, "_TRIES", (" WITH (FORCE)",) * 20)
    monkeypatch.setattr(scratch, "_PAUSE_SECONDS", 0.1)
    async with scratch_database(server, NAME) as dsn:
        other = await asyncpg.connect(of_superuser(dsn))
        asyncio.get_running_loop().call_later(0.5, other.terminate)
    *refused, last = [error for _, error in statements[1:]]
    assert len(refused) >= 2
    assert set(refused) == {NoDatabaseError}
    assert last is None
    assert not await exists(server)


async def test_one_that_cannot_be_dropped_is_told_and_not_waited_for_without_end(
    server, statements, monkeypatch
):
    monkeypatch.setattr(scratch, "_TRIES", (" WITH (FORCE)",) * 3)
    monkeypatch.setattr(scratch, "_PAUSE_SECONDS", 0.05)
    with pytest.raises(UnavailableError):
        async with scratch_database(server, NAME) as dsn:
            other = await asyncpg.connect(of_superuser(dsn))
    assert [error for _, error in statements[1:]] == [NoDatabaseError] * 3
    assert await exists(server)
    other.terminate()
    async with session(of_superuser(in_database(server, "postgres"))) as connection:
        await connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


async def test_a_role_that_may_make_no_database_is_told_so(server):
    async with session(of_superuser(server)) as connection:
        await connection.execute("CREATE ROLE modest LOGIN")
    with pytest.raises(NoDatabaseError):
        async with scratch_database(server.replace(f"//{ROLE}@", "//modest@"), NAME):
            pass


async def test_a_server_that_is_away_is_told(tmp_path):
    with pytest.raises(UnavailableError):
        async with scratch_database(f"postgresql://{ROLE}@/{ROLE}?host={tmp_path}", NAME):
            pass


@pytest.mark.parametrize("name", ["", "Upper", "a b", 'a"b', "a;b", "é"])
async def test_a_name_that_would_need_quotes_is_refused(server, name):
    with pytest.raises(ValueError, match="not the name"):
        async with scratch_database(server, name):
            pass


async def test_the_database_beside_it_is_left_alone(server):
    async with session(in_database(server, ROLE)) as beside:
        async with scratch_database(server, NAME):
            pass
        assert await beside.fetchval("SELECT 1") == 1
