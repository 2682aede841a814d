"""What analysts judged of two reports: written down for good, and read back by report."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert, text

from app.domain.access import Principal
from app.storage.repositories.knowing import known, names, stubs
from app.storage.repositories.links import Pair
from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.linking import judgement, link_queue

JUDGED = "judged"
"""Why the linker looks at a report again."""


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """A judgement as stored; `sealed` holds the reason. lead_id: where it was made."""

    id: UUID
    kind: str
    pair: Pair
    lead_id: UUID
    sealed: bytes
    organisation_id: UUID
    client_id: str
    at: datetime


class Judged(NamedTuple):
    """A judgement, and whether it is the latest of its pair, which alone counts."""

    row: JudgementRow
    in_force: bool


async def hold(connection: WriteConnection, pair: Pair) -> None:
    """Judge this pair alone until the transaction ends, whichever lead it is judged from."""
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"judgement:{pair[0]}:{pair[1]}"},
    )


async def in_force(connection: ReadConnection, pair: Pair) -> JudgementRow | None:
    """The judgement on a pair that counts."""
    rows = await connection.execute(
        text(
            """
            SELECT * FROM judgement WHERE report_lo = :lo AND report_hi = :hi
            ORDER BY at DESC, id DESC LIMIT 1
            """
        ),
        {"lo": pair[0], "hi": pair[1]},
    )
    row = rows.one_or_none()
    return None if row is None else _row(row)


async def add(connection: WriteConnection, row: JudgementRow) -> None:
    """Store a judgement, and have the linker look at both reports again."""
    lo, hi = row.pair
    await connection.execute(
        insert(judgement).values(
            id=row.id,
            kind=row.kind,
            report_lo=lo,
            report_hi=hi,
            lead_id=row.lead_id,
            sealed=row.sealed,
            organisation_id=row.organisation_id,
            client_id=row.client_id,
            at=row.at,
        )
    )
    await connection.execute(
        insert(link_queue), [{"report_id": each, "cause": JUDGED} for each in row.pair]
    )


_CONCERNED = stubs(
    """SELECT report_lo FROM concerned JOIN judgement USING (id)
    UNION SELECT report_hi FROM concerned JOIN judgement USING (id)"""
)


async def of_lead(
    connection: ReadConnection,
    lead_id: UUID,
    reader: Principal,
    *,
    behind: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Judged]:
    """The judgements on reports that are in this lead now, newest first, wherever they were
    made, where the reader may know of both. behind: time and id of the last one known.
    """
    rows = await connection.execute(
        text(
            f"""
            WITH concerned AS (
              SELECT j.id FROM lead_membership AS m JOIN judgement AS j
                ON j.report_lo = m.report_id WHERE m.lead_id = :lead
              UNION
              SELECT j.id FROM lead_membership AS m JOIN judgement AS j
                ON j.report_hi = m.report_id WHERE m.lead_id = :lead)
            SELECT j.*, NOT EXISTS (
              SELECT FROM judgement AS later
              WHERE later.report_lo = j.report_lo AND later.report_hi = j.report_hi
                AND (later.at, later.id) > (j.at, j.id)) AS in_force
            FROM concerned JOIN judgement AS j USING (id)
            JOIN {_CONCERNED} AS lo ON lo.id = j.report_lo AND {known("lo")}
            JOIN {_CONCERNED} AS hi ON hi.id = j.report_hi AND {known("hi")}
            WHERE :at ::timestamptz IS NULL OR (j.at, j.id) < (:at ::timestamptz, :id ::uuid)
            ORDER BY j.at DESC, j.id DESC LIMIT :limit
            """  # noqa: S608 - no input in it
        ),
        {
            "lead": lead_id,
            "at": behind[0] if behind else None,
            "id": behind[1] if behind else None,
            "limit": limit,
            "names": names(reader),
        },
    )
    return [Judged(_row(row), row.in_force) for row in rows]


async def apart(connection: ReadConnection, leads: Collection[Pair]) -> set[Pair]:
    """Those of these pairs of leads between which a judgement in force stands."""
    rows = await connection.execute(
        text(
            """
            SELECT p.one, p.other FROM unnest(:ones ::uuid[], :others ::uuid[]) AS p (one, other)
            WHERE EXISTS (
              SELECT FROM lead_membership AS m
              JOIN judgement AS j ON m.report_id IN (j.report_lo, j.report_hi)
              JOIN lead_membership AS n
                ON n.report_id IN (j.report_lo, j.report_hi) AND n.lead_id = p.other
              WHERE m.lead_id = p.one AND j.kind = 'separate' AND NOT EXISTS (
                SELECT FROM judgement AS later
                WHERE later.report_lo = j.report_lo AND later.report_hi = j.report_hi
                  AND (later.at, later.id) > (j.at, j.id)))
            """
        ),
        {"ones": [one for one, _ in leads], "others": [other for _, other in leads]},
    )
    return {(row.one, row.other) for row in rows}


def _row(row: Any) -> JudgementRow:  # noqa: ANN401 - a row of one of the queries above
    return JudgementRow(
        row.id,
        row.kind,
        (row.report_lo, row.report_hi),
        row.lead_id,
        bytes(row.sealed),
        row.organisation_id,
        row.client_id,
        row.at,
    )
