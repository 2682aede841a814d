"""A database for one purpose, on a server that is there: made for a block, dropped after it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.domain.errors import UnavailableError
from app.storage.database import connect
from app.storage.session import is_away

_NAME_TAKES = "abcdefghijklmnopqrstuvwxyz0123456789_"
_INSUFFICIENT_PRIVILEGE = "42501"
_IN_USE = "55006"
_TRIES = (" WITH (FORCE)", "") * 20
_PAUSE_SECONDS = 0.25


class NoDatabaseError(Exception):
    """The role may not create databases on this server."""


@asynccontextmanager
async def scratch_database(dsn: str, name: str) -> AsyncIterator[str]:
    """The address of a new, empty database beside that of `dsn`. It is dropped when the block
    ends, whatever ends it, with the sessions that are left in it.

    Raises NoDatabaseError, UnavailableError; ValueError for a name that is not of lower-case
    ASCII letters, digits and underscores.
    """
    if not name or set(name) - set(_NAME_TAKES):
        raise ValueError("not the name of a scratch database")
    database = connect(dsn, connections=1, statement_seconds=None)
    try:
        await _run(database.engine, f"CREATE DATABASE {name}")
        try:
            yield make_url(dsn).set(database=name).render_as_string(hide_password=False)
        finally:
            await _drop(database.engine, name)
    finally:
        await database.engine.dispose()


async def _drop(engine: AsyncEngine, name: str) -> None:
    """Drop a database and end the sessions in it. An autovacuum worker may be among them, which
    belongs to no role that one may end (42501); a plain DROP sends it away itself, and fails for
    as long as anybody else is there (55006).
    """
    for force in _TRIES:
        try:
            await _run(engine, f"DROP DATABASE IF EXISTS {name}{force}")
        except (NoDatabaseError, _InUseError):
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            return
    raise UnavailableError


class _InUseError(Exception):
    """Somebody is in the database."""


async def _run(engine: AsyncEngine, statement: str) -> None:
    """Run a statement that no transaction may hold."""
    try:
        async with engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await alone.execute(text(statement))
    except OSError as error:
        raise UnavailableError from error
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state == _INSUFFICIENT_PRIVILEGE:
            raise NoDatabaseError from None
        if state == _IN_USE:
            raise _InUseError from None
        if isinstance(error, OperationalError) or is_away(error):
            raise UnavailableError from error
        raise
