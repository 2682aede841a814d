"""Disable a client, for good."""

from datetime import datetime

from app.domain.errors import NotFoundError
from app.storage.repositories import access, cutting
from app.storage.session import WriteConnection


async def disable_client(connection: WriteConnection, client_id: str, *, now: datetime) -> None:
    """Refuse the client new tokens, and from the commit on those that it has.

    Raises NotFoundError for a client that is unknown or was disabled before.
    """
    if not await access.disable_client(connection, client_id, now=now):
        raise NotFoundError("there is no enabled client of this id")
    await cutting.cut_off_client(connection, client_id)
