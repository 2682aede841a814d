"""Outcomes of leads, and the feed of each reporting organisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, text, update

from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.feedback import feedback, outcome

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
    """One entry of a feed; `sealed` holds the message, None if there is none."""

    organisation_id: UUID
    position: int
    report_id: UUID
    outcome_id: UUID
    external_ref: str
    status: str
    sealed: bytes | None
    at: datetime


async def add_outcome(connection: WriteConnection, row: OutcomeRow) -> None:
    """Store an outcome and give its status to the lead and its reports."""
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
    await connection.execute(
        text(
            """
            UPDATE report SET status = :status WHERE status <> 'withdrawn' AND id IN
              (SELECT report_id FROM lead_membership WHERE lead_id = :lead)
            """
        ),
        {"status": row.status, "lead": row.lead_id},
    )


async def outcomes_of(connection: ReadConnection, lead_id: UUID) -> list[OutcomeRow]:
    """The outcomes of a lead, oldest first."""
    statement = select(outcome).where(outcome.c.lead_id == lead_id).order_by(outcome.c.id)
    return [OutcomeRow(**row._mapping) for row in await connection.execute(statement)]  # noqa: SLF001


async def advance_feeds(connection: WriteConnection, counts: Mapping[UUID, int]) -> dict[UUID, int]:
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


async def publish(connection: WriteConnection, rows: Sequence[FeedbackRow]) -> None:
    """Append to the feeds and, at commit, wake those who wait for them."""
    await connection.execute(
        insert(feedback),
        [{name: getattr(row, name) for name in FeedbackRow.__slots__} for row in rows],
    )
    for organisation_id in {row.organisation_id for row in rows}:
        await connection.execute(
            text("SELECT pg_notify(:channel, :organisation)"),
            {"channel": CHANNEL, "organisation": str(organisation_id)},
        )


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
        select(feedback)
        .where(feedback.c.organisation_id == organisation_id, feedback.c.position > after)
        .order_by(feedback.c.position)
        .limit(limit)
    )
    if report_id is not None:
        statement = statement.where(feedback.c.report_id == report_id)
    return [FeedbackRow(**row._mapping) for row in await connection.execute(statement)]  # noqa: SLF001


async def erase_messages(connection: WriteConnection, report_id: UUID) -> None:
    """Erase the texts told about a report; that something was told stays."""
    await connection.execute(
        update(feedback).where(feedback.c.report_id == report_id).values(sealed=None)
    )
