"""Values that link nobody: hubs, and what is on the stop-list."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert

from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.linking import shared_value

SPREAD = "spread"
STOPLIST = "stoplist"


def stops(value: str) -> str:
    """That `s`, a row of the table, has this value link nobody: a hub is one within its circle, and
    what is on the stop-list, as outside of every circle, is so within each.

    In a subquery that OFFSET 0 keeps one: behind row-level security no index of the table serves a
    function of another table's column.
    """
    listed = f"substring({value} FROM 1 FOR 32)"
    return f"""(s.value_index IN ({value}, {listed})
      AND (s.value_index = {value} OR s.reason = '{STOPLIST}'))"""


async def reasons(connection: ReadConnection, values: Collection[bytes]) -> dict[bytes, str]:
    """Those of these values that link nobody, with the reason."""
    if not values:
        return {}
    rows = await connection.execute(
        text("SELECT value_index, reason FROM shared_value WHERE value_index = ANY(:values)"),
        {"values": list(values)},
    )
    return {bytes(index): told for index, told in rows}


async def mark_hubs(
    connection: WriteConnection,
    values: Mapping[bytes, str],
    *,
    now: datetime,
    model_version: str,
) -> None:
    """Note that these values (with their kind) are hubs, unless they are on the stop-list."""
    if values:
        # Sorted, as whoever writes the stop-list sorts, so that the two cannot wait in a ring.
        rows = [
            {
                "value_index": index,
                "kind": values[index],
                "reason": SPREAD,
                "since": now,
                "model_version": model_version,
            }
            for index in sorted(values)
        ]
        await connection.execute(insert(shared_value).on_conflict_do_nothing(), rows)


async def unmark_hubs(connection: WriteConnection, values: Collection[bytes]) -> None:
    """Note that these values are no hubs."""
    if values:
        await connection.execute(
            delete(shared_value).where(
                shared_value.c.value_index.in_(list(values)), shared_value.c.reason == SPREAD
            )
        )


async def forget_hubs(connection: WriteConnection) -> None:
    """Forget which values are hubs, to find them anew."""
    await connection.execute(delete(shared_value).where(shared_value.c.reason == SPREAD))
