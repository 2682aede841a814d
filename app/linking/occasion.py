"""What a step of linking begins with: the reports that the queue names, and where they are now."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from app.storage.repositories import linking, places
from app.storage.repositories.linking import QueueItem
from app.storage.session import ReadConnection


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a step is taken.

    causes: why each report is looked at. leaving: reports that were withdrawn, or that went into
    another circle, with the lead that they leave for good. leads: those that any of these reports
    is in; whatever becomes of them, they are summed up anew, for the content of a report may have
    changed. placed: reports that are in a lead already, and may stay there.
    """

    causes: Mapping[UUID, str]
    leaving: Mapping[UUID, UUID]
    leads: AbstractSet[UUID]
    placed: AbstractSet[UUID]


async def occasion_of(connection: ReadConnection, items: Sequence[QueueItem]) -> Occasion:
    """The occasion that these queue items are."""
    dirty = {item.report_id: item.cause for item in items if item.report_id is not None}
    homes = await places.places_of(connection, dirty)
    placed = {report_id: home.lead_id for report_id, home in homes.items()}
    gone = await linking.withdrawn(connection, dirty)
    leaving = (gone & placed.keys()) | await places.misplaced(connection, placed)
    return Occasion(
        causes={report_id: cause for report_id, cause in dirty.items() if report_id not in gone},
        leaving={report_id: placed[report_id] for report_id in leaving},
        leads=frozenset(placed.values()),
        placed=placed.keys() - leaving,
    )
