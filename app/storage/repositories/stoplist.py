"""The stop-list: values of the network itself (a helpline's phone) that must never link.

Values are known by their blind index alone, here as everywhere in the database.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.storage.repositories.carriers import LAST_CIRCLE
from app.storage.repositories.shared_values import STOPLIST
from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.linking import link_queue, shared_value


@dataclass(frozen=True, slots=True)
class StopListed:
    """A value of the stop-list. note: why it is there, where somebody said so. carriers: reports
    that carry it, in whatever role and circle.
    """

    value_index: bytes
    kind: str
    since: datetime
    note: str | None
    carriers: int


async def add(
    connection: WriteConnection, values: Mapping[bytes, str], *, note: str | None, now: datetime
) -> list[bytes]:
    """Put values (with their kind) on the list, also those that were hubs, and have what they
    linked judged anew. Returns those that were not on it. Of the others the note is replaced, if
    one is given.
    """
    # Sorted, so that two who add the same values wait for each other in one order.
    rows = [
        {"value_index": index, "kind": values[index], "reason": STOPLIST, "since": now,
         "note": note}
        for index in sorted(values)
    ]  # fmt: skip
    statement = upsert(shared_value).values(rows)
    added = await connection.scalars(
        statement.on_conflict_do_update(
            index_elements=[shared_value.c.value_index],
            set_={"reason": STOPLIST, "since": now, "model_version": None, "note": note},
            where=shared_value.c.reason != STOPLIST,
        ).returning(shared_value.c.value_index)
    )
    new = [bytes(index) for index in added]
    if note is not None and len(new) < len(values):
        await connection.execute(
            update(shared_value)
            .where(shared_value.c.value_index.in_(values), shared_value.c.reason == STOPLIST)
            .values(note=note)
        )
    await _judge_anew(connection, new)
    return new


async def remove(connection: WriteConnection, values: Sequence[bytes]) -> list[bytes]:
    """Take values off the list, notes and all, and have them judged anew: one that is a hub is
    marked as such then. Returns those that were on it.
    """
    removed = await connection.scalars(
        delete(shared_value)
        .where(shared_value.c.value_index.in_(values), shared_value.c.reason == STOPLIST)
        .returning(shared_value.c.value_index)
    )
    old = [bytes(index) for index in removed]
    await _judge_anew(connection, old)
    return old


async def list_all(connection: ReadConnection) -> AsyncIterator[StopListed]:
    """The whole list, oldest first."""
    rows = await connection.stream(
        text(
            """
            SELECT s.value_index, s.kind, s.since, s.note,
              (SELECT count(*) FROM report_attribute AS a WHERE a.value_index >= s.value_index
                AND a.value_index <= s.value_index || :last ::bytea) AS carriers
            FROM shared_value AS s WHERE s.reason = :reason ORDER BY s.since, s.value_index
            """
        ),
        {"reason": STOPLIST, "last": LAST_CIRCLE},
    )
    async for row in rows:
        yield StopListed(bytes(row.value_index), row.kind, row.since, row.note, row.carriers)


async def _judge_anew(connection: WriteConnection, values: Sequence[bytes]) -> None:
    if values:
        await connection.execute(insert(link_queue).values(touched=list(values), cause=STOPLIST))
