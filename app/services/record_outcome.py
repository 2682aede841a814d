"""Record what became of a lead, and tell every contributing reporter in the same transaction."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.crypto.ids import new_id
from app.crypto.sealing import Sealer
from app.domain.access import Principal, Purpose
from app.domain.errors import NotFoundError
from app.domain.leads import LeadStatus
from app.domain.reports import ReportStatus
from app.storage.repositories import audit, feedback, lead_changes, leads, reports
from app.storage.repositories.feedback import FeedbackRow, OutcomeRow
from app.storage.repositories.leads import LeadEvent
from app.storage.repositories.reports import ReportRecord
from app.storage.session import WriteConnection

FEEDBACK_TABLE = "feedback"
OUTCOME_TABLE = "outcome"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an analyst records. `message` goes to reporters, `internal_note` never does."""

    status: LeadStatus
    message: str | None
    internal_note: str | None
    purpose: Purpose | None


async def record_outcome(
    connection: WriteConnection,
    lead_id: UUID,
    given: Outcome,
    *,
    principal: Principal,
    sealer: Sealer,
    now: datetime,
) -> OutcomeRow:
    """Store the outcome and publish it to the feeds of all who reported.

    The lead is locked, so that a merge going on at the same time comes before or after, and no
    report of the lead is missed. Raises NotFoundError, also for a lead that was merged away.
    """
    found = await leads.lock(connection, lead_id)
    if found is None or found.merged_into is not None:
        raise NotFoundError
    private = json.dumps({"message": given.message, "internal_note": given.internal_note})
    outcome_id = new_id()
    row = OutcomeRow(
        id=outcome_id,
        lead_id=lead_id,
        status=given.status.value,
        sealed=sealer.seal(private.encode(), table=OUTCOME_TABLE, record=outcome_id),
        organisation_id=principal.organisation_id,
        client_id=principal.client_id,
        at=now,
    )
    members = await reports.find_many(connection, list(await leads.members(connection, lead_id)))
    await feedback.add_outcome(connection, row)
    await lead_changes.record_events(
        connection,
        [LeadEvent(new_id(), lead_id, "outcome", now, (), (), (given.status.value,))],
    )
    entry = audit.Entry(
        new_id(), now, principal, "outcome_recorded", "lead", lead_id, given.purpose
    )
    await audit.record(connection, [entry])
    await _tell(connection, row, list(members.values()), given.message, sealer)
    return row


async def _tell(
    connection: WriteConnection,
    outcome: OutcomeRow,
    members: list[ReportRecord],
    message: str | None,
    sealer: Sealer,
) -> None:
    by_organisation: dict[UUID, list[ReportRecord]] = {}
    for member in sorted(members, key=lambda each: each.id):
        if member.status == ReportStatus.WITHDRAWN:
            continue  # erased, and about to leave the lead
        by_organisation.setdefault(member.organisation_id, []).append(member)
    if not by_organisation:
        return
    counts = {organisation_id: len(own) for organisation_id, own in by_organisation.items()}
    last = await feedback.advance_feeds(connection, counts)
    rows = [
        FeedbackRow(
            organisation_id=organisation_id,
            position=last[organisation_id] - len(own) + 1 + place,
            report_id=member.id,
            outcome_id=outcome.id,
            external_ref=member.external_ref,
            status=outcome.status,
            sealed=None
            if message is None
            else sealer.seal(message.encode(), table=FEEDBACK_TABLE, record=member.id),
            at=outcome.at,
        )
        for organisation_id, own in by_organisation.items()
        for place, member in enumerate(own)
    ]
    await feedback.publish(connection, rows)
