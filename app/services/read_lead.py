"""Read a lead with its member reports, those that the reader may read opened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.crypto.ids import new_id
from app.crypto.sealing import Sealer
from app.domain.access import Principal, Purpose
from app.domain.errors import NotFoundError
from app.domain.sharing import Conditions, may_read
from app.intake.content import Content, open_content
from app.storage.repositories import audit, leads, organisations, reports
from app.storage.repositories.leads import LeadRow
from app.storage.repositories.organisations import OrganisationRow
from app.storage.repositories.reports import ReportRecord
from app.storage.session import WriteConnection


@dataclass(frozen=True, slots=True)
class Member:
    """One report of a lead. `content` is None where it is withheld from this reader."""

    record: ReportRecord
    organisation: OrganisationRow
    content: Content | None


@dataclass(frozen=True, slots=True)
class Visit:
    """Who reads, why, and when: what the access log keeps."""

    principal: Principal
    purpose: Purpose
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Which members are wanted: so many behind one, in order of id. Only these are opened."""

    after: UUID | None
    limit: int


@dataclass(frozen=True, slots=True)
class OpenedLead:
    """A lead and its members, oldest report first."""

    lead: LeadRow
    members: list[Member]

    @property
    def withheld_count(self) -> int:
        return sum(member.content is None for member in self.members)


async def read_lead(
    connection: WriteConnection,
    lead_id: UUID,
    *,
    visit: Visit,
    sealer: Sealer,
    page: Page | None = None,
) -> OpenedLead:
    """The lead as this reader may see it. The access is logged in the same transaction: for
    the lead, and for every report that was opened (Directive (EU) 2016/680, Article 25).

    page: only these members; all without it. Raises NotFoundError. A lead that was merged away
    comes without members.
    """
    lead = await leads.find(connection, lead_id)
    if lead is None:
        raise NotFoundError
    if lead.merged_into is not None:
        return OpenedLead(lead, [])
    wanted = await leads.members(connection, lead_id)
    if page is not None:
        wanted = [each for each in wanted if page.after is None or each > page.after]
        wanted = wanted[: page.limit]
    records = await reports.find_many(connection, wanted)
    owners = await organisations.find_many(
        connection, {record.organisation_id for record in records.values()}
    )
    members = [
        Member(record, owners[record.organisation_id], _open(record, visit.principal, sealer))
        for record in sorted(records.values(), key=lambda each: each.id)
    ]
    entries = [_entry(visit, "lead_read", "lead", lead_id)]
    entries += [
        _entry(visit, "report_read", "report", m.record.id)
        for m in members
        if m.content is not None
    ]
    await audit.record(connection, entries)
    return OpenedLead(lead, members)


def _entry(visit: Visit, action: str, kind: str, object_id: UUID) -> audit.Entry:
    return audit.Entry(new_id(), visit.at, visit.principal, action, kind, object_id, visit.purpose)


def _open(record: ReportRecord, principal: Principal, sealer: Sealer) -> Content | None:
    conditions = Conditions(
        record.organisation_id,
        record.handling_code,
        record.tlp,
        record.share_with,
        record.police,
    )
    readable = may_read(conditions, reader=principal.organisation_id, country=principal.country)
    return open_content(record, sealer) if readable else None
