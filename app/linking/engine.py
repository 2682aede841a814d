"""The two ways to link: what waits in the queue, and everything anew. Both find evidence in one
way, put reports together in one way, and write through `regrouping`.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar
from uuid import UUID

from app.domain.linkage.identity import Before, identify
from app.domain.linkage.partition import Link, Node, partition
from app.linking.comparing import Comparing
from app.linking.crossing import note_all_crossings, note_crossings
from app.linking.evidence import mark_hubs, store, stored_from
from app.linking.indexing import index
from app.linking.neighbourhood import Work, find, find_all
from app.linking.occasion import Occasion, occasion_of
from app.linking.region import Region, Start, gather, judgements_from
from app.linking.regrouping import Writing, write
from app.storage.repositories import blocks, carriers, linking, links, places, shared_values
from app.storage.repositories.linking import QueueItem
from app.storage.session import ReadConnection, WriteConnection

_AT_A_TIME = 1000
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Linked:
    """What one step did: the reports that were placed and the leads that changed."""

    reports: Sequence[UUID] = ()
    leads: frozenset[UUID] = frozenset()
    items: int = 0


async def link_queue(
    connection: WriteConnection, *, comparing: Comparing, writing: Writing, limit: int
) -> Linked | None:
    """Link up to `limit` items of the queue. None if another linker is at work."""
    if not await linking.become_linker(connection):
        return None
    items = await linking.take(connection, limit)
    if not items:
        return Linked()
    occasion = await occasion_of(connection, items)
    start = await _find_evidence(connection, items, occasion, comparing, writing)
    region = await gather(connection, start, comparing.model)
    clusters = partition(region.nodes(), region.between(), region.judged(), comparing.model)
    groups = identify(region.with_old_cuts(clusters), _before(region), new_id=writing.new_id)
    changed = await write(connection, groups, region.loose, occasion, writing)
    await note_crossings(connection, region, groups, comparing.model)
    return Linked(
        [item.report_id for item in items if item.report_id], frozenset(changed), len(items)
    )


def _before(region: Region) -> Before:
    loose = {report: place and place.lead_id for report, place in region.loose.items()}
    return Before(loose, region.intact.keys(), region.broken)


async def _find_evidence(
    connection: WriteConnection,
    items: Sequence[QueueItem],
    occasion: Occasion,
    comparing: Comparing,
    writing: Writing,
) -> Start:
    """Bring the links up to date with the queue, and say where that leads."""
    work = await _work_of(connection, items, occasion)
    gone = await blocks.remove(connection, work.changed | occasion.leaving.keys())
    await index(connection, work.fresh | work.changed, comparing)
    work = replace(work, keys=work.keys | gone)
    neighbourhood = await find(connection, work, comparing)
    revisited = (neighbourhood.revisited - work.fresh) | set(occasion.leaving)
    found = await store(connection, neighbourhood, revisited=revisited, model=comparing.model)
    await mark_hubs(connection, neighbourhood, writing)
    broken = await places.places_of(connection, {r for pair in found.loosened for r in pair})
    return Start(
        fresh=work.fresh,
        broken=occasion.leads | {place.lead_id for place in broken.values()},
        changed=found.changed,
        leaving=occasion.leaving.keys(),
    )


async def _work_of(
    connection: ReadConnection, items: Sequence[QueueItem], occasion: Occasion
) -> Work:
    dirty = frozenset(occasion.causes)
    fresh = dirty - occasion.placed
    amended = {item.report_id for item in items if item.cause == "amended"}
    listed = {value for item in items if item.cause == "stoplist" for value in item.touched}
    listed |= await carriers.in_circles(connection, listed)
    return Work(
        fresh=fresh,
        changed=frozenset(r for r in dirty - fresh if r in amended),
        values=frozenset(value for item in items for value in item.touched),
        keys=frozenset(key for item in items for key in item.touched_keys),
        listed=frozenset(listed),
    )


async def relink_everything(
    connection: WriteConnection,
    *,
    comparing: Comparing,
    writing: Writing,
    progress: Callable[[int, int], None],
) -> Linked:
    """Link all reports from nothing under the present model, and write what differs.

    Readers see the old leads until the transaction commits. Reports go on being accepted
    and wait in the queue meanwhile. progress: told how many reports of how many are compared.
    """
    await linking.wait_to_be_linker(connection)
    waiting = await occasion_of(connection, await linking.take(connection, sys.maxsize))
    everywhere = await places.everywhere(connection)
    reports = [each.report_id for each in everywhere]
    await blocks.remove_all(connection)
    for batch in _batched(reports, _AT_A_TIME):
        await index(connection, batch, comparing)
    await shared_values.forget_hubs(connection)
    await links.forget_all(connection)
    done = 0
    for batch in _batched(reports, _AT_A_TIME):
        await _compare_again(connection, batch, comparing, writing)
        done += len(batch)
        progress(done, len(reports))
    nodes = {each.report_id: Node(each.rank) for each in everywhere}
    found = [
        Link(*each.pair, each.weight, each.strong, each.ranks, each.things)
        for each in await links.all_links(connection)
    ]
    judged = judgements_from(await links.all_judgements(connection))
    before = {
        each.report_id: None if each.report_id in waiting.leaving else each.place
        for each in everywhere
    }
    loose = {report: place and place.lead_id for report, place in before.items()}
    old = {lead for lead in loose.values() if lead is not None}
    groups = identify(
        partition(nodes, found, judged, comparing.model),
        Before(loose, frozenset(), old),
        new_id=writing.new_id,
    )
    occasion = replace(waiting, causes=dict.fromkeys(reports, "relinked"))
    changed = await write(connection, groups, before, occasion, writing)
    await note_all_crossings(connection, comparing.model)
    return Linked(reports, frozenset(changed), len(reports))


async def _compare_again(
    connection: WriteConnection,
    batch: Sequence[UUID],
    comparing: Comparing,
    writing: Writing,
) -> None:
    """Compare a batch with all reports, where another batch has not done so."""
    neighbourhood = await find_all(connection, batch, comparing)
    done = await links.known(connection, neighbourhood.pairs, ())
    neighbourhood.pairs -= done.keys()
    new = list(stored_from(neighbourhood.evidence(), comparing.model).values())
    await links.replace(connection, gone=(), new=new, model_version=comparing.model.version)
    await mark_hubs(connection, neighbourhood, writing)


def _batched(items: Iterable[_Item], size: int) -> Iterable[Sequence[_Item]]:
    rest = iter(items)
    while batch := tuple(islice(rest, size)):
        yield batch
