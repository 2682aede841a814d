"""What an agency may know of reports, read or not: that they are there, and whom to ask."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.storage.session import ReadConnection


class Stub(NamedTuple):
    """What may be known of a report. circle: who may know it; None: every agency."""

    id: UUID
    organisation_id: UUID
    status: str
    handling_code: str
    tlp: str
    circle: Sequence[str] | None


async def stubs_of(connection: ReadConnection, reports: Sequence[UUID]) -> list[Stub]:
    """Those of these reports that the caller, an agency, may know of; for anybody else none."""
    rows = await connection.execute(
        text("SELECT * FROM report_stubs(:ids ::uuid[])"), {"ids": list(reports)}
    )
    return [Stub(*row) for row in rows]
