"""Note which links cross two leads, so that they can be proposed to an analyst.

Only leads with a core count, for one report alone is no lead to decide about. A link may stay
noted for a while although its ends are in one lead by now: who reads looks where they are. One
that is not noted would never be found, and so every link of a report whose lead or core may
have changed is gone through.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from app.domain.linkage.identity import Group
from app.domain.linkage.model import LinkageModel
from app.linking.region import Region
from app.storage.repositories import proposals
from app.storage.repositories.links import Pair
from app.storage.session import WriteConnection


async def note_crossings(
    connection: WriteConnection, region: Region, groups: Sequence[Group], model: LinkageModel
) -> None:
    """Note it of all links of a region, after its nodes were put together as `groups`."""
    leads: dict[UUID, UUID] = {}
    cores: set[UUID] = set()
    for group in groups:
        leads |= dict.fromkeys(group.cluster.nodes, group.lead_id)
        if _size(group, region) >= model.leads.core:
            cores.add(group.lead_id)
    places: dict[UUID, UUID] = {}
    for report in {report for pair in region.links for report in pair}:
        home, node = region.homes.get(report), region.node(report)
        if node in leads:
            places[report] = leads[node]
        elif home is not None:
            places[report] = leads.get(home.lead_id, home.lead_id)
            if home.core >= model.leads.core:
                cores.add(places[report])
    found = crossing(region.links, places, cores)
    news = {pair: apart for pair, apart in found.items() if apart != region.links[pair].apart}
    if news:
        await proposals.note(connection, news)


async def note_all_crossings(connection: WriteConnection, model: LinkageModel) -> None:
    """Note it of every link, after everything was linked anew."""
    await proposals.note_all(connection, core=model.leads.core)


def crossing(
    pairs: Iterable[Pair], leads: Mapping[UUID, UUID], cores: Iterable[UUID]
) -> dict[Pair, bool]:
    """Of each pair whether its ends are in different leads that both have a core. Pairs of whose
    ends one is in no lead are left out.
    """
    established = frozenset(cores)
    found: dict[Pair, bool] = {}
    for one, other in pairs:
        a, b = leads.get(one), leads.get(other)
        if a is not None and b is not None:
            found[one, other] = a != b and a in established and b in established
    return found


def _size(group: Group, region: Region) -> int:
    """How many reports strong evidence holds in a group."""
    return sum(
        region.intact[node].size if node in region.intact else 1 for node in group.cluster.core
    )
