"""Put reports together into leads: a function of the links and the judgements alone.

Strong evidence makes cores (Group linkage, arXiv 1503.00604: find strong cores first); weak
evidence brings a small group to a core and never chains. Judgements win over both.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, log2
from typing import NamedTuple
from uuid import UUID

from app.domain.linkage.bridges import bridges_of
from app.domain.linkage.model import LinkageModel

REPORTS_WITH_A_THING = 2
"""How many reports of a core must have a thing that brings another group to it."""


class Node(NamedTuple):
    """A report, or a lead that stands for its core. rank: a number that comes from the content,
    of a core the smallest, so that ties fall alike in whatever order reports arrived.
    """

    rank: int
    size: int = 1


class Link(NamedTuple):
    """Evidence between two nodes, from the attaching threshold on. tie: the ranks of the two
    reports that it is between, the smaller first. things: it rests on things that many may
    share. ends: the two reports themselves, where a node stands for more than itself.
    """

    one: UUID
    other: UUID
    weight: float
    strong: bool
    tie: tuple[int, int]
    things: bool = False
    ends: tuple[UUID, UUID] | None = None


@dataclass(frozen=True, slots=True)
class Judgements:
    """Pairs of reports that analysts joined or separated. A pair is in one of the two at most."""

    joined: frozenset[tuple[UUID, UUID]] = frozenset()
    separated: frozenset[tuple[UUID, UUID]] = frozenset()


class Cluster(NamedTuple):
    """Nodes that make one lead: its core, and what weak evidence brought to it.

    cut: strong links lead out of it, which a judgement or the lead's size kept from holding.
    """

    core: tuple[UUID, ...]
    attached: tuple[UUID, ...] = ()
    cut: bool = False

    @property
    def nodes(self) -> tuple[UUID, ...]:
        return (*self.core, *self.attached)


def partition(
    nodes: Mapping[UUID, Node], links: Iterable[Link], judgements: Judgements, model: LinkageModel
) -> list[Cluster]:
    """Every node in exactly one cluster. Links with nodes not given are left out."""
    known = [link for link in links if link.one in nodes and link.other in nodes]
    groups = _Groups(nodes, judgements.separated)
    for one, other in sorted(judgements.joined, key=lambda pair: _order(pair, nodes)):
        groups.merge(one, other)
    joins = [
        Link(one, other, inf, strong=True, tie=(0, 0))
        for one, other in judgements.joined
        if one in nodes and other in nodes
    ]
    cut = _bind(groups, [*joins, *(link for link in known if binds(link, model))], model)
    weak = [link for link in known if not link.strong]
    return _attach(groups, weak, cut, model)


def binds(link: Link, model: LinkageModel) -> bool:
    """Whether a link is enough to put two reports together."""
    return link.strong and link.weight >= model.thresholds.link


def _order(pair: tuple[UUID, UUID], nodes: Mapping[UUID, Node]) -> tuple[object, ...]:
    ranks = sorted(nodes[each].rank if each in nodes else 0 for each in pair)
    return (*ranks, *sorted(pair))


class _Groups:
    """Nodes in groups that grow, but never unite what was judged to be apart. Judgements on
    nodes that are not given have no effect.
    """

    def __init__(
        self, nodes: Mapping[UUID, Node], separated: Collection[tuple[UUID, UUID]] = ()
    ) -> None:
        self.nodes = nodes
        self.root = {node: node for node in nodes}
        self.members = {node: [node] for node in nodes}
        self.sizes = {node: of_node.size for node, of_node in nodes.items()}
        self.separated = [(a, b) for a, b in separated if a in nodes and b in nodes]
        self._apart: dict[UUID, set[UUID]] = {}
        for one, other in self.separated:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)

    def merge(self, one: UUID, other: UUID) -> None:
        """Unite the groups of two nodes, unless a judgement stands between them."""
        if one not in self.root or other not in self.root:
            return
        small, large = self._by_length(one, other)
        if small == large or not self.may_meet(small, large):
            return
        for member in self.members[small]:
            self.root[member] = large
        self.members[large] += self.members.pop(small)
        self.sizes[large] += self.sizes.pop(small)

    def may_meet(self, one: UUID, other: UUID) -> bool:
        """Whether no judgement stands between the groups of two nodes."""
        if not self._apart:
            return True
        small, large = self._by_length(one, other)
        return not any(
            self.root[stranger] == large
            for member in self.members[small]
            for stranger in self._apart.get(member, ())
        )

    def split(self, root: UUID, links: Sequence[Link], *, without: frozenset[UUID]) -> None:
        """Put a group together anew from its links apart from those between two nodes."""
        members = self.members.pop(root)
        del self.sizes[root]
        for member in members:
            self.root[member] = member
            self.members[member] = [member]
            self.sizes[member] = self.nodes[member].size
        for link in links:
            if frozenset((link.one, link.other)) != without:
                self.merge(link.one, link.other)

    def across(self, one: UUID, other: UUID, neighbours: Mapping[UUID, set[UUID]]) -> int:
        """How many links there are between the groups of two nodes."""
        small, large = self._by_length(one, other)
        return sum(
            self.root[neighbour] == large
            for member in self.members[small]
            for neighbour in neighbours.get(member, ())
        )

    def smaller(self, one: UUID, other: UUID) -> int:
        """The size of the smaller of the groups of two nodes."""
        return min(self.sizes[self.root[one]], self.sizes[self.root[other]])

    def _by_length(self, one: UUID, other: UUID) -> tuple[UUID, UUID]:
        a, b = self.root[one], self.root[other]
        return (a, b) if len(self.members[a]) <= len(self.members[b]) else (b, a)


def _bind(groups: _Groups, links: Sequence[Link], model: LinkageModel) -> set[UUID]:
    """Merge along strong links. Where that gives a lead that nobody can read, or one that a
    judgement divides, its links are gone through from the strongest on, so that what falls
    away is the weakest. Returns the nodes of what was cut.
    """
    whole = _Groups(groups.nodes)
    for group in list(groups.members.values()):
        for member in group[1:]:
            whole.merge(group[0], member)
    for link in links:
        whole.merge(link.one, link.other)
    divided = {whole.root[a] for a, b in groups.separated if whole.root[a] == whole.root[b]}
    crowded = {root for root, size in whole.sizes.items() if size > model.leads.readable}
    careful: list[Link] = []
    neighbours: dict[UUID, set[UUID]] = {}
    for link in links:
        if whole.root[link.one] not in divided | crowded:
            groups.merge(link.one, link.other)
            continue
        careful.append(link)
        neighbours.setdefault(link.one, set()).add(link.other)
        neighbours.setdefault(link.other, set()).add(link.one)
    # In a crowd, what closes a triangle comes first: it is no bridge.
    careful.sort(
        key=lambda link: (
            whole.root[link.one] in crowded
            and neighbours[link.one].isdisjoint(neighbours[link.other]),
            -link.weight,
            link.tie,
            sorted((link.one, link.other)),
        )
    )
    for link in careful:
        if whole.root[link.one] not in crowded or _holds(groups, link, neighbours, model):
            groups.merge(link.one, link.other)
    _part(groups, [link for link in careful if whole.root[link.one] in crowded], model)
    return {
        node
        for root in divided | crowded
        for node in whole.members[root]
        if groups.sizes[groups.root[node]] < whole.sizes[root]
    }


def _part(groups: _Groups, links: Sequence[Link], model: LinkageModel) -> None:
    """Part what is still too large to be read at its weakest bridge, as long as it has one that
    weighs too little for what it holds together.
    """
    waiting = list(_within(groups, links, model).items())
    while waiting:
        root, inside = waiting.pop()
        weakest = _weakest_bridge(groups, root, inside, model)
        if weakest is not None:
            groups.split(root, inside, without=weakest)
            waiting += _within(groups, inside, model).items()


def _within(groups: _Groups, links: Iterable[Link], model: LinkageModel) -> dict[UUID, list[Link]]:
    """The links within each group that is too large to be read."""
    within: dict[UUID, list[Link]] = {}
    for link in links:
        root = groups.root[link.one]
        if root == groups.root[link.other] and groups.sizes[root] > model.leads.readable:
            within.setdefault(root, []).append(link)
    return within


def _weakest_bridge(
    groups: _Groups, root: UUID, links: Sequence[Link], model: LinkageModel
) -> frozenset[UUID] | None:
    """The two ends of the bridge that most lacks what it should weigh; None if none does."""
    neighbours: dict[UUID, set[UUID]] = {node: set() for node in groups.members[root]}
    best: dict[frozenset[UUID], Link] = {}
    for link in links:
        neighbours[link.one].add(link.other)
        neighbours[link.other].add(link.one)
        ends = frozenset((link.one, link.other))
        if ends not in best or link.weight > best[ends].weight:
            best[ends] = link
    sizes = {node: groups.nodes[node].size for node in neighbours}
    lacking = []
    for one, other, beyond in bridges_of(neighbours, sizes):
        link = best[frozenset((one, other))]
        smaller = min(beyond, groups.sizes[root] - beyond)
        wanted = model.thresholds.link + model.leads.per_doubling * log2(smaller)
        if link.weight < wanted:
            lacking.append((link.weight - wanted, link.tie, sorted((one, other))))
    return frozenset(min(lacking)[2]) if lacking else None


def _holds(
    groups: _Groups, link: Link, neighbours: Mapping[UUID, set[UUID]], model: LinkageModel
) -> bool:
    """Whether a link of a crowded lead is no weak bridge: strong for the size of the smaller side,
    or one of several across.
    """
    if groups.root[link.one] == groups.root[link.other]:
        return False
    size = groups.smaller(link.one, link.other)
    if link.weight >= model.thresholds.link + model.leads.per_doubling * log2(size):
        return True
    least = max(2, model.leads.share * size)
    return groups.across(link.one, link.other, neighbours) >= least


def _attach(
    groups: _Groups, links: Sequence[Link], cut: set[UUID], model: LinkageModel
) -> list[Cluster]:
    """Bring each small group to the larger core to which the strongest link leads. Things that
    many may share bring it there only if two reports of the core have them. What was attached
    is no core to others, so weak evidence never chains.
    """
    cores = {root: tuple(members) for root, members in groups.members.items()}
    sizes, home = dict(groups.sizes), dict(groups.root)
    order = {
        root: (-sizes[root], min(groups.nodes[node].rank for node in core), min(core))
        for root, core in cores.items()
    }
    offers: dict[UUID, dict[UUID, _Offer]] = {}
    told: set[tuple[UUID, UUID]] = set()
    met: dict[tuple[UUID, UUID], set[UUID]] = {}
    for link in links:
        a, b = home[link.one], home[link.other]
        small, core = (a, b) if order[b] < order[a] else (b, a)
        if a == b or sizes[small] > model.leads.small or sizes[core] < model.leads.core:
            continue
        offer = (-link.weight, link.tie, order[core])
        known = offers.setdefault(small, {})
        known[core] = min(known.get(core, offer), offer)
        ends = link.ends or (link.one, link.other)
        met.setdefault((small, core), set()).add(ends[0] if home[link.one] == core else ends[1])
        if not link.things:
            told.add((small, core))
    attached: dict[UUID, list[UUID]] = {}
    gone: set[UUID] = set()
    for small in sorted(offers, key=lambda root: order[root]):
        for core in sorted(offers[small], key=lambda each: offers[small][each]):
            pair = (small, core)
            enough = pair in told or len(met[pair]) >= REPORTS_WITH_A_THING
            if enough and core not in gone and groups.may_meet(cores[small][0], cores[core][0]):
                groups.merge(cores[small][0], cores[core][0])
                attached.setdefault(core, []).extend(cores[small])
                gone.add(small)
                break
    return [
        Cluster(core, tuple(attached.get(root, ())), cut=core[0] in cut)
        for root, core in cores.items()
        if root not in gone
    ]


_Offer = tuple[float, tuple[int, int], tuple[int, int, UUID]]
"""What a link offers, the best first: its weight, then what breaks ties."""
