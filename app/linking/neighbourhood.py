"""Find the evidence that a piece of work may change: between its reports and those that share
something with them, and between others whose common values now weigh more or less.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeVar
from uuid import UUID

from app.crypto.blind_index import open_index
from app.domain.attributes import AttributeKind, AttributeRole
from app.domain.linkage.blocking import BlockKey
from app.domain.linkage.model import COMPOSED
from app.domain.linkage.scoring import Evidence, SharedValue, compare
from app.domain.linkage.spread import Linking
from app.linking.comparing import Comparing, Reports
from app.linking.standing import Change, Keys, Look, Values
from app.storage.repositories import carriers, links, shared_values
from app.storage.repositories.carriers import ValueRow
from app.storage.repositories.links import Pair, pair_of
from app.storage.session import ReadConnection

_Key = TypeVar("_Key", bytes, int)


@dataclass(frozen=True, slots=True)
class Work:
    """What has to be looked at.

    fresh: reports to be linked for the first time. changed: reports whose content changed.
    values, keys: what was removed from reports. listed: values that were put on the stop-list
    or taken off.
    """

    fresh: frozenset[UUID] = frozenset()
    changed: frozenset[UUID] = frozenset()
    values: frozenset[bytes] = frozenset()
    keys: frozenset[int] = frozenset()
    listed: frozenset[bytes] = frozenset()


@dataclass(slots=True)
class Neighbourhood:
    """The pairs to compare, and what they are compared by.

    kind: what is known of values. pairs: those whose evidence may have changed. revisited:
    reports all of whose pairs are among them. weakened: carriers of what links them less now.
    judged: values whose carriers were looked at, as their standing changed or may have.
    """

    comparing: Comparing
    reports: Reports
    kind: Values
    values: Look[bytes]
    keys: Look[int]
    pairs: set[Pair] = field(default_factory=set)
    revisited: set[UUID] = field(default_factory=set)
    weakened: list[Sequence[UUID]] = field(default_factory=list)
    judged: set[bytes] = field(default_factory=set)

    @classmethod
    def around(cls, comparing: Comparing, listed: frozenset[bytes]) -> "Neighbourhood":
        model = comparing.model
        values, keys = Values(model, listed=listed), Keys(model.spread)
        return cls(comparing, Reports(comparing), values, Look(values), Look(keys))

    def evidence(self) -> dict[Pair, Evidence]:
        """The evidence of every pair that something brings together."""
        found = {}
        for pair in self.pairs:
            one, other = pair
            if one in self.reports.traits and other in self.reports.traits:
                evidence = self.compare(one, other)
                if evidence is not None:
                    found[pair] = evidence
        return found

    def compare(self, one: UUID, other: UUID) -> Evidence | None:
        """The evidence between two reports; None where nothing brings them together, or where
        it is too little to be kept.
        """
        values = list(self._shared_values(one, other))
        keys = self.reports.shared_keys(one, other)
        if not self._compares(one, other, values, keys):
            return None
        least = self.comparing.model.thresholds.attach
        return self._evidence((one, other), values, keys, least=least)

    def brings_together(self, one: UUID, other: UUID) -> bool:
        """Whether something makes these two worth comparing."""
        return self._compares(
            one, other, self._shared_values(one, other), self.reports.shared_keys(one, other)
        )

    def weigh(self, one: UUID, other: UUID) -> Evidence:
        """All evidence between two reports, whether or not something brings them together."""
        values = self._shared_values(one, other)
        return self._evidence((one, other), values, self.reports.shared_keys(one, other), least=0.0)

    def _compares(
        self,
        one: UUID,
        other: UUID,
        values: Iterable[tuple[ValueRow, ValueRow]],
        keys: Iterable[int],
    ) -> bool:
        return any(
            self.values.seen[row.value_index].brings_together(one, other) for row, _ in values
        ) or any(self.keys.seen[index].brings_together(one, other) for index in keys)

    def _evidence(
        self,
        pair: Pair,
        values: Iterable[tuple[ValueRow, ValueRow]],
        keys: Mapping[int, BlockKey],
        *,
        least: float,
    ) -> Evidence:
        traits = self.reports.traits
        return compare(
            (traits[pair[0]], traits[pair[1]]),
            [shared for rows in values if (shared := self._weighed(*rows)) is not None],
            {key: self.keys.seen[index].standing.spread for index, key in keys.items()},
            self.comparing.model,
            least=least,
        )

    def shared(self) -> tuple[set[bytes], set[int]]:
        """What any pair has in common."""
        values: set[bytes] = set()
        keys: set[int] = set()
        known = self.reports.traits
        for one, other in self.pairs:
            if one in known and other in known:
                values |= self.reports.values[one].keys() & self.reports.values[other].keys()
                keys.update(self.reports.shared_keys(one, other))
        return values, keys

    def composed(self) -> set[bytes]:
        """The values of the reports at hand that are compared by their parts."""
        return {
            index
            for values in self.reports.values.values()
            for index, row in values.items()
            if row.kind in COMPOSED
        }

    def _shared_values(self, one: UUID, other: UUID) -> Iterator[tuple[ValueRow, ValueRow]]:
        left, right = self.reports.values[one], self.reports.values[other]
        if self.reports.circles[one] != self.reports.circles[other]:
            return  # One was amended while this step looks at it.
        for index in left.keys() & right.keys():
            yield left[index], right[index]

    def _weighed(self, left: ValueRow, right: ValueRow) -> SharedValue | None:
        """A common value, unless it links nothing or could be two different things."""
        standing = self.values.seen[left.value_index].standing
        if standing.linking is Linking.HUB:
            return None
        if standing.divided and (left.qualifier is None or left.qualifier != right.qualifier):
            return None
        of_firm = AttributeRole.EMPLOYER.value in (left.role, right.role)
        return SharedValue(left.value_index, AttributeKind(left.kind), standing.spread, of_firm)


async def find(connection: ReadConnection, work: Work, comparing: Comparing) -> Neighbourhood:
    """Find the neighbourhood of a piece of work."""
    found = Neighbourhood.around(comparing, work.listed)
    dirty = work.fresh | work.changed
    removed_values, removed_keys = set(work.values | work.listed), set(work.keys)
    asked_values, asked_keys = set(removed_values), set(removed_keys)
    pending = dirty
    while pending or asked_values or asked_keys:
        found.revisited |= pending
        await found.reports.load(connection, pending)
        asked_values |= {v for r in pending for v in found.reports.values.get(r, ())}
        # Also the keys of what is on the stop-list: it is found by them, and so makes them common.
        asked_keys |= {k for r in pending for k in found.reports.keys_of(r)}
        for report in pending & work.changed:
            removed_values.update(found.reports.values.get(report, ()))
            removed_keys.update(found.reports.keys_of(report))
        await _learn(connection, found, asked_values)
        new_values = await found.values.at(connection, asked_values, also=dirty)
        new_keys = await found.keys.at(connection, asked_keys, also=dirty)
        again = await _follow_values(connection, found, new_values, dirty, removed_values)
        await _follow_keys(connection, found, new_keys, dirty, removed_keys)
        _pair_up(found, pending)
        await _gather_stars(connection, found, pending, dirty)
        asked_values, asked_keys = set(), set()
        pending = frozenset(again - found.revisited)
    await _reweigh(connection, found)
    await complete(connection, found, also=dirty)
    return found


async def find_all(
    connection: ReadConnection, batch: Collection[UUID], comparing: Comparing
) -> Neighbourhood:
    """Find the pairs of a batch among all reports, linked or not; of a pair from two batches
    it may be that only one of them finds it.
    """
    found = Neighbourhood.around(comparing, frozenset())
    await found.reports.load(connection, batch)
    values = {v for r in batch for v in found.reports.values.get(r, ())}
    await _learn(connection, found, values)
    keys = {k for r in batch for k in found.reports.keys_of(r)}
    await found.values.at(connection, values, also=None)
    await found.keys.at(connection, keys, also=None)
    found.judged |= values
    _pair_up(found, batch)
    await complete(connection, found, also=None)
    return found


async def complete(
    connection: ReadConnection, found: Neighbourhood, *, also: Collection[UUID] | None
) -> None:
    """Load what the pairs are compared by. What one of two reports has to itself counts as well
    where it is compared by its parts: on the stop-list, it is left out of the comparison.
    """
    await found.reports.load(connection, {report for pair in found.pairs for report in pair})
    values, keys = found.shared()
    await _learn(connection, found, values | found.composed())
    await found.values.at(connection, values, also=also)
    await found.keys.at(connection, keys, also=also)


async def _learn(
    connection: ReadConnection, found: Neighbourhood, values: Collection[bytes]
) -> None:
    """Learn which of these values are on the stop-list, or were hubs before."""
    reasons = await shared_values.reasons(connection, {*values, *map(open_index, values)})
    # What is listed is listed within every circle too; a hub is one of its own circle alone.
    stopped = {each for each in values if reasons.get(open_index(each)) == shared_values.STOPLIST}
    found.kind.hubs.update(reasons.keys() & set(values) - stopped)
    found.kind.stopped.update(stopped)
    if found.kind.stopped:
        found.reports.stop(found.kind.stopped)


async def _follow_values(
    connection: ReadConnection,
    found: Neighbourhood,
    new: Iterable[bytes],
    dirty: Collection[UUID],
    removed: Collection[bytes],
) -> set[UUID]:
    """Pair the carriers of values whose standing changed; returns the carriers of those with
    many that may link more than before, all of whose pairs have to be looked at.
    """
    again: set[UUID] = set()
    changes = await found.values.changes(connection, new, dirty=dirty, removed=removed)
    many = [
        each.key
        for each in changes
        if not each.links_nothing and (each.is_of_many or _alters_reports(found, each))
    ]
    carrying = await carriers.all_of_values(connection, many, also=dirty)
    for change in changes:
        found.judged.add(change.key)
        if change.links_nothing:
            continue
        if change.key not in carrying:
            _follow(found, change)
            continue
        everyone = carrying[change.key]
        if change.weakens:
            found.weakened.append(everyone)
            found.pairs |= _each_with(change.other_representatives, everyone)
        else:
            again |= set(everyone)
    return again


def _alters_reports(found: Neighbourhood, change: Change[bytes]) -> bool:
    """Whether a value that is compared by its parts was put on the stop-list, or taken off: it also
    weighs, or did, between a carrier and one who has something that is only like it.
    """
    return change.key in found.kind.listed and change.now.carriers.kind in COMPOSED


async def _follow_keys(
    connection: ReadConnection,
    found: Neighbourhood,
    new: Iterable[int],
    dirty: Collection[UUID],
    removed: Collection[int],
) -> None:
    for change in await found.keys.changes(connection, new, dirty=dirty, removed=removed):
        _follow(found, change)


def _follow(found: Neighbourhood, change: Change[_Key]) -> None:
    """Note the pairs whose evidence a change may alter, where the carriers are few."""
    if change.weakens and change.before is not None:
        found.weakened.append(change.before.carriers.reports)
        return
    for seen in (change.linked, change.now):
        if not seen.is_sample:
            pairs = combinations(seen.carriers.reports, 2)
            found.pairs |= {pair_of(one, other) for one, other in pairs}


async def _reweigh(connection: ReadConnection, found: Neighbourhood) -> None:
    """What can only have become less matters to those alone who are linked."""
    together: dict[UUID, set[int]] = {}
    for place, reports in enumerate(found.weakened):
        for report in reports:
            together.setdefault(report, set()).add(place)
    for one, other in await links.among(connection, together) if together else ():
        if together[one] & together[other]:
            found.pairs.add((one, other))


async def _gather_stars(
    connection: ReadConnection,
    found: Neighbourhood,
    pending: frozenset[UUID],
    dirty: Collection[UUID],
) -> None:
    """Pair each report that stands for a value with all who carry it."""
    heads = {
        value: pending.intersection(seen.representatives)
        for value, seen in found.values.seen.items()
        if seen.representatives and not pending.isdisjoint(seen.representatives)
    }
    for value, everyone in (await carriers.all_of_values(connection, heads, also=dirty)).items():
        found.pairs |= _each_with(heads[value], everyone)


def _each_with(heads: Iterable[UUID], everyone: Sequence[UUID]) -> set[Pair]:
    return {pair_of(head, other) for head in heads for other in everyone if other != head}


def _pair_up(found: Neighbourhood, pending: Iterable[UUID]) -> None:
    """Pair each report with those that something brings it together with."""
    for report in pending:
        looks = (
            *(found.values.seen[value] for value in found.reports.values.get(report, ())),
            *(found.keys.seen[key] for key in found.reports.keys_of(report)),
        )
        for seen in looks:
            if seen.standing.linking is Linking.PAIRS or report in seen.carriers.alone:
                others: Iterable[UUID] = seen.carriers.reports
            else:
                others = seen.representatives
            found.pairs |= {pair_of(report, other) for other in others if other != report}
