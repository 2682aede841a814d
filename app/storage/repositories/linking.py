"""What the linker reads and marks: the queue, who carries which value, shared values.

Everything here is set-based: one round trip looks at all values of all reports of a batch.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from app.domain.attributes import AttributeKind
from app.domain.linkage.evidence import SharedValue
from app.domain.linkage.qualifiers import compatible
from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.linking import shared_value

_ONE_LINKER = 0x7E55_E4A1
LINKED_CHANNEL = "tessera_linked"
"""NOTIFY channel: a batch was linked; no payload."""


class QueueItem(NamedTuple):
    """One piece of work: a report to place, values to judge anew, or both."""

    id: int
    report_id: UUID | None
    touched: Sequence[bytes]
    cause: str


class Carrier(NamedTuple):
    """A report that carries a value, and the lead that it is in (None: not linked yet).
    `qualifier` is the issuing country of a plate or document, where it is said.
    """

    value_index: bytes
    report_id: UUID
    lead_id: UUID | None
    qualifier: str | None = None


async def become_linker(connection: WriteConnection) -> bool:
    """Try to be the one linker until this transaction ends; False if another one is.

    The lock is PostgreSQL's, so it is free the moment its holder dies.
    """
    statement = text(f"SELECT pg_try_advisory_xact_lock({_ONE_LINKER})")
    return bool(await connection.scalar(statement))


async def wait_to_be_linker(connection: WriteConnection) -> None:
    """Become the one linker, waiting for the present batch to end."""
    await connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_LINKER})"))


async def take(connection: WriteConnection, limit: int) -> list[QueueItem]:
    """Take the oldest work off the queue; it is back there if the transaction fails."""
    rows = await connection.execute(
        text(
            """
            DELETE FROM link_queue WHERE id IN
              (SELECT id FROM link_queue ORDER BY id LIMIT :limit)
            RETURNING id, report_id, touched, cause
            """
        ),
        {"limit": limit},
    )
    items = [
        QueueItem(id_, report_id, touched or (), cause) for id_, report_id, touched, cause in rows
    ]
    return sorted(items, key=lambda item: item.id)


async def current_leads(connection: ReadConnection, reports: Collection[UUID]) -> dict[UUID, UUID]:
    """The lead of each of these reports that is in one."""
    rows = await connection.execute(
        text("SELECT report_id, lead_id FROM lead_membership WHERE report_id = ANY(:reports)"),
        {"reports": list(reports)},
    )
    return {row.report_id: row.lead_id for row in rows}


async def members(connection: ReadConnection, leads: Collection[UUID]) -> dict[UUID, UUID]:
    """All reports of these leads, each with its lead."""
    rows = await connection.execute(
        text("SELECT report_id, lead_id FROM lead_membership WHERE lead_id = ANY(:leads)"),
        {"leads": list(leads)},
    )
    return {row.report_id: row.lead_id for row in rows}


async def withdrawn(connection: ReadConnection, reports: Collection[UUID]) -> set[UUID]:
    """Those of these reports that were withdrawn."""
    rows = await connection.execute(
        text("SELECT id FROM report WHERE id = ANY(:reports) AND status = 'withdrawn'"),
        {"reports": list(reports)},
    )
    return set(rows.scalars())


async def linking_values(connection: ReadConnection, reports: Collection[UUID]) -> dict[bytes, str]:
    """The values that these reports carry in a linking role, with their kind."""
    rows = await connection.execute(
        text(
            """
            SELECT DISTINCT value_index, kind FROM report_attribute
            WHERE report_id = ANY(:reports) AND links
            """
        ),
        {"reports": list(reports)},
    )
    return {index: told for index, told in rows}  # noqa: C416 - a result has keys of its own


async def kinds_of(connection: ReadConnection, values: Collection[bytes]) -> dict[bytes, str]:
    """The kind of each of these values that some report still carries in a linking role."""
    rows = await connection.execute(
        text(
            """
            SELECT v.value_index, a.kind FROM unnest(:values ::bytea[]) AS v (value_index)
            CROSS JOIN LATERAL (
              SELECT kind FROM report_attribute AS r
              WHERE r.value_index = v.value_index AND r.links LIMIT 1) AS a
            """
        ),
        {"values": list(values)},
    )
    return {index: told for index, told in rows}  # noqa: C416 - a result has keys of its own


async def shared(connection: ReadConnection, values: Collection[bytes]) -> dict[bytes, str]:
    """Those of these values that do not link because too many share them, with the reason."""
    rows = await connection.execute(
        text("SELECT value_index, reason FROM shared_value WHERE value_index = ANY(:values)"),
        {"values": list(values)},
    )
    return {index: told for index, told in rows}  # noqa: C416 - a result has keys of its own


async def carriers(connection: ReadConnection, most: Mapping[bytes, int]) -> list[Carrier]:
    """The carriers of each value, at most one more than `most` allows: enough to see
    that there are too many, however many there are.
    """
    rows = await connection.execute(
        text(
            """
            SELECT v.value_index, c.report_id, m.lead_id, c.qualifier
            FROM unnest(:values ::bytea[], :most ::int[]) AS v (value_index, most)
            CROSS JOIN LATERAL (
              SELECT report_id, qualifier FROM report_attribute AS a
              WHERE a.value_index = v.value_index AND a.links
              LIMIT v.most + 1) AS c
            LEFT JOIN lead_membership AS m ON m.report_id = c.report_id
            """
        ),
        {"values": list(most), "most": list(most.values())},
    )
    return [Carrier(*row) for row in rows]


async def leads_through(connection: ReadConnection, values: Collection[bytes]) -> set[UUID]:
    """All leads in which two reports or more carry one of these values: what a value that stops
    linking may have held together.
    """
    rows = await connection.execute(
        text(
            """
            SELECT DISTINCT m.lead_id FROM report_attribute AS a
            JOIN lead_membership AS m USING (report_id)
            WHERE a.value_index = ANY(:values) AND a.links
            GROUP BY a.value_index, m.lead_id HAVING count(*) > 1
            """
        ),
        {"values": list(values)},
    )
    return set(rows.scalars())


async def mark_shared(
    connection: WriteConnection,
    values: Mapping[bytes, str],
    *,
    reason: str,
    now: datetime,
    model_version: str,
) -> None:
    """Note that these values (with their kind) have ceased to link."""
    if values:
        rows = [
            {
                "value_index": index,
                "kind": kind,
                "reason": reason,
                "since": now,
                "model_version": model_version,
            }
            for index, kind in values.items()
        ]
        await connection.execute(insert(shared_value).on_conflict_do_nothing(), rows)


async def unmark_shared(
    connection: WriteConnection, values: Collection[bytes], *, reason: str
) -> None:
    """Let these values link again, where they had ceased to for this reason."""
    await connection.execute(
        delete(shared_value).where(
            shared_value.c.value_index.in_(list(values)), shared_value.c.reason == reason
        )
    )


async def all_linking_values(
    connection: ReadConnection,
) -> AsyncIterator[tuple[bytes, str, Carrier]]:
    """Every value in a linking role with its kind and one carrier, in order of the value."""
    statement = text(
        """
        SELECT value_index, kind, report_id, qualifier FROM report_attribute
        WHERE links ORDER BY value_index
        """
    )
    rows = await connection.stream(statement, execution_options={"yield_per": 5000})
    async for row in rows:
        yield (
            row.value_index,
            row.kind,
            Carrier(row.value_index, row.report_id, None, row.qualifier),
        )


async def all_reports(connection: ReadConnection) -> dict[UUID, UUID | None]:
    """Every report that was not withdrawn, with its lead."""
    rows = await connection.execute(
        text(
            """
            SELECT r.id, m.lead_id FROM report AS r
            LEFT JOIN lead_membership AS m ON m.report_id = r.id WHERE r.status <> 'withdrawn'
            """
        )
    )
    return {row.id: row.lead_id for row in rows}


async def stop_listed(connection: ReadConnection) -> set[bytes]:
    """All values of the stop-list."""
    rows = await connection.execute(
        select(shared_value.c.value_index).where(shared_value.c.reason == "stoplist")
    )
    return set(rows.scalars())


async def forget_frequent(connection: WriteConnection) -> None:
    """Forget which values had ceased to link for their number of carriers."""
    await connection.execute(delete(shared_value).where(shared_value.c.reason == "frequency"))


async def shared_in_lead(connection: ReadConnection, lead_id: UUID) -> list[SharedValue]:
    """The values that two or more reports of a lead carry in a linking role."""
    rows = await connection.execute(
        text(
            """
            WITH inside AS (
              SELECT a.value_index, min(a.kind) AS kind,
                array_agg(a.report_id ORDER BY a.report_id) AS members,
                array_agg(a.qualifier ORDER BY a.report_id) AS qualifiers
              FROM lead_membership AS m JOIN report_attribute AS a USING (report_id)
              WHERE m.lead_id = :lead AND a.links
              GROUP BY a.value_index HAVING count(*) > 1)
            SELECT i.value_index, i.kind, i.members, i.qualifiers, s.reason,
              (SELECT count(*) FROM report_attribute AS a
               WHERE a.value_index = i.value_index AND a.links) AS carriers
            FROM inside AS i LEFT JOIN shared_value AS s USING (value_index)
            """
        ),
        {"lead": lead_id},
    )
    return [
        SharedValue(row.value_index, AttributeKind(row.kind), row.carriers, members, row.reason)
        for row in rows
        for members in compatible(zip(row.members, row.qualifiers, strict=True))
        if len(members) > 1
    ]


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
              RETURNING report_id, touched, cause, enqueued_at)
            INSERT INTO link_queue (report_id, touched, cause, enqueued_at) SELECT * FROM first
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
