"""Bringing the schema to the version that this code expects, and telling how far it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

import migrations
from app.domain.acting import MONITOR
from app.storage.engine import LEAST_SERVER_VERSION
from app.storage.session import connected, reading

_REFUSALS = {
    "42501": "the role lacks a right: `tessera db upgrade` is for the owner of the tables, "
    "who must be allowed CREATE on the schema (GRANT CREATE ON SCHEMA public)",
    # The engine sets what every server since PostgreSQL 14 knows.
    "42704": "the PostgreSQL server is too old; 15 or newer is needed",
    "55P03": "a table is in use and could not be locked: try again",
    "57014": "the database did not finish in time: try again",
    "40P01": "another program held what was needed: try again",
}
"""SQLSTATE to what the person who migrates should know (PostgreSQL, appendix A)."""


class MigrationError(Exception):
    """The schema cannot be read or changed; the message is one line and says why."""


@dataclass(frozen=True, slots=True)
class SchemaState:
    """The revision in the database (None: empty), the one of the code, the server's version."""

    current: str | None
    expected: str
    server_version: int

    @property
    def is_current(self) -> bool:
        return self.current == self.expected

    @property
    def is_usable(self) -> bool:
        """Whether this code can work on it. A schema newer than the code is made for both
        (migrations first expand), so that an upgrade needs no pause. Revisions are times.
        """
        return self.current is not None and self.current >= self.expected

    @property
    def is_supported(self) -> bool:
        return self.server_version >= LEAST_SERVER_VERSION


def alembic_config() -> Config:
    """Alembic's configuration, independent of the current folder."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return config


async def schema_state(engine: AsyncEngine) -> SchemaState:
    """How far the schema of this database is.

    Raises UnavailableError, and MigrationError where the role may not look.
    """
    expected = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with _explained():
        async with reading(engine, MONITOR) as connection:
            version = await connection.scalar(text("SHOW server_version_num"))
            current = await connection.run_sync(_current)
    return SchemaState(current, expected or "", int(version or 0))


async def upgrade(engine: AsyncEngine, *, revision: str = "head") -> None:
    """Run all migrations up to `revision`; safe to call from several processes at once.

    Raises UnavailableError, and MigrationError where the database refuses.
    """
    with _explained():
        async with connected(engine) as connection:
            await connection.run_sync(_run, command.upgrade, revision)


async def downgrade(engine: AsyncEngine, *, revision: str) -> None:
    """Take migrations back down to `revision`. Raises as `upgrade` does."""
    with _explained():
        async with connected(engine) as connection:
            await connection.run_sync(_run, command.downgrade, revision)


@contextmanager
def _explained() -> Iterator[None]:
    """Say in one line what a person can do about; anything else is a fault of ours and passes."""
    try:
        yield
    except CommandError as error:
        message = "the schema is at a revision that this version does not know"
        raise MigrationError(message) from error
    except DBAPIError as error:
        line = _REFUSALS.get(getattr(error.orig, "sqlstate", None) or "")
        if line is None:
            raise
        raise MigrationError(line) from error


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _run(connection: Connection, action: Callable[[Config, str], None], revision: str) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    action(config, revision)
