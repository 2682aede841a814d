"""Outcomes of leads, and the feed of each reporting organisation."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, case, insert, or_, select, text, update

from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.feedback import feedback, outcome
from app.storage.tables.leads import lead
from app.storage.tables.reports import report

CHANNEL = "tessera_feedback"
"""NOTIFY channel; the payload is the organisation whose feed has grown."""


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome as stored; `sealed` holds message and internal note."""

    id: UUID
    lead_id: UUID
    status: str
    sealed: bytes
    organisation_id: UUID
    client_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """One entry of a feed. `sealed` is that of the outcome; None where its message may not be
    read (any more).
    """

    position: int
    report_id: UUID
    outcome_id: UUID
    external_ref: str
    status: str
    sealed: bytes | None
    at: datetime


async def add_outcome(connection: WriteConnection, row: OutcomeRow) -> None:
    """Store an outcome and give its status to the lead."""
    await connection.execute(
        insert(outcome).values({name: getattr(row, name) for name in OutcomeRow.__slots__})
    )
    await connection.execute(
        text(
            """
            UPDATE lead SET status = :status, updated_at = :at, version = version + 1
            WHERE id = :lead
            """
        ),
        {"status": row.status, "lead": row.lead_id, "at": row.at},
    )


async def outcomes_of(connection: ReadConnection, lead_id: UUID) -> list[OutcomeRow]:
    """The outcomes of a lead and of those that were merged into it, oldest first."""
    here = select(lead.c.id).where(or_(lead.c.id == lead_id, lead.c.merged_into == lead_id))
    statement = select(outcome).where(outcome.c.lead_id.in_(here)).order_by(outcome.c.id)
    return [OutcomeRow(*row) for row in await connection.execute(statement)]


async def tell(
    connection: WriteConnection, leads: Collection[UUID], *, now: datetime
) -> Sequence[UUID]:
    """Tell every report of these leads that was not told yet of their last outcome, and give it
    that status; returns those that were told.

    So a report that comes into a lead after an outcome learns of it, and a merge tells both sides.
    """
    rows = (await connection.execute(_UNTOLD, {"leads": list(leads)})).all()
    if not rows:
        return ()
    by_organisation: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        by_organisation.setdefault(row.organisation_id, []).append(row)
    counts = {organisation_id: len(own) for organisation_id, own in by_organisation.items()}
    last = await _advance_feeds(connection, counts)
    entries = [
        {
            "organisation_id": organisation_id,
            "position": last[organisation_id] - len(own) + 1 + place,
            "report_id": row.report_id,
            "outcome_id": row.outcome_id,
            "external_ref": row.external_ref,
            "status": row.status,
            "with_message": True,
            "at": now,
        }
        for organisation_id, own in by_organisation.items()
        for place, row in enumerate(own)
    ]
    await connection.execute(insert(feedback), entries)
    await connection.execute(
        _GIVE_STATUS, [{"b_id": e["report_id"], "b_status": e["status"]} for e in entries]
    )
    await connection.execute(
        text("SELECT pg_notify(:channel, feed) FROM unnest(:feeds ::text[]) AS f (feed)"),
        {"channel": CHANNEL, "feeds": [str(organisation_id) for organisation_id in counts]},
    )
    return [row.report_id for row in rows]


_UNTOLD = text(
    """
    WITH last AS (
      SELECT DISTINCT ON (coalesce(l.merged_into, l.id)) coalesce(l.merged_into, l.id) AS lead_id,
        o.id AS outcome_id, o.status
      FROM lead AS l JOIN outcome AS o ON o.lead_id = l.id
      WHERE l.id = ANY(:leads) OR l.merged_into = ANY(:leads)
      ORDER BY coalesce(l.merged_into, l.id), o.id DESC)
    SELECT r.id AS report_id, r.organisation_id, r.external_ref, last.lead_id, last.outcome_id,
      last.status
    FROM last
    JOIN lead_membership AS m ON m.lead_id = last.lead_id
    JOIN report AS r ON r.id = m.report_id
    WHERE r.status <> 'withdrawn' AND NOT EXISTS (
      SELECT 1 FROM feedback AS f
      WHERE f.report_id = r.id AND f.outcome_id = last.outcome_id)
    ORDER BY r.id
    """
)
_GIVE_STATUS = (
    update(report)
    .where(report.c.id == bindparam("b_id"), report.c.status != "withdrawn")
    .values(status=bindparam("b_status"))
)


async def _advance_feeds(
    connection: WriteConnection, counts: Mapping[UUID, int]
) -> dict[UUID, int]:
    """Reserve so many positions in each feed; returns the last one reserved.

    The rows stay locked until commit, in one order for all writers. So positions become
    visible in order, none is skipped, and two writers cannot wait for each other in a ring.
    """
    rows = await connection.execute(
        text(
            """
            INSERT INTO feed (organisation_id, last_position)
            SELECT * FROM unnest(:organisations ::uuid[], :counts ::bigint[]) ORDER BY 1
            ON CONFLICT (organisation_id)
              DO UPDATE SET last_position = feed.last_position + EXCLUDED.last_position
            RETURNING organisation_id, last_position
            """
        ),
        {"organisations": list(counts), "counts": list(counts.values())},
    )
    return {row.organisation_id: row.last_position for row in rows}


async def read_feed(
    connection: ReadConnection,
    organisation_id: UUID,
    *,
    after: int,
    limit: int,
    report_id: UUID | None = None,
) -> list[FeedbackRow]:
    """The organisation's feedback behind a position, in order; of one report if named."""
    statement = (
        select(
            feedback.c.position,
            feedback.c.report_id,
            feedback.c.outcome_id,
            feedback.c.external_ref,
            feedback.c.status,
            case((feedback.c.with_message, outcome.c.sealed)),
            feedback.c.at,
        )
        # Row-level security shows no outcome whose message may not be read.
        .outerjoin(outcome, outcome.c.id == feedback.c.outcome_id)
        .where(feedback.c.organisation_id == organisation_id, feedback.c.position > after)
        .order_by(feedback.c.position)
        .limit(limit)
    )
    if report_id is not None:
        statement = statement.where(feedback.c.report_id == report_id)
    return [FeedbackRow(*row) for row in await connection.execute(statement)]


async def erase_messages(connection: WriteConnection, report_id: UUID) -> None:
    """Tell no text about a report any more; that something was told stays."""
    await connection.execute(
        update(feedback).where(feedback.c.report_id == report_id).values(with_message=False)
    )
