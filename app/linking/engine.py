"""The two ways to link: what waits in the queue, and everything anew. Both end in the same
partition, and both write through `regrouping`.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.domain.attributes import AttributeKind
from app.domain.linkage.clustering import clusters_of
from app.domain.linkage.identity import Region, identify
from app.domain.linkage.model import LinkageModel
from app.domain.linkage.qualifiers import compatible
from app.linking.occasion import occasion_of
from app.linking.region import FREQUENCY, gather
from app.linking.regrouping import Writing, write
from app.storage.repositories import linking
from app.storage.repositories.linking import Carrier
from app.storage.session import WriteConnection


@dataclass(frozen=True, slots=True)
class Linked:
    """What one step did: the reports that were placed and the leads that changed."""

    reports: Sequence[UUID] = ()
    leads: frozenset[UUID] = frozenset()
    items: int = 0


async def link_queue(
    connection: WriteConnection, *, model: LinkageModel, writing: Writing, limit: int
) -> Linked | None:
    """Link up to `limit` items of the queue. None if another linker is at work."""
    if not await linking.become_linker(connection):
        return None
    items = await linking.take(connection, limit)
    if not items:
        return Linked()
    found = await gather(connection, items, model, writing.now)
    region, nodes, stars = found.nodes_and_stars()
    groups = identify(clusters_of(nodes, stars), region, new_id=writing.new_id)
    changed = await write(connection, groups, found.occasion, writing)
    return Linked(
        [item.report_id for item in items if item.report_id], frozenset(changed), len(items)
    )


async def relink_everything(
    connection: WriteConnection, *, model: LinkageModel, writing: Writing
) -> Linked:
    """Link all reports from nothing under the present model, and write what differs.

    Readers see the old leads until the transaction commits. Reports go on being accepted
    and wait in the queue meanwhile.
    """
    await linking.wait_to_be_linker(connection)
    waiting = await occasion_of(connection, await linking.take(connection, sys.maxsize))
    reports = await linking.all_reports(connection)
    stars, crowded = await _all_stars(connection, model)
    await linking.forget_frequent(connection)
    await linking.mark_shared(
        connection, crowded, reason=FREQUENCY, now=writing.now, model_version=model.version
    )
    old = {lead_id for lead_id in reports.values() if lead_id is not None}
    region = Region(reports, frozenset(), old)
    # A report accepted since has its own place in the queue.
    known = [[report_id for report_id in star if report_id in reports] for star in stars]
    groups = identify(clusters_of(reports, known), region, new_id=writing.new_id)
    occasion = replace(waiting, causes=dict.fromkeys(reports, "relinked"))
    changed = await write(connection, groups, occasion, writing)
    return Linked(list(reports), frozenset(changed), len(reports))


async def _all_stars(
    connection: WriteConnection, model: LinkageModel
) -> tuple[list[list[UUID]], dict[bytes, str]]:
    """The carriers of every linking value, and the values (with kind) that too many carry."""
    most = {kind.value: model.most_carriers(kind) for kind in AttributeKind}
    listed = await linking.stop_listed(connection)
    stars: dict[bytes, list[Carrier]] = {}
    crowded: dict[bytes, str] = {}
    async for index, kind, carrier in linking.all_linking_values(connection):
        if most[kind] == 0 or index in listed or index in crowded:
            continue
        star = stars.setdefault(index, [])
        star.append(carrier)
        if len(star) > most[kind]:
            crowded[index] = kind
            del stars[index]
        elif len(stars) > 1 and len(star) == 1:
            _drop_single(stars, index)
    parts = (
        part
        for star in stars.values()
        for part in compatible((each.report_id, each.qualifier) for each in star)
    )
    return list(parts), crowded


def _drop_single(stars: dict[bytes, list[Carrier]], newest: bytes) -> None:
    """Forget the value before the newest if only one report carries it: most do, and values
    come in order.
    """
    before = next(index for index in reversed(stars) if index != newest)
    if len(stars[before]) == 1:
        del stars[before]
