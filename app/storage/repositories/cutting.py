"""Tokens that end before their time: generations of clients, and persons that are shut out."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.access import blocked_person, client

CUT_CHANNEL = "tessera_cut_off"
"""NOTIFY channel: somebody's tokens were cut off; no payload."""

NO_GENERATION = 0
"""That of the tokens of a person, which this installation has not issued."""

_CUT_OFF = text(
    """
    SELECT client_id AS subject, generation FROM client
    WHERE cut_at > now() - make_interval(secs => :seconds)
    UNION ALL
    SELECT person_id, 1 FROM blocked_person
    """
)


async def cut_off_client(connection: WriteConnection, client_id: str) -> None:
    """Refuse the tokens that a client has got so far, in every process, once this is committed."""
    await connection.execute(
        update(client)
        .where(client.c.client_id == client_id)
        .values(generation=client.c.generation + 1, cut_at=func.now())
    )
    await _tell(connection)


async def block_person(connection: WriteConnection, person_id: str, *, now: datetime) -> bool:
    """Refuse a person, whatever tokens it has or gets; False if it was blocked before."""
    blocked = await connection.scalar(
        upsert(blocked_person)
        .values(person_id=person_id, blocked_at=now)
        .on_conflict_do_nothing()
        .returning(blocked_person.c.person_id)
    )
    await _tell(connection)
    return blocked is not None


async def unblock_person(connection: WriteConnection, person_id: str) -> bool:
    """Let a person in again; False if it was not blocked."""
    freed = await connection.scalar(
        delete(blocked_person)
        .where(blocked_person.c.person_id == person_id)
        .returning(blocked_person.c.person_id)
    )
    await _tell(connection)
    return freed is not None


async def list_cut_off(connection: ReadConnection, *, within_seconds: int) -> Mapping[str, int]:
    """The least generation that still holds, of every client whose tokens were cut off within
    that time and of every person that is blocked.
    """
    rows = await connection.execute(_CUT_OFF, {"seconds": within_seconds})
    return {row.subject: row.generation for row in rows}


async def _tell(connection: WriteConnection) -> None:
    await connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CUT_CHANNEL})
