"""Give a client a new secret, with the old ones good for a while longer."""

from datetime import timedelta
from uuid import UUID

from app.crypto.keyring import Keyring
from app.crypto.secrets import ClientCredentials, hash_secret, new_client_secret
from app.domain.audit import Action, By
from app.domain.errors import Fault, InvalidInputError, NotFoundError
from app.storage.repositories import access, audit
from app.storage.session import WriteConnection

LONGEST_OVERLAP = timedelta(days=30)


async def rotate_client_secret(
    connection: WriteConnection,
    client_id: str,
    *,
    overlap: timedelta,
    keyring: Keyring,
    secret_id: UUID,
    by: By,
) -> ClientCredentials:
    """Return the new secret, which cannot be shown again; earlier ones end after `overlap`.

    None of them lasts longer than it would have. Raises InvalidInputError for an overlap below
    zero or above 30 days, NotFoundError for a client that is unknown or disabled.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise InvalidInputError(faults=(Fault("/overlap", "0 to 720 hours"),))
    organisation_id = await access.lock_client(connection, client_id)
    if organisation_id is None:
        raise NotFoundError("there is no enabled client of this id")
    await access.expire_secrets(connection, client_id, at=by.at + overlap)
    credentials = ClientCredentials(client_id, new_client_secret())
    stored = hash_secret(keyring, credentials.client_secret)
    await access.add_secret(connection, secret_id, client_id, stored)
    audit.record(connection, by, Action.SECRET_ROTATED, [organisation_id], subject=client_id)
    return credentials
