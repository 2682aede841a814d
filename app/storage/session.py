"""Transactions: the only module in `app/` that begins, commits or rolls back.

`reading` is read only by order of PostgreSQL; `writing` commits when its block ends well.
The two give connections of different types, so that a write through a read connection is
refused by mypy before PostgreSQL refuses it. A database that is away is an UnavailableError,
whatever the driver called it.

Every transaction begins by telling PostgreSQL who acts in it: row-level security shows it the
rows of that actor and no others, and none to a transaction that did not say.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, NewType, TypeAlias, TypeVar

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.domain.acting import Acting
from app.domain.errors import TooSlowError, UnavailableError

ReadConnection = NewType("ReadConnection", AsyncConnection)
WriteConnection = NewType("WriteConnection", ReadConnection)

_AWAY_CLASSES = ("08", "28", "3D", "53", "57P")
"""SQLSTATE classes: connection exception, login refused, no such database, insufficient resources,
operator intervention."""

_ONE_STATE = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""Said with the BEGIN: takes no round trip of its own."""

_ACT_AS = text(
    """
    SELECT set_config('tessera.part', :part, true),
      set_config('tessera.organisations', :organisations, true),
      set_config('tessera.country', :country, true),
      set_config('tessera.agency', :agency, true)
    """
)
_ACTOR = "actor"
_Item = TypeVar("_Item")
_Last: TypeAlias = Callable[["WriteConnection", Sequence[Any]], Awaitable[None]]
_LAST = "done_last"


@asynccontextmanager
async def reading(engine: AsyncEngine, actor: Acting) -> AsyncIterator[ReadConnection]:
    """Run the block in one read-only transaction of `actor` that sees one state of the data."""
    with _availability():
        async with engine.connect() as connection:
            reader = await connection.execution_options(**_ONE_STATE)
            await _act_as(reader, actor)
            with _timeliness():
                yield ReadConnection(reader)


@asynccontextmanager
async def writing(engine: AsyncEngine, actor: Acting) -> AsyncIterator[WriteConnection]:
    """Run the block in one transaction of `actor`: commit when it ends well, roll back on any
    error.
    """
    with _availability():
        async with engine.begin() as connection:
            await _act_as(connection, actor)
            last: dict[_Last, list[Any]] = {}
            connection.info[_LAST] = last
            with _timeliness():
                own = WriteConnection(ReadConnection(connection))
                yield own
                for work, gathered in last.items():
                    await work(own, gathered)


def do_last(
    connection: WriteConnection,
    work: Callable[[WriteConnection, Sequence[_Item]], Awaitable[None]],
    items: Sequence[_Item],
) -> None:
    """Have `work` done once, right before the commit, with all that was gathered for it by then.
    What takes a lock that others wait for holds it for no longer than that. Where the block of
    `writing` fails, nothing is done; where `work` fails, nothing is committed.
    """
    connection.info[_LAST].setdefault(work, []).extend(items)


@asynccontextmanager
async def acting(connection: ReadConnection, actor: Acting) -> AsyncIterator[None]:
    """Run the block in the name of another actor, inside the transaction at hand. For what a
    part of Tessera does on behalf of a caller who may not do it: keep the block that small.
    """
    before: Acting = connection.info[_ACTOR]
    await _act_as(connection, actor)
    try:
        yield
    except Exception:
        # After an error of its own PostgreSQL takes no more statements in this transaction.
        with suppress(DBAPIError):
            await _act_as(connection, before)
        raise
    await _act_as(connection, before)


async def _act_as(connection: AsyncConnection, actor: Acting) -> None:
    told = {
        "part": actor.part or "",
        "organisations": " ".join(map(str, actor.organisations)),
        "country": actor.country,
        "agency": "yes" if actor.agency else "",
    }
    await connection.execute(_ACT_AS, told)
    connection.info[_ACTOR] = actor


@asynccontextmanager
async def connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection for work that opens its transactions itself, as migrations do."""
    with _availability():
        async with engine.connect() as connection:
            yield connection


@contextmanager
def _timeliness() -> Iterator[None]:
    """Tell a statement that took too long from a server that is not there."""
    try:
        yield
    except TimeoutError as error:
        raise TooSlowError from error


@contextmanager
def _availability() -> Iterator[None]:
    try:
        yield
    except (OSError, TimeoutError, PoolTimeoutError) as error:
        raise UnavailableError from error
    except asyncpg.InterfaceError as error:
        raise UnavailableError from error
    except asyncpg.PostgresError as error:
        # From what goes straight through the driver.
        if (error.sqlstate or "").startswith(_AWAY_CLASSES):
            raise UnavailableError from error
        raise
    except DBAPIError as error:
        if is_away(error):
            raise UnavailableError from error
        raise


def is_away(error: DBAPIError) -> bool:
    """Whether the error says that the server is away rather than that the statement is wrong."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return (
        error.connection_invalidated
        or isinstance(error, InterfaceError)
        or state.startswith(_AWAY_CLASSES)
    )
