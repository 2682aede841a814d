"""Find what a proposal proposes: the two reports that a decision on it is about."""

from app.domain.access import Principal
from app.domain.errors import NotFoundError
from app.domain.linkage.model import LinkageModel
from app.storage.repositories import proposals
from app.storage.repositories.links import Pair
from app.storage.session import ReadConnection


async def find_proposal(
    connection: ReadConnection, leads: Pair, model: LinkageModel, *, reader: Principal
) -> Pair:
    """The reports of the strongest link between two leads that the reader may read, the older lead
    first. Also of a
    proposal that was rejected, so that a decision can be repeated or taken back. Raises
    NotFoundError.
    """
    found = await proposals.between(connection, leads, reader, core=model.leads.core)
    if found is None or found.leads != leads:
        raise NotFoundError
    return found.link.reports
