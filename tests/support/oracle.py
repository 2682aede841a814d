"""What linking must find, worked out once more in the plainest way: every report with every other,
every value and key with all its carriers, nothing remembered from before.

It shares with the product what two reports weigh, when a value is a hub and how links make leads
(app.domain.linkage), and nothing of how that is kept up to date: no queue, no neighbourhoods, no
regions, no SQL. It is slow and short, so that it can be believed.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from app.domain.attributes import AttributeKind
from app.domain.linkage.blocking import BlockKey, keys_alone, keys_of, marks_of
from app.domain.linkage.model import LinkageModel, power_step
from app.domain.linkage.partition import Judgements, Link, Node, partition
from app.domain.linkage.scoring import SharedValue, compare
from app.domain.linkage.spread import (
    Linking,
    Standing,
    representatives_of,
    standing_of,
    standing_of_key,
)
from app.domain.linkage.traits import PersonTraits, Traits


class Value(NamedTuple):
    """A value of a report in a role that links."""

    kind: AttributeKind
    role: str
    qualifier: str | None


class Known(NamedTuple):
    """A report that was not withdrawn. values: those that may link, by blind index. circle: the
    code of who may know of it.
    """

    traits: Traits
    values: Mapping[bytes, Value]
    rank: int
    circumstances: int
    circle: bytes


class World(NamedTuple):
    """All there is to know. stopped: (kind, normalised value) of the stop-list. judged: of each
    pair, the smaller id first, the latest judgement. index_of: the blind index of a value.
    """

    reports: Mapping[UUID, Known]
    stopped: Collection[tuple[AttributeKind, str]]
    judged: Mapping[tuple[UUID, UUID], str]
    index_of: Callable[[AttributeKind, str], bytes]


class Expected(NamedTuple):
    """What should be stored. links: of each pair of reports the weight, whether it is
    strong, and whether it rests on things alone.
    """

    leads: frozenset[frozenset[UUID]]
    attached: frozenset[UUID]
    cut: frozenset[UUID]
    links: Mapping[tuple[UUID, UUID], tuple[float, bool, bool]]
    hubs: frozenset[bytes]


class _Key(NamedTuple):
    """A block key within a circle."""

    key: BlockKey
    circle: bytes


def _keys(known: Known, traits: Traits) -> frozenset[_Key]:
    return frozenset(_Key(key, known.circle) for key in keys_of(marks_of(traits)))


class _Place(NamedTuple):
    standing: Standing
    heads: Sequence[UUID]

    def brings_together(self, one: UUID, other: UUID) -> bool:
        if self.standing.linking is Linking.PAIRS:
            return True
        star = self.standing.linking is Linking.STAR
        return star and (one in self.heads or other in self.heads)


def expected(world: World, model: LinkageModel) -> Expected:
    """The leads, links and hubs of a world."""
    found = _Found(world, model)
    links = dict(found.links())
    judged = {pair: kind for pair, kind in world.judged.items() if _in_one_circle(pair, world)}
    clusters = partition(
        {report: Node(known.rank) for report, known in world.reports.items()},
        [_link(pair, weight, world) for pair, weight in links.items()],
        Judgements(
            frozenset(pair for pair, kind in judged.items() if kind == "join"),
            frozenset(pair for pair, kind in judged.items() if kind == "separate"),
        ),
        model,
    )
    return Expected(
        leads=frozenset(frozenset(cluster.nodes) for cluster in clusters),
        attached=frozenset(report for cluster in clusters for report in cluster.attached),
        cut=frozenset(report for cluster in clusters if cluster.cut for report in cluster.core),
        links=links,
        hubs=frozenset(
            index
            for index, place in found.values.items()
            if place.standing.linking is Linking.HUB and index not in found.stopped
        ),
    )


def _in_one_circle(pair: tuple[UUID, UUID], world: World) -> bool:
    return len({world.reports[each].circle for each in pair if each in world.reports}) < 2


def _link(pair: tuple[UUID, UUID], found: tuple[float, bool, bool], world: World) -> Link:
    weight, strong, things = found
    low, high = sorted(world.reports[report].rank for report in pair)
    return Link(*pair, weight, strong, (low, high), things)


@dataclass
class _Found:
    world: World
    model: LinkageModel

    def __post_init__(self) -> None:
        circles = {known.circle for known in self.world.reports.values()}
        listed = {self.world.index_of(*value) for value in self.world.stopped}
        self.stopped = {value + circle for value in listed for circle in {b"", *circles}}
        reports = self.world.reports
        self.values = {
            index: self._place_of_value(index, carriers)
            for index, carriers in _carriers({r: known.values for r, known in reports.items()})
        }
        self.keys = {
            key: self._place_of_key(key, carriers)
            for key, carriers in _carriers({r: _keys(k, k.traits) for r, k in reports.items()})
        }
        self.traits = {r: self._not_stopped(known.traits) for r, known in reports.items()}
        self.keys_of = {r: _keys(reports[r], traits) for r, traits in self.traits.items()}

    def links(self) -> Iterator[tuple[tuple[UUID, UUID], tuple[float, bool, bool]]]:
        """Every pair with enough evidence, and what it weighs."""
        for one, other in combinations(sorted(self.world.reports), 2):
            values = self.world.reports[one].values.keys() & self.world.reports[other].values.keys()
            keys = self.keys_of[one] & self.keys_of[other]
            places = [*(self.values[v] for v in values), *(self.keys[k] for k in keys)]
            if not any(place.brings_together(one, other) for place in places):
                continue
            evidence = compare(
                (self.traits[one], self.traits[other]),
                [shared for value in values for shared in self._shared(value, one, other)],
                {key.key: self.keys[key].standing.spread for key in keys},
                self.model,
            )
            if evidence.weight >= self.model.thresholds.attach:
                yield (one, other), (evidence.weight, evidence.strong, evidence.things)

    def _place_of_value(self, index: bytes, carriers: Collection[UUID]) -> _Place:
        spread = self.model.spread
        sample = self._by_rank(carriers)[: spread.sample + 1]
        if index in self.stopped:
            return _Place(Standing(Linking.HUB, power_step(len(sample))), ())
        standing = standing_of(
            [self.world.reports[r].circumstances for r in sample],
            [self.world.reports[r].values[index].qualifier for r in sample],
            spread,
            weak=self.model.is_weak(self.world.reports[sample[0]].values[index].kind),
        )
        where = [self.world.reports[r].circumstances for r in sample]
        return _Place(standing, [sample[place] for place in representatives_of(where, spread)])

    def _place_of_key(self, keyed: _Key, carriers: Collection[UUID]) -> _Place:
        key = keyed.key
        circumstances = [self.world.reports[r].circumstances for r in carriers]
        spread = self.model.spread
        standing = standing_of_key(key.kind, len(carriers), circumstances, spread)
        alone = [r for r in carriers if key in keys_alone(marks_of(self.world.reports[r].traits))]
        return _Place(standing, alone)

    def _by_rank(self, reports: Collection[UUID]) -> list[UUID]:
        return sorted(reports, key=lambda report: (self.world.reports[report].rank, report))

    def _shared(self, index: bytes, one: UUID, other: UUID) -> Iterator[SharedValue]:
        left, right = (self.world.reports[report].values[index] for report in (one, other))
        standing = self.values[index].standing
        if standing.linking is Linking.HUB:
            return
        if standing.divided and (left.qualifier is None or left.qualifier != right.qualifier):
            return
        yield SharedValue(
            index, left.kind, standing.spread, of_firm="employer" in (left.role, right.role)
        )

    def _not_stopped(self, traits: Traits) -> Traits:
        stopped = set(self.world.stopped)
        return traits._replace(
            persons=tuple(p for p in traits.persons if not _values(p) & stopped),
            addresses=tuple(
                a
                for a in traits.addresses
                if (AttributeKind.ADDRESS, f"{a.building}|{a.town}") not in stopped
            ),
        )


def _carriers(of_report):
    """Who carries each value or key."""
    found = {}
    for report, things in of_report.items():
        for thing in things:
            found.setdefault(thing, []).append(report)
    return found.items()


def _values(person: PersonTraits) -> set[tuple[AttributeKind, str]]:
    """The values that a person's names make with a full date of birth."""
    if len(person.birth) < 3:
        return set()
    year, month, day = person.birth
    date = f"{year:04}-{month:02}-{day:02}"
    return {(AttributeKind.PERSON, f"{' '.join(name)}|{date}") for name in person.names}
