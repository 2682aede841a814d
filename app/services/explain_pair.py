"""Explain why two reports are, or are not, in one lead, by comparing them anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from app.domain.linkage.reasons import Reason, Situation, reason_of
from app.domain.linkage.scoring import Evidence
from app.domain.linkage.spread import Linking
from app.linking.comparing import Comparing
from app.linking.neighbourhood import Neighbourhood, complete
from app.storage.repositories import judgements, lead_links, links, pairs, places, shared_values
from app.storage.repositories.judgements import JudgementRow
from app.storage.repositories.links import Pair, pair_of
from app.storage.repositories.places import Place
from app.storage.session import ReadConnection

_SEPARATE = "separate"
_NOTHING = Evidence(0.0, strong=False, parts=())


class Unlinking(NamedTuple):
    """A value that both reports carry and that does not link them. reason: spread, stoplist,
    different_country (issued by different ones, or it is not said by which), not_for_linking (by
    its role or for want of consent). note: why it was put on the stop-list.
    """

    value_index: bytes
    kind: str
    reason: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ExplainedPair:
    """Why two reports are together or apart.

    leads: where each of the two is, in the order in which they were asked for. carriers: of the
    values that are named, how many reports of the network carry each in a linking role.
    """

    leads: tuple[UUID | None, UUID | None]
    reason: Reason
    evidence: Evidence
    not_linking: Sequence[Unlinking]
    judgement: JudgementRow | None
    carriers: Mapping[bytes, int]

    @property
    def together(self) -> bool:
        return self.leads[0] is not None and self.leads[0] == self.leads[1]


async def explain_pair(
    connection: ReadConnection, one: UUID, other: UUID, *, comparing: Comparing
) -> ExplainedPair:
    """Compare two different reports, which were not withdrawn, as the linker would now, and write
    nothing. Whether the reader may read both is asked before.
    """
    pair = pair_of(one, other)
    homes = await places.places_of(connection, pair)
    if await places.misplaced(connection, pair):
        at = (_lead_of(homes, one), _lead_of(homes, other))
        return ExplainedPair(at, Reason.WAITING, _NOTHING, (), None, {})
    found = Neighbourhood.around(comparing, frozenset())
    found.pairs.add(pair)
    await complete(connection, found, also=pair)
    between = _Between(
        found.weigh(*pair),
        await _not_linking(connection, found, pair),
        await judgements.in_force(connection, pair),
    )
    reason = reason_of(await _situation(connection, found, pair, homes, between), comparing.model)
    named = {part.value for part in between.evidence.parts if part.value is not None}
    carriers = await lead_links.count_carriers(
        connection, named | {each.value_index for each in between.not_linking}
    )
    return ExplainedPair((_lead_of(homes, one), _lead_of(homes, other)), reason, *between, carriers)


class _Between(NamedTuple):
    """What there is between two reports."""

    evidence: Evidence
    not_linking: Sequence[Unlinking]
    judgement: JudgementRow | None


async def _situation(
    connection: ReadConnection,
    found: Neighbourhood,
    pair: Pair,
    homes: Mapping[UUID, Place],
    between: _Between,
) -> Situation:
    values = {each.value_index for each in between.not_linking} | set(_common(found, pair))
    leads = {home.lead_id for home in homes.values()}
    divided, cut = await _kept_apart(connection, leads)
    return Situation(
        waiting=len(homes) < len(pair) or await pairs.are_waiting(connection, pair, values),
        together=len(homes) == len(pair) and len(leads) == 1,
        evidence=between.evidence,
        attached=len({home.attached for home in homes.values()}) > 1,
        judged=None if between.judgement is None else between.judgement.kind,
        compared=found.compare(*pair) is not None,
        shares=bool(between.not_linking),
        divided=divided,
        cut=cut,
        circles=len({found.reports.circles[report] for report in pair}) > 1,
    )


async def _kept_apart(connection: ReadConnection, leads: set[UUID]) -> tuple[bool, bool]:
    """Whether a judgement separates two leads, and whether strong links lead out of one."""
    if len(leads) == 1:
        return False, False
    homes = await places.members(connection, leads)
    judged = await links.judgements_of(connection, leads=leads)
    divided = any(
        kind == _SEPARATE
        and one in homes
        and other in homes
        and homes[one].lead_id != homes[other].lead_id
        for (one, other), kind in judged.items()
    )
    cores = await places.cores(connection, leads)
    return divided, any(core.cut for core in cores.values())


async def _not_linking(
    connection: ReadConnection, found: Neighbourhood, pair: Pair
) -> list[Unlinking]:
    """The values that both carry and that do not link them, with the reason for each."""
    unfit = await pairs.unfit_values(connection, pair)
    hidden = [Unlinking(each.value_index, each.kind, "not_for_linking") for each in unfit]
    shown = list(_unlinking(found, pair))
    notes = await pairs.notes_of(connection, [each.value_index for each in shown])
    noted = [each._replace(note=notes.get(each.value_index)) for each in shown]
    return sorted([*noted, *hidden], key=lambda each: (each.kind, each.value_index))


def _unlinking(found: Neighbourhood, pair: Pair) -> Iterable[Unlinking]:
    left, right = (found.reports.values[report] for report in pair)
    for index in _common(found, pair):
        standing = found.values.seen[index].standing
        if index in found.kind.stopped:
            yield Unlinking(index, left[index].kind, shared_values.STOPLIST)
        elif standing.linking is Linking.HUB:
            yield Unlinking(index, left[index].kind, shared_values.SPREAD)
        elif standing.divided:
            issuers = {left[index].qualifier, right[index].qualifier}
            if len(issuers) > 1 or None in issuers:
                yield Unlinking(index, left[index].kind, "different_country")


def _common(found: Neighbourhood, pair: Pair) -> Iterable[bytes]:
    left, right = (found.reports.values[report] for report in pair)
    return left.keys() & right.keys()


def _lead_of(homes: Mapping[UUID, Place], report: UUID) -> UUID | None:
    home = homes.get(report)
    return None if home is None else home.lead_id
