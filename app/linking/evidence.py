"""Write down the evidence that was found, and say what it changes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.domain.linkage.model import LinkageModel
from app.domain.linkage.scoring import Evidence
from app.domain.linkage.spread import Linking
from app.linking.neighbourhood import Neighbourhood
from app.linking.regrouping import Writing
from app.storage.repositories import links, shared_values
from app.storage.repositories.links import Pair, StoredLink, written
from app.storage.session import WriteConnection


@dataclass(frozen=True, slots=True)
class Found:
    """What the evidence changed.

    changed: pairs whose link is new or other than before. loosened: pairs that are not held
    together any more as they were.
    """

    changed: frozenset[Pair]
    loosened: frozenset[Pair]


async def store(
    connection: WriteConnection,
    neighbourhood: Neighbourhood,
    *,
    revisited: Collection[UUID],
    model: LinkageModel,
) -> Found:
    """Bring the stored links to the evidence. revisited: reports none of whose old links counts."""
    new = stored_from(neighbourhood.evidence(), model)
    old = await links.known(connection, neighbourhood.pairs, revisited)
    gone = [pair for pair, link in old.items() if new.get(pair) != link]
    fresh = [link for pair, link in new.items() if old.get(pair) != link]
    await links.replace(connection, gone=gone, new=fresh, model_version=model.version)
    weighed = {pair for pair in {*gone, *(link.pair for link in fresh)} if _differ(old, new, pair)}
    return Found(
        frozenset(weighed),
        frozenset(p for p in weighed if _binds(old.get(p), model) and not _holds(old, new, p)),
    )


def stored_from(evidence: Mapping[Pair, Evidence], model: LinkageModel) -> dict[Pair, StoredLink]:
    """The links that are worth storing: those that can attach or link."""
    return {
        pair: StoredLink(pair, found.weight, found.strong, found.things, written(found.parts))
        for pair, found in evidence.items()
        if found.weight >= model.thresholds.attach
    }


def _differ(old: Mapping[Pair, StoredLink], new: Mapping[Pair, StoredLink], pair: Pair) -> bool:
    """Whether the pair weighs other than before; how that comes about is another matter."""
    before, after = old.get(pair), new.get(pair)
    return (before and before[1:4]) != (after and after[1:4])


def _holds(old: Mapping[Pair, StoredLink], new: Mapping[Pair, StoredLink], pair: Pair) -> bool:
    """Whether the link is at least as strong as it was."""
    before, after = old[pair], new.get(pair)
    return after is not None and after.strong and after.weight >= before.weight


def _binds(link: StoredLink | None, model: LinkageModel) -> bool:
    return link is not None and link.strong and link.weight >= model.thresholds.link


async def mark_hubs(
    connection: WriteConnection, neighbourhood: Neighbourhood, writing: Writing
) -> None:
    """Note which of the values that were judged are hubs now, and which no more. So a value is
    marked exactly as long as the links of its carriers were found with it as a hub.
    """
    kinds = {
        index: row.kind
        for values in neighbourhood.reports.values.values()
        for index, row in values.items()
    }
    stopped = neighbourhood.kind.stopped
    hubs = {
        index
        for index in neighbourhood.judged - stopped
        if neighbourhood.values.seen[index].standing.linking is Linking.HUB
    }
    await shared_values.mark_hubs(
        connection,
        {index: kinds[index] for index in hubs if index in kinds},
        now=writing.now,
        model_version=writing.model_version,
    )
    await shared_values.unmark_hubs(connection, neighbourhood.judged - hubs)
