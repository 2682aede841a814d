"""Give a client a new secret or key, with the old ones good for a while longer, or cut at once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from app.crypto.keyring import Keyring
from app.crypto.secrets import ClientCredentials, hash_secret, new_client_secret
from app.domain.errors import Fault, InvalidInputError, NotFoundError
from app.storage.repositories import access, client_keys, cutting
from app.storage.session import WriteConnection

LONGEST_OVERLAP = timedelta(days=30)


async def rotate_client(
    connection: WriteConnection,
    client_id: str,
    *,
    overlap: timedelta,
    keyring: Keyring,
    new_id: UUID,
    now: datetime,
    public_jwk: Mapping[str, str] | None = None,
) -> ClientCredentials | None:
    """Register `public_jwk`, or return a new secret, which cannot be shown again.

    Earlier secrets and keys end after `overlap`, none later than it would have. Without overlap
    the tokens got with them end too, from the commit on. Raises InvalidInputError for an overlap
    below zero or above 30 days, NotFoundError for a client that is unknown or disabled.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise InvalidInputError(faults=(Fault("/overlap", "0 to 720 hours"),))
    if not await access.lock_client(connection, client_id):
        raise NotFoundError("there is no enabled client of this id")
    await access.expire_secrets(connection, client_id, at=now + overlap)
    await client_keys.expire_client_keys(connection, client_id, at=now + overlap)
    if not overlap:
        await cutting.cut_off_client(connection, client_id)
    if public_jwk is not None:
        await client_keys.add_client_key(connection, new_id, client_id, public_jwk)
        return None
    credentials = ClientCredentials(client_id, new_client_secret())
    stored = hash_secret(keyring, credentials.client_secret)
    await access.add_secret(connection, new_id, client_id, stored)
    return credentials
