"""Link everything anew under the present model."""

from app.domain.linkage.model import LinkageModel
from app.linking import engine
from app.linking.engine import Linked
from app.linking.regrouping import Writing
from app.storage.repositories import linking
from app.storage.session import WriteConnection


async def relink(connection: WriteConnection, *, model: LinkageModel, writing: Writing) -> Linked:
    """Link all reports from nothing and write what differs, in one transaction."""
    done = await engine.relink_everything(connection, model=model, writing=writing)
    await linking.announce(connection)
    return done
