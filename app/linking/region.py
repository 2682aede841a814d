"""Gather what has to be put together anew, and nothing else.

Strong evidence is followed wherever it leads. A lead with a core of some size that is only added
to stands in for all its reports, so that growth costs nothing per old member; one that may fall
apart, that a judgement concerns, or that is so small that weak evidence may bring it elsewhere,
is taken apart into its reports. Weak evidence is followed only where it may bring something
somewhere: down from a core to the small groups that may come to it, up from a small group to the
cores to which it may go. Between two reports that are alone it brings nobody anywhere.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.domain.linkage.clustering import clusters_of
from app.domain.linkage.model import LinkageModel
from app.domain.linkage.partition import (
    REPORTS_WITH_A_THING,
    Cluster,
    Judgements,
    Link,
    Node,
)
from app.storage.repositories import links, places
from app.storage.repositories.links import Pair, Weight
from app.storage.repositories.places import Core, Place
from app.storage.session import ReadConnection


@dataclass(frozen=True, slots=True)
class Start:
    """Where a region begins.

    fresh: reports that are in no lead yet. broken: leads that may fall apart. changed: the links
    that changed. leaving: withdrawn reports.
    """

    fresh: Collection[UUID]
    broken: Collection[UUID]
    changed: Collection[Pair]
    leaving: Collection[UUID]


@dataclass(slots=True)
class Region:
    """What one step puts together.

    loose: reports on their own, with where each was before (None: nowhere). intact: leads that
    stand for their cores. broken: leads that are put together anew from their reports. homes:
    where reports are that are linked with loose ones.
    """

    loose: dict[UUID, Place | None] = field(default_factory=dict)
    intact: dict[UUID, Core] = field(default_factory=dict)
    broken: set[UUID] = field(default_factory=set)
    ranks: dict[UUID, int] = field(default_factory=dict)
    links: dict[Pair, Weight] = field(default_factory=dict)
    judgements: dict[Pair, str] = field(default_factory=dict)
    homes: dict[UUID, Place] = field(default_factory=dict)

    def nodes(self) -> dict[UUID, Node]:
        """The nodes to partition."""
        nodes = {report: Node(self.ranks[report]) for report in self.loose}
        return nodes | {lead: Node(core.rank, core.size) for lead, core in self.intact.items()}

    def between(self) -> list[Link]:
        """The links between nodes: of several between the same two, all."""
        found = []
        for (one, other), weight in self.links.items():
            a, b = self.node(one), self.node(other)
            if a is not None and b is not None and a != b:
                ends = (one, other)
                found.append(
                    Link(a, b, weight.weight, weight.strong, weight.ranks, weight.things, ends)
                )
        return found

    def judged(self) -> Judgements:
        """The judgements between loose reports."""
        return judgements_from(self.judgements)

    def with_old_cuts(self, clusters: Iterable[Cluster]) -> list[Cluster]:
        """The clusters with what is known of the leads that stand in here: one that was cut is
        opened where a strong link leads to it, so what is intact yet is cut as before.
        """
        return [
            each._replace(cut=each.cut or any(self._was_cut(node) for node in each.core))
            for each in clusters
        ]

    def _was_cut(self, node: UUID) -> bool:
        core = self.intact.get(node)
        return core is not None and core.cut

    def node(self, report: UUID) -> UUID | None:
        """What stands for a report: itself, its lead, or nothing in this region."""
        if report in self.loose:
            return report
        home = self.homes.get(report)
        if home is None or home.attached or home.lead_id not in self.intact:
            return None
        return home.lead_id


def judgements_from(kinds: Mapping[Pair, str]) -> Judgements:
    """Judgements as the partition takes them."""
    return Judgements(
        frozenset(pair for pair, kind in kinds.items() if kind == "join"),
        frozenset(pair for pair, kind in kinds.items() if kind == "separate"),
    )


async def gather(connection: ReadConnection, start: Start, model: LinkageModel) -> Region:
    """Gather the region around these reports, leads and links."""
    gathering = _Gathering(connection, model, frozenset(start.leaving))
    await gathering.loosen(dict.fromkeys(start.fresh))
    await gathering.take_apart(start.broken)
    await gathering.enter_changed(start.changed)
    await gathering.settle()
    return gathering.region


@dataclass(slots=True)
class _Gathering:
    connection: ReadConnection
    model: LinkageModel
    leaving: frozenset[UUID]
    region: Region = field(default_factory=Region)
    _asked: set[UUID] = field(default_factory=set)

    async def settle(self) -> None:
        """Follow links from loose reports until everything that may change is loose, and
        everything else that it hangs on is intact.
        """
        while True:
            while new := self.region.loose.keys() - self._asked:
                self._asked |= new
                found = await links.incident(self.connection, new)
                await self._know(found)
                await self._judge(new)
                await self._enter(end for each in found if self._binds(each) for end in each.pair)
            clusters = self._clusters()
            if too_much := self._merged(clusters) | self._crowded(clusters):
                await self.take_apart(too_much)
            elif not await self._follow_weak(clusters):
                return

    async def loosen(self, reports: Mapping[UUID, Place | None]) -> None:
        """Make reports loose."""
        new = {r: place for r, place in reports.items() if r not in self.region.loose}
        if new:
            self.region.loose |= new
            self.region.ranks |= await places.ranks_of(self.connection, new)

    async def take_apart(self, leads: Collection[UUID]) -> None:
        """Make all reports of these leads loose."""
        new = set(leads) - self.region.broken
        if new:
            self.region.broken |= new
            for lead in new:
                self.region.intact.pop(lead, None)
            members = await places.members(self.connection, new)
            await self.loosen({r: p for r, p in members.items() if r not in self.leaving})

    async def enter_changed(self, pairs: Collection[Pair]) -> None:
        """Bring in what links that changed may have held, or may hold now."""
        found = {link.pair: link for link in await links.of_pairs(self.connection, pairs)}
        await self._know(found.values(), besides={report for pair in pairs for report in pair})
        binding = [link.pair for link in found.values() if self._binds(link)]
        await self._enter(report for pair in binding for report in pair)
        homes = self.region.homes
        weak = [pair for pair in pairs if pair not in found or not self._binds(found[pair])]
        ends = {report for pair in weak for report in pair}
        await self.loosen({r: homes[r] for r in ends if r in homes and homes[r].attached})
        await self.take_apart(
            {
                homes[one].lead_id
                for pair in weak
                for one, other in (pair, pair[::-1])
                if one in homes
                and other in homes
                and not homes[one].attached
                and self._may_come(homes[one].core, homes[other].core)
            }
        )

    async def _know(self, found: Iterable[Weight], besides: Collection[UUID] = ()) -> None:
        """Add links, and learn where their ends are, and these reports besides."""
        new = {link.pair: link for link in found}
        self.region.links |= new
        ends = {report for pair in new for report in pair}.union(besides)
        missing = ends - self.region.loose.keys() - self.region.homes.keys() - self.leaving
        if missing:
            self.region.homes |= await places.places_of(self.connection, missing)

    async def _enter(self, reports: Iterable[UUID]) -> None:
        """Bring strongly linked reports in: loose where what they are part of is small, else by
        their leads.
        """
        region = self.region
        outside = {r: region.homes[r] for r in reports if r in region.homes}
        outside = {r: home for r, home in outside.items() if r not in region.loose}
        await self.loosen({r: home for r, home in outside.items() if home.attached})
        await self._stand_in({home.lead_id for home in outside.values() if not home.attached})
        await self.take_apart(
            {
                home.lead_id
                for home in outside.values()
                if not home.attached and self._must_open(home.lead_id)
            }
        )

    def _must_open(self, lead: UUID) -> bool:
        core = self.region.intact.get(lead)
        leads = self.model.leads
        return core is not None and (
            # Of one that is large even a stronger link within may change how it is cut.
            not leads.small < core.size <= leads.readable or core.cut or core.judged
        )

    async def _stand_in(self, leads: Collection[UUID]) -> bool:
        """Let leads stand for their cores; whether any did not yet."""
        new = set(leads) - self.region.intact.keys() - self.region.broken
        if new:
            self.region.intact |= await places.cores(self.connection, new)
        return bool(new)

    async def _judge(self, new: Collection[UUID]) -> None:
        found = await links.judgements_of(self.connection, reports=new)
        self.region.judgements |= found
        others = {report for pair in found for report in pair} - self.region.loose.keys()
        if others:
            homes = await places.places_of(self.connection, others)
            await self.take_apart({home.lead_id for home in homes.values()})

    def _binds(self, link: Weight) -> bool:
        return link.strong and link.weight >= self.model.thresholds.link

    def _clusters(self) -> list[list[UUID]]:
        """The nodes of the region as strong evidence and joins hold them together, if nothing
        keeps them apart.
        """
        region = self.region
        strong = [pair for pair, link in region.links.items() if self._binds(link)]
        joined = [pair for pair, kind in region.judgements.items() if kind == "join"]
        held = []
        for one, other in (*strong, *joined):
            a, b = region.node(one), region.node(other)
            if a is not None and b is not None and a != b:
                held.append((a, b))
        return clusters_of([*region.loose, *region.intact], held)

    def _size(self, cluster: Iterable[UUID]) -> int:
        intact = self.region.intact
        return sum(intact[node].size if node in intact else 1 for node in cluster)

    def _merged(self, clusters: Iterable[Sequence[UUID]]) -> set[UUID]:
        """Leads that merge into a larger one: what two things of which each had one report may
        bring there is seen by their reports.
        """
        merged: set[UUID] = set()
        intact = self.region.intact
        for cluster in clusters:
            if len(cluster) > 1:
                leads = sorted(
                    (node for node in cluster if node in intact),
                    key=lambda lead: (-intact[lead].size, lead),
                )
                merged.update(leads[1:])
        return merged

    def _crowded(self, clusters: Iterable[Sequence[UUID]]) -> set[UUID]:
        """Intact leads that would be part of a lead too large to be read: how such a one is cut
        depends on all its links.
        """
        return {
            node
            for cluster in clusters
            if len(cluster) > 1 and self._size(cluster) > self.model.leads.readable
            for node in cluster
            if node in self.region.intact
        }

    async def _follow_weak(self, clusters: Iterable[Sequence[UUID]]) -> bool:
        """Bring in what weak links may bring to the groups at hand, and where these may go;
        whether there was any such thing.
        """
        attached: set[UUID] = set()
        down: set[UUID] = set()
        up: set[UUID] = set()
        leads = self.model.leads
        for weak in self._weakly_met(clusters):
            if weak.to_attached:
                if weak.size >= leads.core and weak.may_bring:
                    attached |= weak.ends
            elif weak.may_bring and self._may_come(weak.core, weak.size):
                down.add(weak.lead)
            # What is attached is in a core already, and nothing comes to it.
            is_small = weak.size <= leads.small or weak.may_part
            if is_small and weak.may_go and not weak.to_attached and weak.core >= leads.core:
                up.add(weak.lead)
        await self.loosen({report: self.region.homes[report] for report in attached})
        await self.take_apart(down)
        return await self._stand_in(up - down) or bool(attached or down)

    def _weakly_met(self, clusters: Iterable[Sequence[UUID]]) -> Iterable["_Weak"]:
        """What weak links lead to from each group of the region: other leads, by what is attached
        there and by their cores.
        """
        region = self.region
        found: dict[tuple[UUID, UUID, bool], _Weak] = {}
        of_node = {node: each for each in clusters for node in each}
        sizes = {each[0]: self._size(each) for each in clusters}
        parting = {
            of_node[one][0]
            for (one, other), kind in region.judgements.items()
            if kind == "separate" and one in of_node and of_node[one] is of_node.get(other)
        }
        for pair, link in region.links.items():
            if link.strong:
                continue
            for near, end in (pair, pair[::-1]):
                home = region.homes.get(end)
                if near not in region.loose or end in region.loose or home is None:
                    continue
                cluster = of_node[near]
                key = (cluster[0], home.lead_id, home.attached)
                if key not in found:
                    size = sizes[cluster[0]]
                    found[key] = _Weak(
                        home.lead_id,
                        home.core,
                        home.attached,
                        size,
                        stands_in=any(node in region.intact for node in cluster),
                        may_part=cluster[0] in parting or size > self.model.leads.readable,
                    )
                found[key].add(near, end, link)
        return found.values()

    def _may_come(self, core: int, size: int) -> bool:
        """Whether weak evidence may bring the core of a lead to a group of this size, which is a
        core itself. Of two as large, either may come to the other.
        """
        leads = self.model.leads
        return size >= leads.core and core <= min(leads.small, size)


@dataclass(slots=True)
class _Weak:
    """The weak links of a group with the core of another lead, or with what is attached there.

    core: the size of that core. size: of the group. stands_in: whether a lead stands in the group
    for reports whose links are not at hand. may_part: whether the group may be cut, as a judgement
    divides it or nobody could read it, into parts that are small.
    """

    lead: UUID
    core: int
    to_attached: bool
    size: int
    stands_in: bool
    may_part: bool
    nears: set[UUID] = field(default_factory=set)
    ends: set[UUID] = field(default_factory=set)
    tells: bool = False

    def add(self, near: UUID, end: UUID, link: Weight) -> None:
        self.nears.add(near)
        self.ends.add(end)
        self.tells = self.tells or not link.things

    @property
    def may_bring(self) -> bool:
        """Whether it may bring those to the group: things that many may share do only where two
        reports of the group have them.
        """
        return self.tells or self.stands_in or len(self.nears) >= REPORTS_WITH_A_THING

    @property
    def may_go(self) -> bool:
        """Whether it may bring the group there."""
        return self.tells or len(self.ends) >= REPORTS_WITH_A_THING
