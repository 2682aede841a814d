"""Disable a client, for good."""

from app.domain.audit import Action, By
from app.domain.errors import NotFoundError
from app.storage.repositories import access, audit, cutting
from app.storage.session import WriteConnection


async def disable_client(connection: WriteConnection, client_id: str, *, by: By) -> None:
    """Refuse the client new tokens, and from the commit on those that it has.

    Raises NotFoundError for a client that is unknown or was disabled before.
    """
    organisation_id = await access.disable_client(connection, client_id, now=by.at)
    if organisation_id is None:
        raise NotFoundError("there is no enabled client of this id")
    await cutting.cut_off_client(connection, client_id)
    audit.record(connection, by, Action.CLIENT_DISABLED, [organisation_id], subject=client_id)
