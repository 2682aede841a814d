"""Authenticate a client by its secret (RFC 6749, section 2.3.1)."""

from datetime import datetime

from app.crypto.keyring import Keyring
from app.crypto.secrets import ClientCredentials, is_secret
from app.domain.access import TokenRefusedError
from app.storage.repositories import access
from app.storage.repositories.access import KnownClient
from app.storage.session import ReadConnection


async def authenticate_client(
    connection: ReadConnection, credentials: ClientCredentials, *, keyring: Keyring, now: datetime
) -> KnownClient:
    """The client that these credentials are of.

    Raises TokenRefusedError for an unknown client and for a wrong secret alike, after the same
    work.
    """
    known = await access.find_known_client(connection, credentials.client_id, now=now)
    hashes = known.secret_hashes if known else ()
    if not is_secret(keyring, credentials.client_secret, hashes) or known is None:
        raise TokenRefusedError("invalid_client")
    return known
