"""Find the chain of links between two reports of a lead."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from uuid import UUID

from app.domain.access import Principal
from app.domain.acting import LINKER
from app.domain.errors import Fault, InvalidInputError
from app.domain.linkage.model import LinkageModel
from app.domain.linkage.paths import Hop, best_path
from app.intake.hits import as_read
from app.storage.repositories import links, pairs, places
from app.storage.repositories.knowing import known_among, readable_among
from app.storage.repositories.lead_links import FullLink
from app.storage.repositories.links import Pair, Weight, pair_of
from app.storage.repositories.places import Place
from app.storage.session import ReadConnection, acting
from app.storage.tables.reports import report

_JOIN = "join"


@dataclass(frozen=True, slots=True)
class ChainHop:
    """What holds two neighbours of the chain together. link: the evidence between them, if any.
    judged: whether an analyst joined them.
    """

    reports: tuple[UUID, UUID]
    link: FullLink | None
    judged: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """The reports from one to the other, and what holds each to the next. Empty where the links
    are just being found anew and give no chain.
    """

    reports: tuple[UUID, ...] = ()
    hops: tuple[ChainHop, ...] = ()

    @property
    def weakest(self) -> float | None:
        """The weight of the weakest link that the reader may read whole, in bits; None where there
        is none, or none is needed.
        """
        weights = (
            hop.link.weight
            for hop in self.hops
            if hop.link is not None and hop.link.readable and not hop.judged
        )
        return min(weights, default=None)


@dataclass(frozen=True, slots=True)
class Search:
    """Between which reports of a lead a chain is looked for, and for whom."""

    lead_id: UUID
    start: UUID
    end: UUID
    reader: Principal


async def find_path(connection: ReadConnection, search: Search, *, model: LinkageModel) -> Chain:
    """The chain between two reports of a lead, as `paths.best_path` chooses it, over what holds
    the lead together: links that bind, weak links that attach a report, joining judgements. What
    links with reports weigh that the reader may not read does not enter.

    Raises InvalidInputError where one of the two is not in the lead, or the reader may not know
    that it is.
    """
    start, end = search.start, search.end
    places_ = await places.members(connection, [search.lead_id])
    known = await known_among(connection, report, places_.keys(), search.reader)
    readable = await readable_among(connection, known, search.reader)
    members = {id_: place for id_, place in places_.items() if id_ in known}
    faults = tuple(
        Fault(f"/query/{name}", "not a report of this lead")
        for name, report in (("from", start), ("to", end))
        if report not in members
    )
    if faults:
        raise InvalidInputError(faults=faults)
    # The chain may lead over links of which the reader is shown the hits alone.
    async with acting(connection, LINKER):
        weights = await links.incident(connection, members)
        judged = await links.judgements_of(connection, reports=members)
    hops = [*_linked(weights, members, readable, model), *_joined(judged, members)]
    chain = best_path(hops, start, end)
    if chain is None:
        return Chain()
    steps = list(pairwise(chain))
    wanted = [pair_of(*step) for step in steps]
    async with acting(connection, LINKER):
        links_ = (await pairs.links_of(connection, wanted, search.reader)).values()
    found = {link.reports: link for link in await as_read(connection, list(links_), model)}
    return Chain(
        tuple(chain),
        tuple(
            ChainHop(step, found.get(pair_of(*step)), judged=judged.get(pair_of(*step)) == _JOIN)
            for step in steps
        ),
    )


def _linked(
    weights: Iterable[Weight],
    members: Mapping[UUID, Place],
    readable: Collection[UUID],
    model: LinkageModel,
) -> Iterable[Hop]:
    for found in weights:
        one, other = (members.get(report) for report in found.pair)
        if one is None or other is None:
            continue
        binds = found.strong and found.weight >= model.thresholds.link
        if binds or (not found.strong and one.attached != other.attached):
            weighs = all(report in readable for report in found.pair)
            yield Hop(*found.pair, found.weight if weighs else model.thresholds.attach)


def _joined(judged: Mapping[Pair, str], members: Mapping[UUID, Place]) -> Iterable[Hop]:
    for (one, other), kind in judged.items():
        if kind == _JOIN and one in members and other in members:
            yield Hop(one, other, inf)
