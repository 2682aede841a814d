"""Give a client a new secret or key, with the old ones good for a while longer, or cut at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.crypto.keyring import Keyring
from app.crypto.secrets import ClientCredentials, hash_secret, new_client_secret
from app.domain.audit import Action, By
from app.domain.errors import Fault, InvalidInputError, NotFoundError
from app.storage.repositories import access, audit, client_keys, cutting
from app.storage.session import WriteConnection

LONGEST_OVERLAP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Rotation:
    """Which client gets something new, and how long the old holds beside it. `public_jwk`: the
    new key; None: it gets a secret.
    """

    client_id: str
    overlap: timedelta
    public_jwk: Mapping[str, str] | None = None


async def rotate_client(
    connection: WriteConnection,
    rotation: Rotation,
    *,
    keyring: Keyring,
    new_id: UUID,
    by: By,
) -> ClientCredentials | None:
    """Register the new key, or return a new secret, which cannot be shown again.

    Earlier secrets and keys end after the overlap, none later than it would have. Without
    overlap they are gone, and the tokens got with them end too, from the commit on. Raises
    InvalidInputError for an overlap below zero or above 30 days, NotFoundError for a client that
    is unknown or disabled.
    """
    if not timedelta(0) <= rotation.overlap <= LONGEST_OVERLAP:
        raise InvalidInputError(faults=(Fault("/overlap", "0 to 720 hours"),))
    organisation_id = await access.lock_client(connection, rotation.client_id)
    if organisation_id is None:
        raise NotFoundError("there is no enabled client of this id")
    await _end_earlier(connection, rotation, by.at)
    subject = rotation.client_id
    audit.record(connection, by, Action.SECRET_ROTATED, [organisation_id], subject=subject)
    if rotation.public_jwk is not None:
        await client_keys.add_client_key(
            connection, new_id, rotation.client_id, rotation.public_jwk
        )
        return None
    credentials = ClientCredentials(rotation.client_id, new_client_secret())
    stored = hash_secret(keyring, credentials.client_secret)
    await access.add_secret(connection, new_id, rotation.client_id, stored)
    return credentials


async def _end_earlier(connection: WriteConnection, rotation: Rotation, now: datetime) -> None:
    client_id, until = rotation.client_id, now + rotation.overlap
    if rotation.overlap:
        await access.expire_secrets(connection, client_id, at=until)
        await client_keys.expire_client_keys(connection, client_id, at=until)
        return
    # Removed, not expired: a process whose clock is slow would take them for a while.
    await access.remove_secrets(connection, client_id)
    await client_keys.remove_client_keys(connection, client_id)
    await cutting.cut_off_client(connection, client_id)
