"""What every command needs: settings, a database that answers, keys. Failures are one line."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import uvloop

from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.domain.errors import DomainError, UnavailableError
from app.services.check_root_key import WrongRootKeyError, check_root_key
from app.settings import Settings, SettingsError, load_settings
from app.storage.database import Database, connect, serving
from app.storage.embedded import EmbeddedPostgresError
from app.storage.migrating import MigrationError, SchemaState, schema_state, upgrade
from app.storage.session import writing

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Opened:
    """An open installation."""

    settings: Settings
    dsn: str
    database: Database
    keyring: Keyring
    sealer: Sealer


def refuse(message: str, code: int = 2) -> NoReturn:
    """End the command with one line on stderr."""
    print(f"tessera: {message}", file=sys.stderr)
    raise SystemExit(code)


def leave_orderly_on_sigterm(code: int) -> None:
    """Let SIGTERM end the command as an exit does, so that what it opened is closed: by default
    it would end at once, and leave the embedded database running behind it.
    """

    def leave(*_: object) -> NoReturn:
        raise SystemExit(code)

    signal.signal(signal.SIGTERM, leave)


@contextmanager
def readable_failures() -> Iterator[None]:
    """Turn what may go wrong outside the program into one line and a code."""
    try:
        yield
    except (SettingsError, EmbeddedPostgresError) as error:
        refuse(str(error))
    except MigrationError as error:
        refuse(str(error), 4)
    except WrongRootKeyError:
        refuse("TESSERA_SECRET_KEY is not the one of this database")
    except UnavailableError:
        refuse("the database cannot be reached or refuses the login (TESSERA_DATABASE_URL)", 3)
    except DomainError as error:
        faults = "; ".join(f"{fault.pointer} {fault.detail}" for fault in error.faults)
        refuse(": ".join(part for part in (error.title, error.detail, faults) if part))


def settings_or_exit() -> Settings:
    """The settings, or the end of the command."""
    with readable_failures():
        return load_settings()


def run(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Run a command's work to its end."""
    with readable_failures(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


@asynccontextmanager
async def opened(
    *,
    migrated: bool = True,
    patient: bool = False,
    kept: bool = False,
    settings: Settings | None = None,
) -> AsyncIterator[Opened]:
    """Open the installation; the embedded database is started and brought up to date.
    `patient`: statements may take as long as they need. `kept`: an embedded database that dies is
    started again.

    Raises UnavailableError; ends the command where the server is too old, or (with `migrated`)
    where an own server's schema is not that of this code.
    """
    settings = settings or load_settings()
    keyring = Keyring(settings.root_key())
    sealer = Sealer(keyring)
    dsn = settings.database_url.get_secret_value() if settings.database_url else None
    with serving(dsn, settings.home, is_kept=kept) as address:
        database = connect(
            address,
            connections=4,
            statement_seconds=None if patient else 60,
            audit_key=keyring.audit,
        )
        try:
            if migrated:
                await prepare(database, sealer, migrate=settings.is_embedded)
            yield Opened(settings, address, database, keyring, sealer)
        finally:
            await database.engine.dispose()


async def prepare(database: Database, sealer: Sealer, *, migrate: bool) -> None:
    """See that server, schema and root key are what this code needs; migrate if allowed to."""
    await _ensure_schema(database, migrate=migrate)
    async with writing(database.engine) as connection:
        await check_root_key(connection, sealer)


async def _ensure_schema(database: Database, *, migrate: bool) -> None:
    state = await schema_state(database.engine)
    ensure_supported(state)
    if state.is_usable:
        return
    if not migrate:
        found = state.current or "empty"
        refuse(f"the schema is {found}, not {state.expected}: run `tessera db upgrade`", 4)
    await upgrade(database.engine)


def ensure_supported(state: SchemaState) -> None:
    """End the command where the server is older than the schema is tested with."""
    if not state.is_supported:
        refuse(f"the PostgreSQL server is too old ({state.server_version}); 15 or newer is needed")
