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
from app.domain.acting import ACCESS
from app.domain.errors import DomainError, UnavailableError
from app.services.check_root_key import WrongRootKeyError, check_root_key
from app.settings import Settings, SettingsError, load_settings
from app.storage.database import Addresses, Database, connect, serving
from app.storage.embedded import EmbeddedPostgresError
from app.storage.granting import grant_service, role_of, standing
from app.storage.migrating import MigrationError, SchemaState, schema_state, upgrade
from app.storage.session import writing

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Opened:
    """An open installation."""

    settings: Settings
    addresses: Addresses
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
    with serving(addresses_of(settings), settings.home, is_kept=kept) as addresses:
        database = connect(
            addresses.service,
            connections=4,
            statement_seconds=None if patient else 60,
            audit_key=keyring.audit,
        )
        try:
            if migrated:
                await prepare(database, addresses, sealer, migrate=settings.is_embedded)
            yield Opened(settings, addresses, database, keyring, sealer)
        finally:
            await database.engine.dispose()


def addresses_of(settings: Settings) -> Addresses | None:
    """The addresses of a server of one's own; None for the embedded one."""
    if settings.database_url is None:
        return None
    service = settings.database_url.get_secret_value()
    owner = settings.owner_database_url
    return Addresses(service, owner.get_secret_value() if owner else service)


async def prepare(
    database: Database, addresses: Addresses, sealer: Sealer, *, migrate: bool
) -> None:
    """See that server, schema, role and root key are what this code needs; migrate if allowed."""
    await _ensure_schema(database, addresses, migrate=migrate)
    await _ensure_fence(database)
    async with writing(database.engine, ACCESS) as connection:
        await check_root_key(connection, sealer)


async def upgrade_as_owner(addresses: Addresses) -> None:
    """Run the migrations that are missing, and give the service's role its rights, without which
    it may not even connect. Ends the command where the server is too old.
    """
    owner = connect(addresses.owner, connections=2)
    try:
        ensure_supported(await schema_state(owner.engine))
        await upgrade(owner.engine)
        role = role_of(addresses.service)
        if role is not None and role != role_of(addresses.owner):
            await grant_service(owner.engine, role)
    finally:
        await owner.engine.dispose()


async def _ensure_fence(database: Database) -> None:
    """End the command where row-level security would not hold the service."""
    found = await standing(database.engine)
    if found.bypasses:
        refuse(
            f"the role {found.role} of TESSERA_DATABASE_URL is a superuser or has BYPASSRLS, so "
            "that row-level security does not hold it: give the service a role of its own"
        )


async def _ensure_schema(database: Database, addresses: Addresses, *, migrate: bool) -> None:
    state = await schema_state(database.engine)
    ensure_supported(state)
    if state.is_usable:
        return
    if not migrate:
        found = state.current or "empty"
        refuse(f"the schema is {found}, not {state.expected}: run `tessera db upgrade`", 4)
    await upgrade_as_owner(addresses)


def ensure_supported(state: SchemaState) -> None:
    """End the command where the server is older than the schema is tested with."""
    if not state.is_supported:
        refuse(f"the PostgreSQL server is too old ({state.server_version}); 15 or newer is needed")
