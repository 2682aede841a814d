"""Record what became of a lead, and tell every contributing reporter in the same transaction."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.crypto.ids import new_id
from app.crypto.sealing import Sealer
from app.domain.access import Principal, Purpose
from app.domain.acting import FEEDBACK
from app.domain.audit import Action, Actor, By
from app.domain.errors import LeadMergedError, NotFoundError
from app.domain.leads import LeadStatus
from app.storage.repositories import audit, feedback, lead_changes, leads
from app.storage.repositories.feedback import OutcomeRow
from app.storage.repositories.leads import LeadEvent
from app.storage.session import WriteConnection, acting

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
    report of the lead is missed. Raises NotFoundError and LeadMergedError.
    """
    found = await leads.lock(connection, lead_id, principal)
    if found is None:
        raise NotFoundError
    if found.merged_into is not None:
        raise LeadMergedError(found.merged_into)
    outcome_id = new_id()
    private = json.dumps({"message": given.message, "internal_note": given.internal_note})
    row = OutcomeRow(
        id=outcome_id,
        lead_id=lead_id,
        status=given.status.value,
        sealed=sealer.seal(private.encode(), table=OUTCOME_TABLE, record=outcome_id),
        organisation_id=principal.organisation_id,
        client_id=principal.client_id,
        at=now,
    )
    await feedback.add_outcome(connection, row)
    await lead_changes.record_events(
        connection,
        [LeadEvent(new_id(), lead_id, "outcome", now, (), (), (given.status.value,))],
    )
    # Also of reports that the analyst may not read, whose senders are told all the same.
    async with acting(connection, FEEDBACK):
        told = await feedback.tell(connection, [lead_id], now=now)
    by = By(Actor.of(principal), now, given.purpose)
    audit.record(connection, by, Action.OUTCOME_RECORDED, [lead_id])
    if told:
        audit.record(connection, by, Action.FEEDBACK_TOLD, told)
    return row
