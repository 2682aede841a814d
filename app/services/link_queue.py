"""Link a batch of what waits, and at commit tell those who wait for it."""

from app.linking import engine
from app.linking.comparing import Comparing
from app.linking.engine import Linked
from app.linking.regrouping import Writing
from app.storage.repositories import linking
from app.storage.session import WriteConnection


async def link_queue(
    connection: WriteConnection, *, comparing: Comparing, writing: Writing, limit: int
) -> Linked | None:
    """Link up to `limit` items of the queue. None if another linker is at work."""
    done = await engine.link_queue(connection, comparing=comparing, writing=writing, limit=limit)
    if done is not None and done.items:
        await linking.announce(connection)
    return done
