"""Reports as a reader sees them, opened or withheld, and what the access log keeps of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.crypto.sealing import Sealer
from app.domain.access import Principal, Purpose
from app.domain.audit import Action, Actor, By
from app.intake.content import Content
from app.intake.readable import is_known, open_readable
from app.storage.repositories import audit, organisations, reports
from app.storage.repositories.organisations import OrganisationRow
from app.storage.repositories.report_record import ReportRecord
from app.storage.session import ReadConnection, WriteConnection


@dataclass(frozen=True, slots=True)
class Member:
    """A report as a reader sees it. `content` is None where it is withheld from this reader."""

    record: ReportRecord
    organisation: OrganisationRow
    content: Content | None


@dataclass(frozen=True, slots=True)
class Visit:
    """Who reads, why, and when: what the access log keeps."""

    principal: Principal
    purpose: Purpose
    at: datetime

    @property
    def by(self) -> By:
        """The same for the access log."""
        return By(Actor.of(self.principal), self.at, self.purpose)


@dataclass(frozen=True, slots=True)
class Page:
    """Which members are wanted: so many behind one, in order of id. Only these are opened."""

    after: UUID | None
    limit: int

    def of(self, reports_: Iterable[UUID]) -> list[UUID]:
        """Those of these reports, which are in order, that are on the page."""
        behind = [each for each in reports_ if self.after is None or each > self.after]
        return behind[: self.limit]


async def open_members(
    connection: ReadConnection, wanted: Sequence[UUID], principal: Principal, sealer: Sealer
) -> list[Member]:
    """These reports, oldest first, opened where this reader may read them. Left out are those that
    are not there, or that it may not know of. Raises UnsealError.
    """
    found = await reports.find_many(connection, wanted)
    records = {id_: record for id_, record in found.items() if is_known(record, principal)}
    owners = await organisations.find_many(
        connection, {record.organisation_id for record in records.values()}
    )
    return [
        Member(record, owners[record.organisation_id], open_readable(record, principal, sealer))
        for record in sorted(records.values(), key=lambda each: each.id)
    ]


def log_read(
    connection: WriteConnection,
    members: Iterable[Member],
    visit: Visit,
    *,
    lead_id: UUID | None = None,
) -> None:
    """Keep in the access log which reports were opened, and of which lead if of one (Directive
    (EU) 2016/680, Article 25).
    """
    if lead_id is not None:
        audit.record(connection, visit.by, Action.LEAD_READ, [lead_id])
    log_opened(connection, [m.record for m in members if m.content is not None], visit)


def log_opened(connection: WriteConnection, opened: Iterable[ReportRecord], visit: Visit) -> None:
    """Keep in the access log that the content of these reports was shown: read by the
    organisation that had sent it, disclosed to any other.
    """
    own: list[UUID] = []
    of_others: list[UUID] = []
    for record in opened:
        is_own = record.organisation_id == visit.principal.organisation_id
        (own if is_own else of_others).append(record.id)
    for action, ids in ((Action.REPORTS_READ, own), (Action.REPORTS_DISCLOSED, of_others)):
        if ids:
            audit.record(connection, visit.by, action, ids)
