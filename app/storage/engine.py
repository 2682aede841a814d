"""The engine: one connection pool a process, with the manners every connection has."""

from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

LEAST_SERVER_VERSION = 150_000
"""PostgreSQL 15: the oldest that the schema is tested with."""


def database_url(dsn: str) -> URL:
    """A DSN as people write it, made to use asyncpg. Raises sqlalchemy.exc.ArgumentError."""
    return make_url(dsn).set(drivername="postgresql+asyncpg")


def create_engine(
    dsn: str, *, connections: int = 10, statement_seconds: float | None = 60
) -> AsyncEngine:
    """An engine of at most `connections` connections.

    Parameters never reach an error text: they are personal data. Waiting for a free
    connection ends after 5 s, connecting after 3, a statement after `statement_seconds` (None:
    never): a caller gets its 503 rather than hang.
    """
    return create_async_engine(
        database_url(dsn),
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=5,
        connect_args={
            "timeout": 3,
            "command_timeout": statement_seconds,
            "server_settings": {"application_name": "tessera", "jit": "off"},
        },
    )
