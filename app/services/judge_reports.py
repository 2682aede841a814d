"""Judge that two reports belong together, or apart: for good, over all that linking finds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from app.crypto.ids import new_id
from app.crypto.sealing import Sealer
from app.domain.access import Principal
from app.domain.audit import Action, Actor, By
from app.domain.errors import Fault, InvalidInputError, LeadMergedError, NotFoundError
from app.intake.readable import is_readable
from app.storage.repositories import audit, judgements, lead_changes, leads, places, reports
from app.storage.repositories.judgements import JudgementRow
from app.storage.repositories.leads import LeadEvent
from app.storage.repositories.links import pair_of
from app.storage.session import ReadConnection, WriteConnection

JUDGEMENT_TABLE = "judgement"
_APART = (
    "not the same agencies may know of the two: they are kept apart, for together they would show "
    "the one to those who may know of the other alone"
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an analyst judges of two different reports, and why."""

    kind: Literal["join", "separate"]
    reports: tuple[UUID, UUID]
    reason: str


async def judge_reports(
    connection: WriteConnection,
    lead_id: UUID,
    given: Judgement,
    *,
    principal: Principal,
    sealer: Sealer,
    now: datetime,
) -> JudgementRow:
    """Store the judgement, note it in the history of the leads that it concerns, and have the
    linker follow it. Of one pair the latest judgement counts; the earlier ones are kept.

    One that says what the organisation's last word on the pair says already is not stored again.
    The lead is locked, so that a merge going on at the same time comes before or after. Raises
    NotFoundError, LeadMergedError, and InvalidInputError for reports that the caller may not
    read, which are refused as those that do not exist, that are both of other leads, or that are
    of two circles.
    """
    found = await leads.lock(connection, lead_id, principal)
    if found is None:
        raise NotFoundError
    if found.merged_into is not None:
        raise LeadMergedError(found.merged_into)
    homes = await _homes(connection, given.reports, principal)
    if lead_id not in homes.values():
        raise InvalidInputError(
            faults=(Fault("/reports", "one of the two at least must be of this lead"),)
        )
    pair = pair_of(*given.reports)
    await judgements.hold(connection, pair)
    before = await judgements.in_force(connection, pair)
    if before is not None and _says_the_same(before, given, principal, sealer):
        return before
    row = _row(lead_id, given, principal, sealer, _later(now, before))
    await judgements.add(connection, row)
    await lead_changes.record_events(
        connection, [_event(each, row, {lead_id, *homes.values()}) for each in set(homes.values())]
    )
    joins = given.kind == "join"
    action = Action.REPORTS_JOINED if joins else Action.REPORTS_SEPARATED
    audit.record(connection, By(Actor.of(principal), now), action, pair)
    return row


async def _homes(
    connection: ReadConnection, pair: tuple[UUID, UUID], principal: Principal
) -> dict[UUID, UUID]:
    """The lead of each of two reports that the caller may know of."""
    records = await reports.find_many(connection, pair)
    homes = await places.places_of(connection, pair)
    unknown = tuple(
        Fault(f"/reports/{place}", "there is no such report in any lead")
        for place, each in enumerate(pair)
        if each not in records or each not in homes or not is_readable(records[each], principal)
    )
    if unknown:
        raise InvalidInputError(faults=unknown)
    one, other = (records[each].circle for each in pair)
    if one != other:
        raise InvalidInputError(faults=(Fault("/reports", _APART),))
    return {report_id: home.lead_id for report_id, home in homes.items()}


def _says_the_same(
    before: JudgementRow, given: Judgement, principal: Principal, sealer: Sealer
) -> bool:
    return (
        before.kind == given.kind
        and before.organisation_id == principal.organisation_id
        and _reason_of(before, sealer) == given.reason
    )


def _reason_of(row: JudgementRow, sealer: Sealer) -> str:
    return sealer.unseal(row.sealed, table=JUDGEMENT_TABLE, record=row.id).decode()


def _later(now: datetime, before: JudgementRow | None) -> datetime:
    """Now, or just behind the last judgement if the clock of another machine is ahead: what
    counts is the one that was made last.
    """
    return now if before is None else max(now, before.at + timedelta(microseconds=1))


def _row(
    lead_id: UUID, given: Judgement, principal: Principal, sealer: Sealer, at: datetime
) -> JudgementRow:
    id_ = new_id()
    return JudgementRow(
        id=id_,
        kind=given.kind,
        pair=pair_of(*given.reports),
        lead_id=lead_id,
        sealed=sealer.seal(given.reason.encode(), table=JUDGEMENT_TABLE, record=id_),
        organisation_id=principal.organisation_id,
        client_id=principal.client_id,
        at=at,
    )


def _event(lead_id: UUID, row: JudgementRow, concerned: set[UUID]) -> LeadEvent:
    others = sorted(concerned - {lead_id})
    return LeadEvent(new_id(), lead_id, "decided", row.at, row.pair, others, (row.kind,))
