"""Organisations, their clients and secrets, and the keys that sign access tokens."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.domain.access import Organisation, OrganisationKind, Scope
from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.access import client, client_secret, organisation, signing_key

_KEYS_LOCK = 0x7E55_0002
"""Advisory lock of whoever changes the signing keys."""


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """A client as it is stored, without its secrets."""

    client_id: str
    organisation_id: UUID
    scopes: Collection[Scope]
    no_identity: bool


@dataclass(frozen=True, slots=True)
class KnownClient:
    """An enabled client with its organisation and the hashes of the secrets valid now.
    `generation`: that of the tokens it gets; those of earlier ones are refused.
    """

    record: ClientRecord
    organisation: Organisation
    secret_hashes: Sequence[bytes] = field(repr=False)
    generation: int


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A signing key as it is stored: it signs from `signs_from` until its successor does, and
    verifies, published in the JWKS, until `expires_at`.
    """

    kid: str
    record_id: UUID
    public_jwk: dict[str, str]
    sealed: bytes = field(repr=False)
    signs_from: datetime
    expires_at: datetime


_KNOWN_CLIENT = text(
    """
    SELECT c.organisation_id, c.scopes, c.no_identity, c.generation,
           o.name, o.kind, o.country, o.agency, o.ref,
           ARRAY(SELECT s.secret_hash FROM client_secret AS s
                 WHERE s.client_id = c.client_id
                   AND (s.expires_at IS NULL OR s.expires_at > :now)) AS hashes
    FROM client AS c JOIN organisation AS o ON o.id = c.organisation_id
    WHERE c.client_id = :client_id AND c.disabled_at IS NULL
    """
)
_KEY_COLUMNS = tuple(KeyRecord.__slots__)


async def add_organisation(connection: WriteConnection, new: Organisation) -> bool:
    """Enrol an organisation; False, and nothing done, where its `ref` is taken."""
    added = await connection.scalar(
        upsert(organisation)
        .values(
            id=new.id,
            ref=new.ref,
            name=new.name,
            kind=new.kind.value,
            country=new.country,
            agency=new.agency,
        )
        .on_conflict_do_nothing(index_elements=[organisation.c.ref])
        .returning(organisation.c.id)
    )
    return added is not None


async def find_organisation(
    connection: ReadConnection, organisation_id: UUID
) -> Organisation | None:
    """The organisation of that id."""
    return await _one_organisation(
        connection, _select_organisation().where(organisation.c.id == organisation_id)
    )


async def find_organisation_by_ref(connection: ReadConnection, ref: str) -> Organisation | None:
    """The organisation that scenario files and imports call `ref`."""
    return await _one_organisation(
        connection, _select_organisation().where(organisation.c.ref == ref)
    )


async def ensure_organisation(connection: WriteConnection, new: Organisation) -> Organisation:
    """The organisation with the `ref` of `new`: `new` itself where there was none, else the one
    that is there, which may differ in all the rest.

    Two at once with one `ref` get the same organisation: the second waits for the first.
    Raises ValueError where `new` has no `ref`.
    """
    if new.ref is None:
        raise ValueError("only an organisation with a ref can be looked for")
    added = await add_organisation(connection, new)
    found = None if added else await find_organisation_by_ref(connection, new.ref)
    return found or new


async def add_client(connection: WriteConnection, new: ClientRecord) -> None:
    """Register a client; it has no secret yet."""
    await connection.execute(
        insert(client).values(
            client_id=new.client_id,
            organisation_id=new.organisation_id,
            scopes=sorted(scope.value for scope in new.scopes),
            no_identity=new.no_identity,
        )
    )


async def add_secret(
    connection: WriteConnection, secret_id: UUID, client_id: str, secret_hash: bytes
) -> None:
    """Give a client one more secret, of which only the hash is stored."""
    await connection.execute(
        insert(client_secret).values(id=secret_id, client_id=client_id, secret_hash=secret_hash)
    )


async def find_known_client(
    connection: ReadConnection, client_id: str, *, now: datetime
) -> KnownClient | None:
    """All that the token endpoint needs of an enabled client, in one query."""
    row = (
        await connection.execute(_KNOWN_CLIENT, {"client_id": client_id, "now": now})
    ).one_or_none()
    if row is None:
        return None
    scopes = frozenset(Scope(scope) for scope in row.scopes)
    return KnownClient(
        ClientRecord(client_id, row.organisation_id, scopes, row.no_identity),
        Organisation(
            id=row.organisation_id,
            name=row.name,
            kind=OrganisationKind(row.kind),
            country=row.country,
            agency=row.agency,
            ref=row.ref,
        ),
        [bytes(stored) for stored in row.hashes],
        row.generation,
    )


async def lock_client(connection: WriteConnection, client_id: str) -> UUID | None:
    """Hold an enabled client until the transaction ends; its organisation, None if there is no
    such client.
    """
    found: UUID | None = await connection.scalar(
        select(client.c.organisation_id)
        .where(client.c.client_id == client_id, client.c.disabled_at.is_(None))
        .with_for_update()
    )
    return found


async def expire_secrets(connection: WriteConnection, client_id: str, *, at: datetime) -> None:
    """Let the secrets of a client end at `at`, or when they would have ended before."""
    await connection.execute(
        update(client_secret)
        .where(client_secret.c.client_id == client_id)
        .values(expires_at=func.least(client_secret.c.expires_at, at))
    )


async def remove_secrets(connection: WriteConnection, client_id: str) -> None:
    """Take all its secrets from a client."""
    await connection.execute(delete(client_secret).where(client_secret.c.client_id == client_id))


async def disable_client(
    connection: WriteConnection, client_id: str, *, now: datetime
) -> UUID | None:
    """Refuse a client new tokens from now on; its organisation, None if there is none enabled by
    that id. For those that it has see `cutting.cut_off_client`.
    """
    disabled: UUID | None = await connection.scalar(
        update(client)
        .where(client.c.client_id == client_id, client.c.disabled_at.is_(None))
        .values(disabled_at=now)
        .returning(client.c.organisation_id)
    )
    return disabled


async def lock_keys(connection: WriteConnection) -> None:
    """Wait for, and keep until the transaction ends, the right to change the signing keys."""
    await connection.execute(text(f"SELECT pg_advisory_xact_lock({_KEYS_LOCK})"))


async def list_keys(connection: ReadConnection, *, now: datetime) -> list[KeyRecord]:
    """The keys that still verify at `now`, in the order in which they sign."""
    rows = await connection.execute(
        select(*(signing_key.c[name] for name in _KEY_COLUMNS))
        .where(signing_key.c.expires_at > now)
        .order_by(signing_key.c.signs_from, signing_key.c.kid)
    )
    return [KeyRecord(*row) for row in rows]


async def add_key(connection: WriteConnection, new: KeyRecord) -> None:
    """Publish a signing key."""
    values = {name: getattr(new, name) for name in _KEY_COLUMNS}
    await connection.execute(insert(signing_key).values(**values))


async def expire_keys(connection: WriteConnection, *, at: datetime) -> None:
    """Let the present keys leave the JWKS at `at`, or when they would have left before."""
    await connection.execute(
        update(signing_key).values(expires_at=func.least(signing_key.c.expires_at, at))
    )


async def remove_expired_keys(connection: WriteConnection, *, now: datetime) -> None:
    """Destroy the keys that no valid token can have been signed with."""
    await connection.execute(delete(signing_key).where(signing_key.c.expires_at <= now))


def _select_organisation() -> Select[Any]:
    return select(
        organisation.c.id,
        organisation.c.name,
        organisation.c.kind,
        organisation.c.country,
        organisation.c.agency,
        organisation.c.ref,
    )


async def _one_organisation(
    connection: ReadConnection, statement: Select[Any]
) -> Organisation | None:
    row: Row[Any] | None = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    return Organisation(
        id=row.id,
        name=row.name,
        kind=OrganisationKind(row.kind),
        country=row.country,
        agency=row.agency,
        ref=row.ref,
    )
