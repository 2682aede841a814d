"""Reading the access log: entries by what they tell of, who read a report, and whole chains."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, tuple_

from app.crypto.audit_chain import CHAINS, Head, LoggedEntry
from app.domain.audit import READING, Action
from app.storage.session import ReadConnection
from app.storage.tables.access import organisation
from app.storage.tables.audit import audit_entry, audit_head

_COLUMNS = [audit_entry.c[name] for name in LoggedEntry._fields]


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries are asked for; None means any. organisation_id: who acted. object_id: what
    was acted on. since: that time or later; until: before that time.
    """

    action: Action | None = None
    organisation_id: UUID | None = None
    object_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_entries(
    connection: ReadConnection,
    wanted: EntryFilter,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[LoggedEntry]:
    """Entries that match, newest first, behind `after`, a time and an id."""
    found = select(*_COLUMNS).where(*_conditions(wanted))
    if wanted.object_id is not None:
        # By the index on objects, whatever the planner thinks of the order: few entries are of one
        # thing, and no statistics know of which.
        held = found.cte("found").prefix_with("MATERIALIZED")
        found, at, id_ = select(held), held.c.at, held.c.id
    else:
        at, id_ = audit_entry.c.at, audit_entry.c.id
    if after is not None:
        found = found.where(tuple_(at, id_) < tuple_(*after))
    rows = await connection.execute(found.order_by(at.desc(), id_.desc()).limit(limit))
    return [LoggedEntry(*row) for row in rows]


def _conditions(wanted: EntryFilter) -> list[ColumnElement[bool]]:
    columns = audit_entry.c
    conditions: list[ColumnElement[bool]] = []
    if wanted.action is not None:
        conditions.append(columns.action == wanted.action.value)
    if wanted.organisation_id is not None:
        conditions.append(columns.organisation_id == wanted.organisation_id)
    if wanted.object_id is not None:
        conditions.append(columns.objects.contains([wanted.object_id]))
    if wanted.since is not None:
        conditions.append(columns.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(columns.at < wanted.until)
    return conditions


@dataclass(frozen=True, slots=True)
class AccessRow:
    """How often an organisation has seen the content of a report for a purpose."""

    agency: str
    purpose: str
    count: int
    last_day: date


async def count_accesses(connection: ReadConnection, report_id: UUID) -> list[AccessRow]:
    """Who has read a report as a part of a lead, by the name of the organisation and purpose."""
    columns = audit_entry.c
    statement = (
        select(
            organisation.c.name,
            columns.purpose,
            func.count(),
            func.date(func.timezone("UTC", func.max(columns.at))),
        )
        .join(organisation, organisation.c.id == columns.organisation_id)
        .where(
            columns.objects.contains([report_id]),
            columns.action.in_([action.value for action in READING]),
        )
        .group_by(organisation.c.id, organisation.c.name, columns.purpose)
        .order_by(organisation.c.name, columns.purpose, organisation.c.id)
    )
    return [AccessRow(*row) for row in await connection.execute(statement)]


async def heads(connection: ReadConnection) -> list[Head]:
    """The stored ends of the chains."""
    statement = select(audit_head.c.chain, audit_head.c.sequence, audit_head.c.hash)
    rows = await connection.execute(statement.order_by(audit_head.c.chain))
    return [Head(row.chain, row.sequence, bytes(row.hash)) for row in rows]


async def last_entries(connection: ReadConnection) -> dict[int, int]:
    """The highest sequence of each chain that has entries, of chains that must not be as well."""
    rows = await connection.execute(
        text(
            """
            SELECT chain, (
              SELECT e.sequence FROM audit_entry AS e WHERE e.chain = c.chain
              ORDER BY e.sequence DESC LIMIT 1) AS last
            FROM (
              SELECT g AS chain FROM generate_series(0, :chains - 1) AS g
              UNION
              SELECT chain FROM audit_entry WHERE chain < 0 OR chain >= :chains) AS c
            """
        ),
        {"chains": CHAINS},
    )
    return {row.chain: row.last for row in rows if row.last is not None}


async def of_chain(
    connection: ReadConnection, chain: int, *, after: int, until: int, limit: int
) -> Sequence[tuple[LoggedEntry, bytes]]:
    """The entries of a chain behind one sequence number and up to another, with their hashes; more
    than `limit` only where several claim to be the last one.
    """
    columns = audit_entry.c
    rows = await connection.execute(
        select(columns.hash, *_COLUMNS)
        .where(columns.chain == chain, columns.sequence > after, columns.sequence <= until)
        .order_by(columns.sequence)
        .fetch(limit, with_ties=True)
    )
    return [(LoggedEntry(*row[1:]), bytes(row[0])) for row in rows]
