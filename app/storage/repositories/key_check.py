"""The mark by which a wrong root key is noticed before anything is written under it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.storage.session import WriteConnection
from app.storage.tables.access import key_check


async def keep(connection: WriteConnection, mark_id: UUID, sealed: bytes) -> bytes:
    """Keep the mark unless there is one; returns the one that is kept."""
    await connection.execute(
        insert(key_check).values(id=mark_id, sealed=sealed).on_conflict_do_nothing()
    )
    kept = await connection.scalar(select(key_check.c.sealed).where(key_check.c.id == mark_id))
    return bytes(kept or b"")
