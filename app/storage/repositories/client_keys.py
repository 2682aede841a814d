"""The public keys with which clients authenticate themselves, and the assertions already used."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.access import client_key, used_assertion


async def add_client_key(
    connection: WriteConnection, key_id: UUID, client_id: str, public_jwk: Mapping[str, str]
) -> None:
    """Give a client one more public key."""
    await connection.execute(
        insert(client_key).values(id=key_id, client_id=client_id, public_jwk=dict(public_jwk))
    )


async def list_client_keys(
    connection: ReadConnection, client_id: str, *, now: datetime
) -> Sequence[Mapping[str, str]]:
    """The public keys of a client that are valid at `now`."""
    rows = await connection.scalars(
        select(client_key.c.public_jwk).where(
            client_key.c.client_id == client_id,
            or_(client_key.c.expires_at.is_(None), client_key.c.expires_at > now),
        )
    )
    return list(rows)


async def expire_client_keys(connection: WriteConnection, client_id: str, *, at: datetime) -> None:
    """Let the keys of a client end at `at`, or when they would have ended before."""
    await connection.execute(
        update(client_key)
        .where(client_key.c.client_id == client_id)
        .values(expires_at=func.least(client_key.c.expires_at, at))
    )


async def remove_client_keys(connection: WriteConnection, client_id: str) -> None:
    """Take all its keys from a client."""
    await connection.execute(delete(client_key).where(client_key.c.client_id == client_id))


async def use_assertion(
    connection: WriteConnection, client_id: str, jti_hash: bytes, *, expires_at: datetime
) -> bool:
    """Note that an assertion was used; False where it was used before.

    Two at once: the second waits for the first, and is refused.
    """
    used = await connection.scalar(
        upsert(used_assertion)
        .values(client_id=client_id, jti_hash=jti_hash, expires_at=expires_at)
        .on_conflict_do_nothing()
        .returning(used_assertion.c.client_id)
    )
    return used is not None


async def forget_assertions(connection: WriteConnection, client_id: str, *, now: datetime) -> None:
    """Forget the used assertions of a client that nobody could use again."""
    await connection.execute(
        delete(used_assertion).where(
            used_assertion.c.client_id == client_id, used_assertion.c.expires_at <= now
        )
    )
