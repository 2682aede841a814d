"""Issue a client: the credentials with which an organisation's system asks for access tokens."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from app.crypto.keyring import Keyring
from app.crypto.secrets import (
    ClientCredentials,
    hash_secret,
    new_client_id,
    new_client_secret,
)
from app.domain.access import checked_scopes
from app.domain.audit import Action, By
from app.domain.errors import NotFoundError
from app.storage.repositories import access, audit
from app.storage.repositories.access import ClientRecord
from app.storage.session import WriteConnection


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """What a client is wanted for. `no_identity`: it may send no personal value."""

    organisation_id: UUID
    scopes: Collection[str]
    no_identity: bool = False


async def issue_client(
    connection: WriteConnection,
    request: ClientRequest,
    *,
    keyring: Keyring,
    secret_id: UUID,
    by: By,
) -> ClientCredentials:
    """Register a client and return its credentials, which cannot be shown again.

    Raises NotFoundError for an unknown organisation, and InvalidInputError, naming those that are
    allowed, for scopes that its kind may not hold (contract, section 11).
    """
    organisation = await access.find_organisation(connection, request.organisation_id)
    if organisation is None:
        raise NotFoundError("there is no organisation of this id")
    scopes = checked_scopes(request.scopes, organisation)
    credentials = ClientCredentials(new_client_id(), new_client_secret())
    await access.add_client(
        connection,
        ClientRecord(credentials.client_id, organisation.id, scopes, request.no_identity),
    )
    stored = hash_secret(keyring, credentials.client_secret)
    await access.add_secret(connection, secret_id, credentials.client_id, stored)
    subject = credentials.client_id
    audit.record(connection, by, Action.CLIENT_ADDED, [organisation.id], subject=subject)
    return credentials
