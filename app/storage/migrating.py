"""Bringing the schema to the version that this code expects, and telling how far it is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

import migrations
from app.storage.engine import LEAST_SERVER_VERSION
from app.storage.session import reading


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
    """How far the schema of this database is."""
    expected = ScriptDirectory.from_config(alembic_config()).get_current_head()
    async with reading(engine) as connection:
        version = await connection.scalar(text("SHOW server_version_num"))
        current = await connection.run_sync(_current)
    return SchemaState(current, expected or "", int(version or 0))


async def upgrade(engine: AsyncEngine, *, revision: str = "head") -> None:
    """Run all migrations up to `revision`; safe to call from several processes at once."""
    async with engine.connect() as connection:
        await connection.run_sync(_run, command.upgrade, revision)


async def downgrade(engine: AsyncEngine, *, revision: str) -> None:
    """Take migrations back down to `revision`."""
    async with engine.connect() as connection:
        await connection.run_sync(_run, command.downgrade, revision)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _run(connection: Connection, action: Callable[[Config, str], None], revision: str) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    action(config, revision)
