"""Leads as an agency reads them: found, listed, their members and their history. Of what the
reader may not know nothing is found here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_

from app.domain.access import Principal
from app.domain.indicators import AgeGroup
from app.storage.repositories.knowing import known_among, known_to, names
from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.leads import lead, lead_event, lead_membership
from app.storage.tables.reports import report


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
    restricted: bool


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


_CHILDREN = (AgeGroup.CHILD.value, AgeGroup.MIXED.value)
_COLUMNS = [lead.c[name] for name in LeadRow.__slots__]


async def find(connection: ReadConnection, lead_id: UUID, reader: Principal) -> LeadRow | None:
    """The lead of that id, also one that was merged away."""
    row = (await connection.execute(_lead(lead_id, reader))).one_or_none()
    return None if row is None else LeadRow(*row)


async def find_many(
    connection: ReadConnection, ids: Collection[UUID], reader: Principal
) -> list[LeadRow]:
    """The leads of these ids, oldest first."""
    statement = select(*_COLUMNS).where(lead.c.id.in_(list(ids)), known_to(reader, lead))
    return [LeadRow(*row) for row in await connection.execute(statement.order_by(lead.c.id))]


async def lock(connection: WriteConnection, lead_id: UUID, reader: Principal) -> LeadRow | None:
    """The lead of that id, held until the transaction ends."""
    statement = _lead(lead_id, reader).with_for_update()
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else LeadRow(*row)


def _lead(lead_id: UUID, reader: Principal) -> Select[Any]:
    return select(*_COLUMNS).where(lead.c.id == lead_id, known_to(reader, lead))


async def list_leads(
    connection: ReadConnection,
    wanted: LeadFilter,
    reader: Principal,
    *,
    sort: str,
    after: tuple[float | datetime, UUID] | None,
    limit: int,
) -> list[LeadRow]:
    """Leads that match, by `sort` ("score" or "updated_at") downwards, behind `after`."""
    column = lead.c[sort]
    statement = (
        select(*_COLUMNS)
        .where(
            lead.c.report_count >= max(wanted.min_reports, 1),
            known_to(reader, lead),
            *_conditions(wanted, reader),
        )
        .order_by(column.desc(), lead.c.id.desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(tuple_(column, lead.c.id) < tuple_(*after))
    return [LeadRow(*row) for row in await connection.execute(statement)]


def _conditions(wanted: LeadFilter, reader: Principal) -> list[ColumnElement[bool]]:
    # Of a lead of which the reader may read nothing there is nothing to list.
    conditions = [
        lead.c.report_count > 0,
        _says(reader, lead.c.first_observed.is_not(None)),
    ]
    if wanted.status is not None:
        conditions.append(lead.c.status == wanted.status)
    if wanted.min_score is not None:
        conditions.append(lead.c.score >= wanted.min_score)
    if wanted.updated_since is not None:
        conditions.append(lead.c.updated_at >= wanted.updated_since)
    if wanted.form is not None:
        said = report.c.forms.contains([wanted.form])
        conditions.append(_says(reader, lead.c.forms.contains([wanted.form]), said))
    if wanted.country is not None:
        said = report.c.country == wanted.country
        conditions.append(_says(reader, lead.c.countries.contains([wanted.country]), said))
    if wanted.nuts is not None:
        said = func.starts_with(report.c.nuts, wanted.nuts)
        conditions.append(_says(reader, lead.c.regions.contains([wanted.nuts]), said))
    if wanted.indicator is not None:
        codes = [wanted.indicator]
        said = report.c.indicators.contains(codes)
        conditions.append(_says(reader, lead.c.indicators.contains(codes), said))
    if wanted.has_children is not None:
        child = _says(reader, lead.c.has_children, report.c.age.in_(_CHILDREN))
        conditions.append(child if wanted.has_children else ~child)
    return conditions


def _says(
    reader: Principal, for_all: ColumnElement[bool], *said: ColumnElement[bool]
) -> ColumnElement[bool]:
    """That a lead says something to this reader: to everybody who may know of it, or by one of the
    reports that this reader may read and not everybody.
    """
    read = exists().where(
        lead_membership.c.lead_id == lead.c.id,
        report.c.id == lead_membership.c.report_id,
        report.c.readers.overlap(names(reader)),
        known_to(reader, report),
        *said,
    )
    return or_(for_all, and_(lead.c.restricted, read))


async def members(connection: ReadConnection, lead_id: UUID, reader: Principal) -> list[UUID]:
    """The reports of a lead, oldest first."""
    statement = select(lead_membership.c.report_id).where(lead_membership.c.lead_id == lead_id)
    placed = (await connection.execute(statement)).scalars().all()
    return sorted(await known_among(connection, report, placed, reader))


async def is_linked(connection: ReadConnection, report_id: UUID) -> bool:
    """Whether the report is in a lead."""
    statement = select(lead_membership.c.lead_id).where(lead_membership.c.report_id == report_id)
    return await connection.scalar(statement) is not None


async def history(connection: ReadConnection, lead_id: UUID, reader: Principal) -> list[LeadEvent]:
    """What happened to a lead, oldest first, without the reports and leads that the reader may not
    know of: reports may have gone into another circle since.
    """
    columns = [lead_event.c[name] for name in LeadEvent.__slots__]
    statement = select(*columns).where(lead_event.c.lead_id == lead_id).order_by(lead_event.c.id)
    events = [LeadEvent(*row) for row in await connection.execute(statement)]
    reports = await known_among(
        connection, report, {each for event in events for each in event.reports}, reader
    )
    leads = await known_among(
        connection, lead, {each for event in events for each in event.other_leads}, reader
    )
    told = (_as_known(event, reports, leads) for event in events)
    return [event for event in told if event is not None]


def _as_known(event: LeadEvent, reports: set[UUID], leads: set[UUID]) -> LeadEvent | None:
    """What is left of an event for who knows of these alone; None where that says nothing."""
    left = [each for each in event.reports if each in reports]
    others = [each for each in event.other_leads if each in leads]
    of_unknown = len(left) < len(event.reports)
    if of_unknown and (event.kind == "decided" or not (left or others)):
        return None
    return replace(event, reports=left, other_leads=others)
