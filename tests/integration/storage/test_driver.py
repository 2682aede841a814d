"""What goes to the driver directly says, like everything else, when the server is away."""

import asyncio

import pytest
from asyncpg.exceptions import UndefinedTableError
from sqlalchemy import text

from app.domain.acting import OPERATOR
from app.domain.errors import UnavailableError
from app.storage.copying import copy_rows
from app.storage.database import connect
from app.storage.fetching import fetch
from app.storage.session import reading, writing
from app.storage.tables.reports import idempotency_key

_END = "SELECT pg_terminate_backend(:pid)"


@pytest.fixture
async def engine(module_database):
    database = connect(module_database, connections=2, statement_seconds=None)
    yield database.engine
    await database.engine.dispose()


async def end(engine, pid):
    async with writing(engine, OPERATOR) as other:
        await other.execute(text(_END), {"pid": pid})
    await asyncio.sleep(0.1)


async def read(connection):
    await fetch(connection, "SELECT 1")


async def copy(connection):
    await copy_rows(connection, idempotency_key, ("key",), [("a",)])


async def lose(engine, use, begin):
    """Use a connection that the server has ended."""
    async with begin(engine, OPERATOR) as connection:
        await end(engine, await connection.scalar(text("SELECT pg_backend_pid()")))
        await use(connection)


@pytest.mark.parametrize(("use", "begin"), [(read, reading), (read, writing), (copy, writing)])
async def test_a_connection_that_the_server_ended_is_a_server_that_is_away(engine, use, begin):
    with pytest.raises(UnavailableError):
        await lose(engine, use, begin)


async def ask_for_nothing(engine):
    async with writing(engine, OPERATOR) as connection:
        await fetch(connection, "SELECT * FROM nowhere")


async def test_a_statement_that_is_wrong_is_not_a_server_that_is_away(engine):
    with pytest.raises(UndefinedTableError):
        await ask_for_nothing(engine)
