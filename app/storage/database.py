"""The database of this installation: an own server, or the embedded one started for it."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from app.storage.embedded import SERVICE_ROLE, EmbeddedPostgres
from app.storage.engine import create_engine, database_url
from app.storage.keeping import keeping


@dataclass(frozen=True, slots=True)
class Addresses:
    """The DSN with which the service works, and that of the owner of the tables, who migrates.
    They may be the same.
    """

    service: str
    owner: str


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `url` is for those who need a connection of their own."""

    engine: AsyncEngine
    url: URL


@contextmanager
def serving(own: Addresses | None, home: Path, *, is_kept: bool = False) -> Iterator[Addresses]:
    """The addresses to use: `own`, or those of the embedded server, running while the block runs.

    `is_kept`: the embedded server is started again if it dies meanwhile, under the same addresses.
    Raises EmbeddedPostgresError where it cannot be started.
    """
    if own is not None:
        yield own
        return
    with EmbeddedPostgres(home) as server, keeping(server) if is_kept else nullcontext():
        yield Addresses(server.dsn(role=SERVICE_ROLE), server.dsn())


def connect(
    dsn: str,
    *,
    connections: int = 10,
    statement_seconds: float | None = 60,
    audit_key: bytes | None = None,
) -> Database:
    """Open a database; nothing is sent yet. See `create_engine`."""
    engine = create_engine(
        dsn,
        connections=connections,
        statement_seconds=statement_seconds,
        audit_key=audit_key,
    )
    return Database(engine, database_url(dsn))
