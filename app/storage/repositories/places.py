"""Where reports are: the leads that they are in, and what the linker has to know of these."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.storage.session import ReadConnection


class Place(NamedTuple):
    """The lead that a report is in, whether weak evidence attached it there, and how many
    reports are in the lead's core.
    """

    lead_id: UUID
    attached: bool
    core: int


class Core(NamedTuple):
    """The core of a lead: its size, the smallest rank in it, whether strong links lead out of
    it, and whether a judgement concerns one of the lead's reports.
    """

    size: int
    rank: int
    cut: bool
    judged: bool


async def places_of(connection: ReadConnection, reports: Collection[UUID]) -> dict[UUID, Place]:
    """Where each of these reports is, as far as it is linked."""
    return await _placed(connection, reports, "m.report_id = ANY(:ids)")


async def members(connection: ReadConnection, leads: Collection[UUID]) -> dict[UUID, Place]:
    """All reports of these leads."""
    return await _placed(connection, leads, "m.lead_id = ANY(:ids)")


async def _placed(
    connection: ReadConnection, ids: Collection[UUID], which: str
) -> dict[UUID, Place]:
    rows = await connection.execute(
        text(
            f"""
            SELECT m.report_id, m.lead_id, m.attached, l.core_count
            FROM lead_membership AS m JOIN lead AS l ON l.id = m.lead_id WHERE {which}
            """  # noqa: S608 - no input in it
        ),
        {"ids": list(ids)},
    )
    return {row.report_id: Place(row.lead_id, row.attached, row.core_count) for row in rows}


async def cores(connection: ReadConnection, leads: Collection[UUID]) -> dict[UUID, Core]:
    """The cores of these leads."""
    rows = await connection.execute(
        text(
            """
            SELECT l.id, l.core_count, l.core_rank, l.cut,
              EXISTS (SELECT FROM lead_membership AS m JOIN judgement AS j
                      ON j.report_lo = m.report_id WHERE m.lead_id = l.id)
              OR EXISTS (SELECT FROM lead_membership AS m JOIN judgement AS j
                         ON j.report_hi = m.report_id WHERE m.lead_id = l.id) AS judged
            FROM lead AS l WHERE l.id = ANY(:leads)
            """
        ),
        {"leads": list(leads)},
    )
    return {row.id: Core(row.core_count, row.core_rank, row.cut, row.judged) for row in rows}


async def ranks_of(connection: ReadConnection, reports: Collection[UUID]) -> dict[UUID, int]:
    """The rank of each of these reports."""
    rows = await connection.execute(
        text("SELECT id, rank FROM report WHERE id = ANY(:reports)"), {"reports": list(reports)}
    )
    return {row.id: row.rank for row in rows}


async def misplaced(connection: ReadConnection, reports: Collection[UUID]) -> set[UUID]:
    """Those of these reports that an amendment took out of the circle of the lead they are in."""
    rows = await connection.execute(
        text(
            """
            SELECT r.id FROM report AS r JOIN lead_membership AS m ON m.report_id = r.id
            JOIN lead AS l ON l.id = m.lead_id
            WHERE r.id = ANY(:reports) AND l.circle IS DISTINCT FROM r.circle
            """
        ),
        {"reports": list(reports)},
    )
    return set(rows.scalars())


class Everywhere(NamedTuple):
    """A report with its rank, and where it is (None: not linked yet)."""

    report_id: UUID
    rank: int
    place: Place | None


async def everywhere(connection: ReadConnection) -> list[Everywhere]:
    """Every report that was not withdrawn, oldest first."""
    rows = await connection.execute(
        text(
            """
            SELECT r.id, r.rank, m.lead_id, m.attached, l.core_count FROM report AS r
            LEFT JOIN lead_membership AS m ON m.report_id = r.id
            LEFT JOIN lead AS l ON l.id = m.lead_id
            WHERE r.status <> 'withdrawn' ORDER BY r.id
            """
        )
    )
    return [
        Everywhere(
            row.id,
            row.rank,
            Place(row.lead_id, row.attached, row.core_count) if row.lead_id else None,
        )
        for row in rows
    ]
