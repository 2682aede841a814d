"""The engine: one connection pool a process, with the manners every connection has."""

import time
from typing import Any, TypeAlias

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_IDLE_SECONDS = 1.0
Engine: TypeAlias = AsyncEngine
"""What transactions are opened on."""

AUDIT_KEY = "tessera_audit_key"
"""The execution option of an engine by which its connections know the key."""

LEAST_SERVER_VERSION = 150_000
"""PostgreSQL 15: the oldest that the schema is tested with."""


def database_url(dsn: str) -> URL:
    """A DSN as people write it, made to use asyncpg. Raises sqlalchemy.exc.ArgumentError."""
    return make_url(dsn).set(drivername="postgresql+asyncpg")


def create_engine(
    dsn: str,
    *,
    connections: int = 10,
    statement_seconds: float | None = 60,
    audit_key: bytes | None = None,
) -> AsyncEngine:
    """An engine of at most `connections` connections. audit_key: with which what is done through
    it enters the access log; without it nothing that does can be committed.

    Parameters never reach an error text: they are personal data. Waiting for a free
    connection ends after 5 s, connecting after 3, a statement after `statement_seconds` (None:
    never): a caller gets its 503 rather than hang.
    """
    engine = create_async_engine(
        database_url(dsn),
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=5,
        execution_options={AUDIT_KEY: audit_key},
        connect_args={
            "timeout": 3,
            "command_timeout": statement_seconds,
            "server_settings": {
                "application_name": "tessera",
                "jit": "off",
                # A process that dies while its statement waits must not keep its locks.
                "client_connection_check_interval": "500",
            },
        },
    )
    _test_after_idling(engine)
    return engine


def _test_after_idling(engine: AsyncEngine) -> None:
    """Test a connection before it is used if it has been idle: the server may have gone and come
    back. Under load none is, so that the test costs nothing when it would cost most.
    """

    def checked_in(_connection: object, record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's record
        record.info["idle_since"] = time.monotonic()

    def checked_out(connection: Any, record: Any, _proxy: object) -> None:  # noqa: ANN401
        idle_since = record.info.get("idle_since")
        if idle_since is None or time.monotonic() - idle_since < _IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    event.listen(engine.sync_engine, "checkin", checked_in)
    event.listen(engine.sync_engine, "checkout", checked_out)
