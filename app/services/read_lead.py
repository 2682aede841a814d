"""Read a lead with its member reports, those that the reader may read opened."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from app.crypto.sealing import Sealer
from app.domain.errors import NotFoundError
from app.intake.members import Member, Page, Visit, log_read, open_members
from app.storage.repositories import leads
from app.storage.repositories.leads import LeadRow
from app.storage.session import WriteConnection


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
    only: Collection[UUID] | None = None,
) -> OpenedLead:
    """The lead as this reader may see it. The access is logged in the same transaction: for
    the lead, and for every report that was opened (Directive (EU) 2016/680, Article 25).

    page, only: only these members; all without them. Raises NotFoundError. A lead that was merged
    away comes without members.
    """
    lead = await leads.find(connection, lead_id, visit.principal)
    if lead is None:
        raise NotFoundError
    if lead.merged_into is not None:
        return OpenedLead(lead, [])
    wanted = await leads.members(connection, lead_id, visit.principal)
    if page is not None:
        wanted = page.of(wanted)
    if only is not None:
        wanted = [each for each in wanted if each in only]
    members = await open_members(connection, wanted, visit.principal, sealer)
    log_read(connection, members, visit, lead_id=lead_id)
    return OpenedLead(lead, members)
