"""What is stored between two reports: their links in full, the judgement in force, what they
share without being linked by it, and whether a change still waits for the linker.
"""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.storage.repositories.lead_links import FullLink, full_link
from app.storage.repositories.links import Pair
from app.storage.session import ReadConnection


class Unfit(NamedTuple):
    """A value that both reports carry, at least one of them in a way that never links."""

    value_index: bytes
    kind: str


async def links_of(connection: ReadConnection, pairs: Collection[Pair]) -> dict[Pair, FullLink]:
    """The links of these pairs, as far as they are linked."""
    rows = await connection.execute(
        text(
            """
            SELECT l.report_lo, l.report_hi, l.weight, l.strong, l.parts ::text AS parts,
              l.model_version
            FROM unnest(:los ::uuid[], :his ::uuid[]) AS p (lo, hi)
            JOIN link AS l ON l.report_lo = p.lo AND l.report_hi = p.hi
            """
        ),
        {"los": [lo for lo, _ in pairs], "his": [hi for _, hi in pairs]},
    )
    return {link.reports: link for link in (full_link(row) for row in rows)}


async def unfit_values(connection: ReadConnection, pair: Pair) -> list[Unfit]:
    """The values that both carry, and at least one of the two in a way that never links."""
    rows = await connection.execute(
        text(
            """
            SELECT a.value_index, a.kind FROM report_attribute AS a
            JOIN report_attribute AS b ON b.value_index = a.value_index AND b.report_id = :hi
            WHERE a.report_id = :lo AND NOT (a.links AND b.links)
            ORDER BY a.kind, a.value_index
            """
        ),
        {"lo": pair[0], "hi": pair[1]},
    )
    return [Unfit(bytes(row.value_index), row.kind) for row in rows]


async def notes_of(connection: ReadConnection, values: Collection[bytes]) -> dict[bytes, str]:
    """Why these values are on the stop-list, where somebody said so."""
    rows = await connection.execute(
        text(
            "SELECT value_index, note FROM shared_value "
            "WHERE value_index = ANY(:values) AND note IS NOT NULL"
        ),
        {"values": list(values)},
    )
    return {bytes(index): note for index, note in rows}


async def are_waiting(
    connection: ReadConnection, reports: Collection[UUID], values: Collection[bytes]
) -> bool:
    """Whether the queue holds a change of one of these reports, or of what these values link."""
    found = await connection.scalar(
        text(
            """
            SELECT EXISTS (SELECT FROM link_queue
              WHERE report_id = ANY(:reports) OR touched && :values ::bytea[])
            """
        ),
        {"reports": list(reports), "values": list(values)},
    )
    return bool(found)
