"""Link everything anew under the present model."""

from collections.abc import Callable

from app.linking import engine
from app.linking.comparing import Comparing
from app.linking.engine import Linked
from app.linking.regrouping import Writing
from app.storage.repositories import linking
from app.storage.session import WriteConnection


async def relink(
    connection: WriteConnection,
    *,
    comparing: Comparing,
    writing: Writing,
    progress: Callable[[int, int], None],
) -> Linked:
    """Link all reports from nothing and write what differs, in one transaction. progress: told
    how many reports of how many were compared.
    """
    done = await engine.relink_everything(
        connection, comparing=comparing, writing=writing, progress=progress
    )
    await linking.announce(connection)
    return done
