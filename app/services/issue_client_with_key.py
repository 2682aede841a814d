"""Issue a client that has no secret: it signs with a key whose public half is registered here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.crypto.secrets import new_client_id
from app.domain.access import checked_scopes
from app.domain.audit import Action, By
from app.domain.errors import NotFoundError
from app.storage.repositories import access, audit, client_keys
from app.storage.repositories.access import ClientRecord
from app.storage.session import WriteConnection


@dataclass(frozen=True, slots=True)
class KeyedClientRequest:
    """What a client is wanted for, and the public key (a JWK) that it authenticates with."""

    organisation_id: UUID
    scopes: Collection[str]
    public_jwk: Mapping[str, str]
    no_identity: bool = False


async def issue_client_with_key(
    connection: WriteConnection, request: KeyedClientRequest, *, key_id: UUID, by: By
) -> str:
    """Register a client and return its client_id. Raises as `issue_client` does."""
    organisation = await access.find_organisation(connection, request.organisation_id)
    if organisation is None:
        raise NotFoundError("there is no organisation of this id")
    scopes = checked_scopes(request.scopes, organisation)
    client_id = new_client_id()
    await access.add_client(
        connection, ClientRecord(client_id, organisation.id, scopes, request.no_identity)
    )
    await client_keys.add_client_key(connection, key_id, client_id, request.public_jwk)
    audit.record(connection, by, Action.CLIENT_ADDED, [organisation.id], subject=client_id)
    return client_id
