"""Read a lead with the reports that it had at a time in the past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.crypto.sealing import Sealer
from app.domain.access import Principal
from app.domain.errors import Fault, InvalidInputError, NotFoundError
from app.intake.members import Member, Page, Visit, log_read, open_members
from app.storage.repositories import lead_past, leads
from app.storage.repositories.leads import LeadRow
from app.storage.session import ReadConnection, WriteConnection


@dataclass(frozen=True, slots=True)
class PastLead:
    """A lead with the reports that it had at `at`. Everything else that is known of a lead is
    known of the present alone.

    members: of the page that was asked for. merged_into: the lead that it was merged into by then;
    there are no reports in that case.
    """

    lead: LeadRow
    at: datetime
    reports: Sequence[UUID] = ()
    members: Sequence[Member] = ()
    merged_into: UUID | None = None


async def read_past_lead(
    connection: WriteConnection,
    lead_id: UUID,
    at: datetime,
    *,
    visit: Visit,
    sealer: Sealer,
    page: Page | None = None,
) -> PastLead:
    """The lead with its reports of a past time. What they say is what they say today, to those
    who may read it today; a report that was withdrawn since has no content.

    page: which reports to open; none without it. Raises NotFoundError where the lead is unknown or
    did not exist yet, InvalidInputError for a time to come. The access is logged as in `read_lead`.
    """
    if at > visit.at:
        raise InvalidInputError(faults=(Fault("/query/as_of", "must not lie in the future"),))
    lead = await leads.find(connection, lead_id, visit.principal)
    if lead is None or lead.created_at > at:
        raise NotFoundError
    heir = await _heir_at(connection, lead, at, visit.principal)
    if heir is not None:
        return PastLead(lead, at, merged_into=heir)
    found = await lead_past.members_at(connection, lead_id, at, visit.principal)
    wanted = [] if page is None else page.of(found)
    members = await open_members(connection, wanted, visit.principal, sealer)
    log_read(connection, members, visit, lead_id=lead_id)
    return PastLead(lead, at, found, members)


async def _heir_at(
    connection: ReadConnection, lead: LeadRow, at: datetime, reader: Principal
) -> UUID | None:
    """The lead that stood in the place of this one at a time; None where it stood itself."""
    heir = None
    here: LeadRow | None = lead
    while here is not None and here.merged_into is not None:
        merge = await lead_past.merge_of(connection, here.id)
        if merge is None or merge.at > at:
            break
        heir = merge.heir
        here = await leads.find(connection, heir, reader)
    return heir
