"""The driver's own connection, inside the transaction at hand, for what SQLAlchemy does not offer
or makes dear: COPY, and reading very many rows.
"""

from typing import Any

from sqlalchemy import text

from app.storage.session import ReadConnection


async def driver_of(connection: ReadConnection) -> Any:  # noqa: ANN401 - asyncpg's, which has no types
    """The asyncpg connection, with the transaction open on it."""
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None or not driver.is_in_transaction():
        # SQLAlchemy opens the transaction with the first statement that goes through it.
        await connection.execute(text("SELECT 1"))
        driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None  # noqa: S101 - a live connection has one
    return driver
