"""Leads as they are read: found, listed, their members and their history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_

from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.leads import lead, lead_event, lead_membership


@dataclass(frozen=True, slots=True)
class LeadEvent:
    """One thing that happened to a lead, through which reports and why."""

    id: UUID
    lead_id: UUID
    kind: str
    at: datetime
    reports: Sequence[UUID] = ()
    other_leads: Sequence[UUID] = ()
    causes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead as stored; see the table `lead`."""

    id: UUID
    version: int
    status: str
    merged_into: UUID | None
    created_at: datetime
    updated_at: datetime
    model_version: str
    score: float
    score_parts: dict[str, float]
    report_count: int
    organisation_count: int
    sector_count: int
    first_observed: date | None
    last_observed: date | None
    forms: list[str]
    countries: list[str]
    nuts: list[str]
    indicators: list[str]
    has_children: bool
    completeness: float
    urgency: str


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """Which leads are asked for; None or empty means any. `nuts` is a prefix."""

    status: str | None = None
    form: str | None = None
    country: str | None = None
    nuts: str | None = None
    indicator: str | None = None
    min_score: float | None = None
    min_reports: int = 1
    updated_since: datetime | None = None
    has_children: bool | None = None


_COLUMNS = [lead.c[name] for name in LeadRow.__slots__]


async def find(connection: ReadConnection, lead_id: UUID) -> LeadRow | None:
    """The lead of that id, also one that was merged away."""
    row = (await connection.execute(select(*_COLUMNS).where(lead.c.id == lead_id))).one_or_none()
    return None if row is None else LeadRow(*row)


async def lock(connection: WriteConnection, lead_id: UUID) -> LeadRow | None:
    """The lead of that id, held until the transaction ends."""
    statement = select(*_COLUMNS).where(lead.c.id == lead_id).with_for_update()
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else LeadRow(*row)


async def list_leads(
    connection: ReadConnection,
    wanted: LeadFilter,
    *,
    sort: str,
    after: tuple[float | datetime, UUID] | None,
    limit: int,
) -> list[LeadRow]:
    """Leads that match, by `sort` ("score" or "updated_at") downwards, behind `after`."""
    column = lead.c[sort]
    statement = (
        select(*_COLUMNS)
        .where(lead.c.report_count >= max(wanted.min_reports, 1), *_conditions(wanted))
        .order_by(column.desc(), lead.c.id.desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(tuple_(column, lead.c.id) < tuple_(*after))
    return [LeadRow(*row) for row in await connection.execute(statement)]


def _conditions(wanted: LeadFilter) -> list[ColumnElement[bool]]:
    # Without a date nothing of the lead may be read: it is known to its reporters alone.
    conditions: list[ColumnElement[bool]] = [
        lead.c.report_count > 0,
        lead.c.first_observed.is_not(None),
    ]
    if wanted.status is not None:
        conditions.append(lead.c.status == wanted.status)
    if wanted.form is not None:
        conditions.append(lead.c.forms.contains([wanted.form]))
    if wanted.country is not None:
        conditions.append(lead.c.countries.contains([wanted.country]))
    if wanted.nuts is not None:
        conditions.append(lead.c.regions.contains([wanted.nuts]))
    if wanted.indicator is not None:
        conditions.append(lead.c.indicators.contains([wanted.indicator]))
    if wanted.min_score is not None:
        conditions.append(lead.c.score >= wanted.min_score)
    if wanted.updated_since is not None:
        conditions.append(lead.c.updated_at >= wanted.updated_since)
    if wanted.has_children is not None:
        conditions.append(lead.c.has_children == wanted.has_children)
    return conditions


async def members(connection: ReadConnection, lead_id: UUID) -> list[UUID]:
    """The reports of a lead, oldest first."""
    statement = (
        select(lead_membership.c.report_id)
        .where(lead_membership.c.lead_id == lead_id)
        .order_by(lead_membership.c.report_id)
    )
    return list((await connection.execute(statement)).scalars())


async def is_linked(connection: ReadConnection, report_id: UUID) -> bool:
    """Whether the report is in a lead."""
    statement = select(lead_membership.c.lead_id).where(lead_membership.c.report_id == report_id)
    return await connection.scalar(statement) is not None


async def history(connection: ReadConnection, lead_id: UUID) -> list[LeadEvent]:
    """What happened to a lead, oldest first."""
    columns = [lead_event.c[name] for name in LeadEvent.__slots__]
    statement = select(*columns).where(lead_event.c.lead_id == lead_id).order_by(lead_event.c.id)
    return [LeadEvent(*row) for row in await connection.execute(statement)]
