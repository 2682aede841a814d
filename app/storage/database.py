"""The database of this installation: an own server, or the embedded one started for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from app.storage import embedded
from app.storage.engine import create_engine, database_url


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `url` is for those who need a connection of their own."""

    engine: AsyncEngine
    url: URL


@contextmanager
def serving(dsn: str | None, home: Path) -> Iterator[str]:
    """The DSN to use: `dsn`, or that of the embedded server, running while the block runs."""
    if dsn is not None:
        yield dsn
        return
    with embedded.running(home) as own:
        yield own


def connect(dsn: str, *, connections: int = 10, statement_seconds: float | None = 60) -> Database:
    """Open a database; nothing is sent yet. See `create_engine`."""
    engine = create_engine(dsn, connections=connections, statement_seconds=statement_seconds)
    return Database(engine, database_url(dsn))
