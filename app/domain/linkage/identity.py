"""Which lead a cluster is: ids that stay while leads grow, merge and split.

Growth keeps the id. A merge keeps the oldest id; the others redirect to it. A split keeps the
id on the part with most of the lead's reports (ties: the part with the oldest report). Ids
are never used again.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from uuid import UUID

from app.domain.linkage.partition import Cluster

_Part = tuple[int, UUID, int]


@dataclass(frozen=True, slots=True)
class Before:
    """Where the nodes of a linking step were before it.

    loose: reports on their own, with the lead that each was in before (None: in none).
    intact: leads that are only added to or merged, each standing for all its reports.
    broken: leads that are put together anew; their reports are among `loose`.
    """

    loose: Mapping[UUID, UUID | None]
    intact: AbstractSet[UUID]
    broken: AbstractSet[UUID]


@dataclass(slots=True)
class Group:
    """One cluster and the lead that it is.

    cluster: its nodes. joined: reports that come into this lead now, with the lead that each
    leaves (None: new). absorbed: leads that merge into this one; intact ones bring all their
    reports with them.
    """

    lead_id: UUID
    is_new: bool
    cluster: Cluster
    joined: dict[UUID, UUID | None] = field(default_factory=dict)
    absorbed: list[UUID] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return self.is_new or bool(self.joined) or bool(self.absorbed)


def identify(
    clusters: Sequence[Cluster], before: Before, *, new_id: Callable[[], UUID]
) -> list[Group]:
    """Give every cluster of a region its lead.

    Lead ids are UUIDv7, so the smaller id is the older lead, and likewise for reports.
    """
    awarded = _awards(clusters, before)
    groups = []
    for place, cluster in enumerate(clusters):
        candidates = sorted(
            [node for node in cluster.core if node in before.intact] + awarded.get(place, [])
        )
        lead_id = candidates[0] if candidates else new_id()
        joined = {
            node: before.loose[node]
            for node in cluster.nodes
            if node in before.loose and before.loose[node] != lead_id
        }
        groups.append(Group(lead_id, not candidates, cluster, joined, candidates[1:]))
    return groups


def _awards(clusters: Sequence[Cluster], before: Before) -> dict[int, list[UUID]]:
    """For each cluster by its place, the broken leads whose id it inherits."""
    parts: dict[UUID, list[_Part]] = {}
    for place, cluster in enumerate(clusters):
        of_lead: dict[UUID, list[UUID]] = {}
        for node in cluster.nodes:
            lead_id = before.loose.get(node)
            if lead_id is not None and lead_id in before.broken:
                of_lead.setdefault(lead_id, []).append(node)
        for lead_id, reports in of_lead.items():
            parts.setdefault(lead_id, []).append((-len(reports), min(reports), place))
    awarded: dict[int, list[UUID]] = {}
    for lead_id, candidates in parts.items():
        awarded.setdefault(min(candidates)[2], []).append(lead_id)
    return awarded
