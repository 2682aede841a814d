"""Put the item at the head of the queue to its end."""

from app.storage.repositories import linking
from app.storage.session import WriteConnection


async def postpone_work(connection: WriteConnection) -> None:
    """Let others go before an item that failed; it keeps its time of arrival."""
    if await linking.become_linker(connection):
        await linking.postpone_first(connection)
