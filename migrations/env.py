"""How Alembic reaches the database: the connection of the caller, or the settings.

Every migration runs in its own transaction with a short lock time-out, so that one that
cannot get its lock fails instead of holding up the running version; an advisory lock lets
one migrator in at a time.
"""

import asyncio

from alembic import context
from sqlalchemy import Connection, text

from app.settings import load_settings
from app.storage.database import Addresses, serving
from app.storage.engine import create_engine
from app.storage.tables import metadata

_ONE_MIGRATOR = 0x7E55_E4A0


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        compare_server_default=True,
    )
    connection.execute(text("SET lock_timeout = '4s'"))
    connection.execute(text("SET statement_timeout = '30s'"))
    connection.execute(text(f"SELECT pg_advisory_lock({_ONE_MIGRATOR})"))
    connection.commit()
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        connection.execute(text(f"SELECT pg_advisory_unlock({_ONE_MIGRATOR})"))
        connection.execute(text("RESET lock_timeout"))
        connection.execute(text("RESET statement_timeout"))
        connection.commit()


async def _connect_and_migrate() -> None:
    settings = load_settings()
    given = settings.owner_database_url or settings.database_url
    own = given.get_secret_value() if given else None
    with serving(Addresses(own, own) if own else None, settings.home) as addresses:
        engine = create_engine(addresses.owner, connections=2)
        try:
            async with engine.connect() as connection:
                await connection.run_sync(_migrate)
        finally:
            await engine.dispose()


def _offline() -> None:
    context.configure(
        dialect_name="postgresql", target_metadata=metadata, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if context.is_offline_mode():
    _offline()
elif given is not None:
    _migrate(given)
else:
    asyncio.run(_connect_and_migrate())
