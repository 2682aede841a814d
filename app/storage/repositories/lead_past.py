"""Leads as they were: their reports at a past time, and the merges that ended them."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.domain.access import Principal
from app.storage.repositories.knowing import known, names, stubs
from app.storage.session import ReadConnection


class Merge(NamedTuple):
    """When a lead was merged away, and into which."""

    at: datetime
    heir: UUID


async def members_at(
    connection: ReadConnection, lead_id: UUID, at: datetime, reader: Principal
) -> list[UUID]:
    """The reports that a lead had at a time, oldest first."""
    rows = await connection.execute(
        text(
            f"""
            WITH m AS (
              SELECT report_id FROM lead_membership WHERE lead_id = :lead AND since <= :at
              UNION
              SELECT report_id FROM lead_membership_past
              WHERE lead_id = :lead AND since <= :at AND until > :at)
            SELECT r.id FROM {stubs("SELECT report_id FROM m")} AS r WHERE {known("r")}
            ORDER BY r.id
            """  # noqa: S608 - no input in it
        ),
        {"lead": lead_id, "at": at, "names": names(reader)},
    )
    return list(rows.scalars())


async def merge_of(connection: ReadConnection, lead_id: UUID) -> Merge | None:
    """The merge that ended a lead, which has to be one that was merged away: the last of its
    merges, for before it may have taken in others.
    """
    rows = await connection.execute(
        text(
            """
            SELECT at, other_leads[1] AS heir FROM lead_event
            WHERE lead_id = :lead AND kind = 'merged' ORDER BY id DESC LIMIT 1
            """
        ),
        {"lead": lead_id},
    )
    row = rows.one_or_none()
    return None if row is None else Merge(row.at, row.heir)
