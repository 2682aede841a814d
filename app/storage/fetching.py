"""Rows straight from the driver, inside the transaction at hand, for what reads very many.

A row costs about half of what it costs through SQLAlchemy's result.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from app.storage.session import ReadConnection


async def fetch(connection: ReadConnection, query: str, *arguments: object) -> Sequence[Any]:
    """The rows of `query`, whose arguments are written $1, $2 …; each can be unpacked."""
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if driver is None or not driver.is_in_transaction():
        # SQLAlchemy opens the transaction with the first statement that goes through it.
        await connection.execute(text("SELECT 1"))
        driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None  # noqa: S101 - narrows the type; a live connection has one
    rows: Sequence[Any] = await driver.fetch(query, *arguments)
    return rows
