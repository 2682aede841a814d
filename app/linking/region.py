"""Gather everything that a batch of work may change, and nothing else.

New reports look at their values' other carriers; a lead that is only added to stands in for
all its reports, so growth costs nothing per old member. A lead that may fall apart (a
report was amended or withdrawn, a value ceased to link) is taken apart into its reports.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.domain.attributes import AttributeKind
from app.domain.linkage.identity import Region
from app.domain.linkage.model import LinkageModel
from app.domain.linkage.qualifiers import compatible, is_divided
from app.linking.occasion import Occasion, occasion_of
from app.storage.repositories import linking
from app.storage.repositories.linking import Carrier, QueueItem
from app.storage.session import WriteConnection

FREQUENCY = "frequency"


@dataclass(slots=True)
class Gathering:
    """A region while it is being gathered.

    occasion: what it is gathered for. loose, broken: as in `Region`. stars: the carriers of
    each linking value.
    """

    occasion: Occasion
    loose: dict[UUID, UUID | None] = field(default_factory=dict)
    broken: set[UUID] = field(default_factory=set)
    stars: dict[bytes, list[Carrier]] = field(default_factory=dict)

    def nodes_and_stars(self) -> tuple[Region, set[UUID], list[list[UUID]]]:
        """The region, its nodes, and its stars in terms of nodes.

        A carrier is itself if it is loose, its lead if that is intact; one that still waits in
        the queue is left out, for it looks at the same values when its turn comes.
        """
        stars = [
            [node for carrier in part if (node := self._node(carrier)) is not None]
            for star in self.stars.values()
            for part in compatible((carrier, carrier.qualifier) for carrier in star)
        ]
        intact = {node for star in stars for node in star if node not in self.loose}
        region = Region(self.loose, intact, self.broken)
        return region, intact | set(self.loose), stars

    def _node(self, carrier: Carrier) -> UUID | None:
        if carrier.report_id in self.loose:
            return carrier.report_id
        return carrier.lead_id


async def gather(
    connection: WriteConnection, items: Sequence[QueueItem], model: LinkageModel, now: datetime
) -> Gathering:
    """Gather the region of these queue items, marking values that begin or cease to link."""
    occasion = await occasion_of(connection, items)
    found = Gathering(occasion, loose=dict.fromkeys(occasion.causes))
    await _break(connection, found, occasion.leads)
    touched = {index for item in items for index in item.touched}
    await _follow(connection, found, touched, model, now)
    return found


async def _follow(
    connection: WriteConnection,
    found: Gathering,
    touched: set[bytes],
    model: LinkageModel,
    now: datetime,
) -> None:
    """Look at the touched values, then at those of loose reports until nothing more falls apart."""
    asked: set[UUID] = set()
    values = await _carried(connection, touched) if touched else {}
    while (fresh := set(found.loose) - asked) or touched:
        asked |= fresh
        values |= await linking.linking_values(connection, fresh)
        unseen = {
            index: kind
            for index, kind in values.items()
            if index not in found.stars and model.most_carriers(AttributeKind(kind)) > 0
        }
        breaking = await _judge(connection, found, unseen, touched, model, now)
        touched = set()
        await _break(connection, found, breaking)


async def _carried(connection: WriteConnection, touched: Collection[bytes]) -> dict[bytes, str]:
    """The kinds of those values that somebody still carries; the others are frequent no more."""
    values = await linking.kinds_of(connection, touched)
    bare = [index for index in touched if index not in values]
    if bare:
        await linking.unmark_shared(connection, bare, reason=FREQUENCY)
    return values


async def _judge(
    connection: WriteConnection,
    found: Gathering,
    values: Mapping[bytes, str],
    touched: Collection[bytes],
    model: LinkageModel,
    now: datetime,
) -> set[UUID]:
    """Decide which of these values link; returns the leads that fall apart by it."""
    stopped = await linking.shared(connection, values) if values else {}
    listed = {index for index, reason in stopped.items() if reason != FREQUENCY}
    counted = {
        index: model.most_carriers(AttributeKind(kind))
        for index, kind in values.items()
        if index not in stopped or (index in touched and index not in listed)
    }
    stars: dict[bytes, list[Carrier]] = {index: [] for index in values}
    for carrier in await linking.carriers(connection, counted) if counted else ():
        stars[carrier.value_index].append(carrier)
    crowded = {index for index, most in counted.items() if len(stars[index]) > most}
    for index in crowded:
        stars[index] = []
    found.stars |= stars
    # Sorted, as whoever writes the stop-list sorts, so that the two cannot wait in a ring.
    ceasing = {index: values[index] for index in sorted(crowded) if index not in stopped}
    await linking.mark_shared(
        connection, ceasing, reason=FREQUENCY, now=now, model_version=model.version
    )
    resuming = [index for index in counted if index in stopped and index not in crowded]
    if resuming:
        await linking.unmark_shared(connection, resuming, reason=FREQUENCY)
    divided = {
        index for index, star in stars.items() if is_divided(each.qualifier for each in star)
    }
    breaking = set(ceasing) | (listed & set(touched)) | divided
    return await linking.leads_through(connection, breaking) if breaking else set()


async def _break(connection: WriteConnection, found: Gathering, leads: Collection[UUID]) -> None:
    """Take leads apart: their reports, except those that leave, become loose."""
    new = set(leads) - found.broken
    if not new:
        return
    found.broken |= new
    for report_id, lead_id in (await linking.members(connection, new)).items():
        if report_id not in found.occasion.leaving:
            found.loose[report_id] = lead_id
