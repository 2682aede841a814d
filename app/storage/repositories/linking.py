"""The queue of the linker, how far it is, and the memberships that come of it."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.storage.session import ReadConnection, WriteConnection

_ONE_LINKER = 0x7E55_E4A1
# A plan made for tables that were small, or for few reports, is ruinous for many.
_PLAN_ANEW = text("SET LOCAL plan_cache_mode = force_custom_plan")
# A batch reads by keys alone; the planner cannot know that of tables that have just grown.
_READ_BY_KEYS = text("SET LOCAL enable_seqscan = off")
LINKED_CHANNEL = "tessera_linked"
"""NOTIFY channel: a batch was linked; no payload."""


class QueueItem(NamedTuple):
    """One piece of work: a report to place, values to judge anew, or both."""

    id: int
    report_id: UUID | None
    touched: Sequence[bytes]
    touched_keys: Sequence[int]
    cause: str


async def become_linker(connection: WriteConnection) -> bool:
    """Try to be the one linker until this transaction ends; False if another one is.

    The lock is PostgreSQL's, so it is free the moment its holder dies.
    """
    await connection.execute(_PLAN_ANEW)
    await connection.execute(_READ_BY_KEYS)
    statement = text(f"SELECT pg_try_advisory_xact_lock({_ONE_LINKER})")
    return bool(await connection.scalar(statement))


async def wait_to_be_linker(connection: WriteConnection) -> None:
    """Become the one linker, waiting for the present batch to end."""
    await connection.execute(_PLAN_ANEW)
    await connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_LINKER})"))


async def take(connection: WriteConnection, limit: int) -> list[QueueItem]:
    """Take the oldest work off the queue; it is back there if the transaction fails."""
    rows = await connection.execute(
        text(
            """
            DELETE FROM link_queue WHERE id IN
              (SELECT id FROM link_queue ORDER BY id LIMIT :limit)
            RETURNING id, report_id, touched, touched_keys, cause
            """
        ),
        {"limit": limit},
    )
    items = [
        QueueItem(id_, report_id, touched or (), keys or (), cause)
        for id_, report_id, touched, keys, cause in rows
    ]
    return sorted(items, key=lambda item: item.id)


async def withdrawn(connection: ReadConnection, reports: Collection[UUID]) -> set[UUID]:
    """Those of these reports that were withdrawn."""
    rows = await connection.execute(
        text("SELECT id FROM report WHERE id = ANY(:reports) AND status = 'withdrawn'"),
        {"reports": list(reports)},
    )
    return set(rows.scalars())


async def announce(connection: WriteConnection) -> None:
    """At commit, wake those who wait until their report is linked."""
    await connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": LINKED_CHANNEL})


async def postpone_first(connection: WriteConnection) -> None:
    """Put the oldest item of the queue to its end."""
    await connection.execute(
        text(
            """
            WITH first AS (
              DELETE FROM link_queue WHERE id = (SELECT min(id) FROM link_queue)
              RETURNING report_id, touched, touched_keys, cause, enqueued_at)
            INSERT INTO link_queue (report_id, touched, touched_keys, cause, enqueued_at)
            SELECT * FROM first
            """
        )
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far linking is: what waits, since when; how many reports and live leads there are."""

    pending: int
    oldest_pending_at: datetime | None
    reports: int
    leads: int


async def progress(connection: ReadConnection) -> Progress:
    """How far linking is."""
    row = (
        await connection.execute(
            text(
                """
                SELECT (SELECT count(*) FROM link_queue) AS pending,
                  (SELECT min(enqueued_at) FROM link_queue) AS oldest,
                  (SELECT count(*) FROM report WHERE status <> 'withdrawn') AS reports,
                  (SELECT count(*) FROM lead WHERE report_count > 0) AS leads
                """
            )
        )
    ).one()
    return Progress(row.pending, row.oldest, row.reports, row.leads)


async def count_pending(connection: ReadConnection) -> int:
    """How many items wait to be linked."""
    return int(await connection.scalar(text("SELECT count(*) FROM link_queue")) or 0)


async def oldest_pending(connection: ReadConnection) -> datetime | None:
    """Since when the item at the head of the queue waits; None if nothing does."""
    statement = text("SELECT enqueued_at FROM link_queue ORDER BY id LIMIT 1")
    found: datetime | None = await connection.scalar(statement)
    return found


async def is_pending(connection: ReadConnection) -> bool:
    """Whether anything waits to be linked."""
    return bool(await connection.scalar(text("SELECT EXISTS (SELECT 1 FROM link_queue)")))


async def memberships(
    connection: ReadConnection,
) -> AsyncIterator[tuple[UUID, UUID, str, str]]:
    """Lead, report, organisation (its ref, or else its id) and external reference of every
    linked report.
    """
    rows = await connection.stream(
        text(
            """
            SELECT m.lead_id, m.report_id, coalesce(o.ref, o.id::text) AS organisation,
              r.external_ref
            FROM lead_membership AS m JOIN report AS r ON r.id = m.report_id
            JOIN organisation AS o ON o.id = r.organisation_id
            ORDER BY m.lead_id, m.report_id
            """
        ),
        execution_options={"yield_per": 2000},
    )
    async for row in rows:
        yield row.lead_id, row.report_id, row.organisation, row.external_ref
