"""Reports that a reader may know of and not read: that they are there, and whom to ask."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.storage.session import ReadConnection


class Stub(NamedTuple):
    """What may be known of a report that may not be read."""

    id: UUID
    organisation_id: UUID
    status: str
    handling_code: str
    tlp: str


async def stubs_of(connection: ReadConnection, reports: Sequence[UUID]) -> list[Stub]:
    """Those of these reports that there are, if an agency asks; nothing for anybody else."""
    rows = await connection.execute(
        text("SELECT * FROM report_stubs(:ids ::uuid[])"), {"ids": list(reports)}
    )
    return [Stub(*row) for row in rows]
