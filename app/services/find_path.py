"""Find the chain of links between two reports of a lead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from uuid import UUID

from app.domain.errors import Fault, InvalidInputError
from app.domain.linkage.model import LinkageModel
from app.domain.linkage.paths import Hop, best_path
from app.storage.repositories import links, pairs, places
from app.storage.repositories.lead_links import FullLink
from app.storage.repositories.links import Pair, Weight, pair_of
from app.storage.repositories.places import Place
from app.storage.session import ReadConnection

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
        """The weight of the weakest link, in bits; None where none is needed."""
        return min(
            (hop.link.weight for hop in self.hops if hop.link is not None and not hop.judged),
            default=None,
        )


async def find_path(
    connection: ReadConnection, lead_id: UUID, start: UUID, end: UUID, *, model: LinkageModel
) -> Chain:
    """The chain between two reports of a lead, as `paths.best_path` chooses it, over what holds
    the lead together: links that bind, weak links that attach a report, joining judgements.

    Raises InvalidInputError where one of the two is not in the lead.
    """
    members = await places.members(connection, [lead_id])
    faults = tuple(
        Fault(f"/query/{name}", "not a report of this lead")
        for name, report in (("from", start), ("to", end))
        if report not in members
    )
    if faults:
        raise InvalidInputError(faults=faults)
    weights = await links.incident(connection, members)
    judged = await links.judgements_of(connection, reports=members)
    hops = [*_linked(weights, members, model), *_joined(judged, members)]
    chain = best_path(hops, start, end)
    if chain is None:
        return Chain()
    steps = list(pairwise(chain))
    found = await pairs.links_of(connection, [pair_of(*step) for step in steps])
    return Chain(
        tuple(chain),
        tuple(
            ChainHop(step, found.get(pair_of(*step)), judged=judged.get(pair_of(*step)) == _JOIN)
            for step in steps
        ),
    )


def _linked(
    weights: Iterable[Weight], members: Mapping[UUID, Place], model: LinkageModel
) -> Iterable[Hop]:
    for found in weights:
        one, other = (members.get(report) for report in found.pair)
        if one is None or other is None:
            continue
        binds = found.strong and found.weight >= model.thresholds.link
        if binds or (not found.strong and one.attached != other.attached):
            yield Hop(*found.pair, found.weight)


def _joined(judged: Mapping[Pair, str], members: Mapping[UUID, Place]) -> Iterable[Hop]:
    for (one, other), kind in judged.items():
        if kind == _JOIN and one in members and other in members:
            yield Hop(one, other, inf)
