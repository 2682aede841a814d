"""By which block keys linked reports are found. The linker alone adds them, when it links a report,
so that who looks for carriers never meets those that wait.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.storage.copying import copy_rows
from app.storage.fetching import fetch
from app.storage.session import WriteConnection
from app.storage.tables.linking import report_block


class BlockRow(NamedTuple):
    """One block key of one report, with the report's rank and circumstances. alone: the key is of
    a word that is all that is known of a name.
    """

    report_id: UUID
    key: int
    rank: int
    circumstances: int
    alone: bool


async def add(connection: WriteConnection, rows: Collection[BlockRow]) -> None:
    """Have reports found by these keys."""
    if rows:
        await copy_rows(connection, report_block, BlockRow._fields, rows)


async def remove(connection: WriteConnection, reports: Iterable[UUID]) -> set[int]:
    """Have these reports found no more; returns the keys that they were found by."""
    rows = await fetch(
        connection,
        "DELETE FROM report_block WHERE report_id = ANY($1 ::uuid[]) RETURNING key",
        list(reports),
    )
    return {row[0] for row in rows}


async def remove_all(connection: WriteConnection) -> None:
    """Have nobody found, before all are added anew."""
    await connection.execute(text("DELETE FROM report_block"))
