"""Write down what changed: new leads, growth, merges, splits, and the history of each.

Everything happens in the caller's transaction, so that a reader sees all of it or nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from app.domain.audit import Action, Actor, By
from app.domain.figures import Urgency
from app.domain.leads import Summary, score_parts
from app.domain.linkage.identity import Group
from app.domain.screening import Figures, Told
from app.linking.occasion import Occasion
from app.storage.repositories import audit, feedback
from app.storage.repositories import lead_changes as leads
from app.storage.repositories.lead_changes import (
    CoreOfLead,
    Placing,
    ScoredSummary,
    Summed,
)
from app.storage.repositories.leads import LeadEvent
from app.storage.repositories.places import Place
from app.storage.session import WriteConnection


@dataclass(frozen=True, slots=True)
class Writing:
    """What writing needs besides the groups.

    screen: what the signs of a lead's reports indicate together. actor: on whose behalf it is
    linked, for the access log.
    """

    now: datetime
    new_id: Callable[[], UUID]
    model_version: str
    screen: Callable[[Sequence[Told]], Figures]
    actor: Actor


@dataclass(slots=True)
class _Changes:
    joined: dict[UUID, dict[UUID, UUID | None]] = field(default_factory=dict)
    absorbed: dict[UUID, UUID] = field(default_factory=dict)
    left: dict[UUID, dict[UUID, UUID | None]] = field(default_factory=dict)
    opened: set[UUID] = field(default_factory=set)
    places: list[Placing] = field(default_factory=list)


async def write(
    connection: WriteConnection,
    groups: Sequence[Group],
    before: Mapping[UUID, Place | None],
    occasion: Occasion,
    writing: Writing,
) -> set[UUID]:
    """Bring the stored leads to what `groups` say; returns the leads that changed.

    before: where each report of the groups was.
    """
    changes = _changes_of(groups, occasion.leaving)
    restated = await _restate(connection, groups, before)
    changed = set(changes.joined) | set(changes.absorbed) | set(changes.left) | occasion.leads
    changed |= restated
    if not changed:
        await _note_cuts(connection, groups)
        return set()
    movers = [r for joined in changes.joined.values() for r, old in joined.items() if old] + [
        *occasion.leaving
    ]
    if movers:
        await leads.leave(connection, movers, now=writing.now)
    merged: dict[UUID, list[UUID]] = {}
    if changes.absorbed:
        merged = await leads.absorb(connection, changes.absorbed, now=writing.now)
    await leads.place(connection, changes.places, now=writing.now)
    await _summarise(connection, changed - set(changes.absorbed), changes.opened, writing)
    await _note_cuts(connection, groups)
    await leads.record_events(connection, list(_history(changes, merged, occasion.causes, writing)))
    told = await feedback.tell(connection, set(changes.joined) | occasion.leads, now=writing.now)
    by = By(writing.actor, writing.now)
    combined = _combined(changes)
    if combined:
        audit.record(connection, by, Action.LEADS_COMBINED, sorted(combined))
    if told:
        audit.record(connection, by, Action.FEEDBACK_TOLD, told)
    return changed


def _combined(changes: _Changes) -> set[UUID]:
    """The leads in which reports came together, and those that went up in another."""
    grown = {
        lead_id
        for lead_id, joined in changes.joined.items()
        if len(joined) > 1 or (joined and lead_id not in changes.opened)
    }
    return grown | changes.absorbed.keys() | set(changes.absorbed.values())


async def _note_cuts(connection: WriteConnection, groups: Iterable[Group]) -> None:
    await leads.note_cuts(connection, {group.lead_id: group.cluster.cut for group in groups})


async def _restate(
    connection: WriteConnection, groups: Iterable[Group], before: Mapping[UUID, Place | None]
) -> set[UUID]:
    """Note where weak evidence holds a report now that strong evidence held before, or the other
    way about; returns the leads concerned.
    """
    attached: dict[UUID, bool] = {}
    concerned: set[UUID] = set()
    for group in groups:
        weakly = set(group.cluster.attached)
        for report in group.cluster.nodes:
            place = before.get(report)
            stays = place is not None and place.lead_id == group.lead_id
            if stays and place is not None and place.attached != (report in weakly):
                attached[report] = report in weakly
                concerned.add(group.lead_id)
    if attached:
        await leads.attach(connection, attached)
    return concerned


def _changes_of(groups: Iterable[Group], leaving: Mapping[UUID, UUID]) -> _Changes:
    changes = _Changes()
    for group in groups:
        if not group.is_changed:
            continue
        changes.joined[group.lead_id] = group.joined
        attached = set(group.cluster.attached)
        changes.places += [Placing(r, group.lead_id, r in attached) for r in group.joined]
        if group.is_new:
            changes.opened.add(group.lead_id)
        for lead_id in group.absorbed:
            changes.absorbed[lead_id] = group.lead_id
        for report_id, old in group.joined.items():
            if old is not None:
                changes.left.setdefault(old, {})[report_id] = group.lead_id
    for report_id, lead_id in leaving.items():
        changes.left.setdefault(lead_id, {})[report_id] = None
    return changes


async def _summarise(
    connection: WriteConnection, changed: set[UUID], opened: set[UUID], writing: Writing
) -> None:
    found = await leads.summarise(connection, changed)
    scored = [_scored(lead_id, summed, writing) for lead_id, summed in found.items()]
    emptied = [
        ScoredSummary(id_, _NOTHING, 0.0, {}, CoreOfLead(0, 0), 0.0, Urgency.NONE_KNOWN.value)
        for id_ in changed
        if id_ not in found
    ]
    await leads.open_leads(
        connection,
        [s for s in scored if s.lead_id in opened],
        model_version=writing.model_version,
        now=writing.now,
    )
    old = [s for s in scored if s.lead_id not in opened] + emptied
    if old:
        await leads.store_summaries(connection, old, now=writing.now)


def _scored(lead_id: UUID, summed: Summed, writing: Writing) -> ScoredSummary:
    figures = writing.screen(summed.signs)
    summary = replace(summed.summary, elements=figures.elements)
    parts = score_parts(summary)
    score = round(sum(parts.values()), 2)
    return ScoredSummary(
        lead_id,
        summary,
        score,
        parts,
        summed.core,
        figures.completeness,
        figures.urgency,
        summed.circle,
        summed.restricted,
    )


_NOTHING = Summary(0, 0, 0, None, None, [], [], [], [], has_children=False, elements=0)


def _history(
    changes: _Changes,
    merged: Mapping[UUID, Sequence[UUID]],
    causes: Mapping[UUID, str],
    writing: Writing,
) -> Iterable[LeadEvent]:
    """What happened to each lead, by which reports and why."""
    told = [*_arrivals(changes, merged), *_departures(changes)]
    for lead_id, kind, reports, others in told:
        why = sorted({causes[r] for r in reports if r in causes}) or [_UNTIED]
        yield LeadEvent(writing.new_id(), lead_id, kind, writing.now, reports, others, why)


_UNTIED = "value_ceased_to_link"
_Told = tuple[UUID, str, list[UUID], list[UUID]]


def _arrivals(changes: _Changes, merged: Mapping[UUID, Sequence[UUID]]) -> Iterable[_Told]:
    """What happened to the leads that took something in."""
    for lead_id, joined in changes.joined.items():
        origins = sorted({old for old in joined.values() if old is not None})
        absorbed = [old for old, heir in changes.absorbed.items() if heir == lead_id]
        if lead_id in changes.opened:
            yield lead_id, "split" if origins else "created", list(joined), origins
        elif absorbed:
            yield lead_id, "merged", [*merged.get(lead_id, ()), *joined], absorbed
        elif joined:
            yield lead_id, "grew", list(joined), origins


def _departures(changes: _Changes) -> Iterable[_Told]:
    """What happened to the leads that lost something, or went up in another."""
    for lead_id, heir in changes.absorbed.items():
        yield lead_id, "merged", list(changes.left.get(lead_id, ())), [heir]
    for lead_id, left in changes.left.items():
        if lead_id in changes.absorbed:
            continue
        gone = [r for r, heir in left.items() if heir is None]
        apart = [r for r, heir in left.items() if heir is not None]
        if gone:
            yield lead_id, "shrank", gone, []
        if apart:
            heirs = sorted({heir for heir in left.values() if heir is not None})
            yield lead_id, "split", apart, heirs
