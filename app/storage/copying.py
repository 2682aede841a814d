"""Bulk insertion by PostgreSQL's binary COPY, inside the transaction at hand.

COPY is several times cheaper than INSERT for many rows, and carries arrays of different
lengths, which `unnest` does not.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table, text

from app.storage.session import WriteConnection


async def copy_rows(
    connection: WriteConnection,
    table: Table,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Append `rows` (in the order of `columns`) to `table`."""
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if driver is None or not driver.is_in_transaction():
        # SQLAlchemy opens the transaction with the first statement that goes through it.
        await connection.execute(text("SELECT 1"))
        driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None  # noqa: S101 - narrows the type; a live connection has one
    await driver.copy_records_to_table(table.name, columns=columns, records=rows)
