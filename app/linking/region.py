"""Gather what has to be put together anew, and nothing else.

A lead with a core of some size that is only added to stands in for all its reports, so that
growth costs nothing per old member. A lead that may fall apart, that a judgement concerns, or
that is so small that weak evidence may bring it elsewhere, is taken apart into its reports.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from app.domain.linkage.clustering import clusters_of
from app.domain.linkage.model import LinkageModel
from app.domain.linkage.partition import Judgements, Link, Node, binds
from app.storage.repositories import links, places
from app.storage.repositories.links import Pair, Weight
from app.storage.repositories.places import Core, Place
from app.storage.session import ReadConnection


@dataclass(frozen=True, slots=True)
class Start:
    """Where a region begins.

    fresh: reports that are in no lead yet. broken: leads that may fall apart. touched: reports
    whose links changed otherwise. changed: the links that changed. leaving: withdrawn reports.
    """

    fresh: Collection[UUID]
    broken: Collection[UUID]
    touched: Collection[UUID]
    changed: Collection[Pair]
    leaving: Collection[UUID]


@dataclass(slots=True)
class Region:
    """What one step puts together.

    loose: reports on their own, with where each was before (None: nowhere). intact: leads that
    stand for their cores. broken: leads that are put together anew from their reports.
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
    await gathering.know(await links.of_pairs(connection, start.changed))
    await gathering.enter(start.touched)
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
                await self.know(await links.incident(self.connection, new))
                await self._judge(new)
                await self.enter(self._ends())
            crowded = self._crowded()
            if not crowded:
                return
            await self.take_apart(crowded)

    async def know(self, weights: Iterable[Weight]) -> None:
        """Add links, and learn where their ends are."""
        found = {weight.pair: weight for weight in weights}
        self.region.links |= found
        ends = {report for pair in found for report in pair}
        missing = ends - self.region.loose.keys() - self.region.homes.keys()
        self.region.homes |= await places.places_of(self.connection, missing)

    async def enter(self, reports: Iterable[UUID]) -> None:
        """Bring linked reports in: loose where what they are part of is small, else by leads."""
        outside = {
            report: self.region.homes.get(report)
            for report in reports
            if report not in self.region.loose and report not in self.leaving
        }
        unknown = [report for report, home in outside.items() if home is None]
        if unknown:
            found = await places.places_of(self.connection, unknown)
            self.region.homes |= found
            outside |= found
        attached = {r: home for r, home in outside.items() if home is not None and home.attached}
        cores = {home.lead_id for home in outside.values() if home and not home.attached}
        new = cores - self.region.intact.keys() - self.region.broken
        known = await places.cores(self.connection, new) if new else {}
        small = {lead for lead, core in known.items() if self._must_open(core)}
        self.region.intact |= {lead: c for lead, c in known.items() if lead not in small}
        await self.loosen(attached)
        await self.take_apart(small)

    def _must_open(self, core: Core) -> bool:
        return core.size <= self.model.leads.small or core.cut or core.judged

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

    async def _judge(self, new: Collection[UUID]) -> None:
        found = await links.judgements_of(self.connection, reports=new)
        self.region.judgements |= found
        others = {report for pair in found for report in pair} - self.region.loose.keys()
        if others:
            homes = await places.places_of(self.connection, others)
            await self.take_apart({home.lead_id for home in homes.values()})

    def _ends(self) -> set[UUID]:
        """Linked reports at the other end of a link from a loose one."""
        loose = self.region.loose
        return {
            end
            for one, other in self.region.links
            for end, near in ((one, other), (other, one))
            if near in loose and end not in loose
        }

    def _crowded(self) -> set[UUID]:
        """Intact leads that would be part of a lead too large to be read: how such a one is cut
        depends on all its links.
        """
        if not self.region.intact:
            return set()
        nodes = self.region.nodes()
        strong = [
            (link.one, link.other) for link in self.region.between() if binds(link, self.model)
        ]
        return {
            node
            for cluster in clusters_of(nodes, strong)
            if len(cluster) > 1 and sum(nodes[n].size for n in cluster) > self.model.leads.readable
            for node in cluster
            if node in self.region.intact
        }
