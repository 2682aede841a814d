"""What is stored between two reports: their links in full, the judgement in force, what they
share without being linked by it, and whether a change still waits for the linker.
"""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.crypto.blind_index import open_index
from app.domain.access import Principal
from app.storage.repositories.knowing import names, readable
from app.storage.repositories.lead_links import FullLink, full_link
from app.storage.repositories.links import Pair
from app.storage.repositories.shared_values import stops
from app.storage.session import ReadConnection


class Unfit(NamedTuple):
    """A value that both reports carry, at least one of them in a way that never links."""

    value_index: bytes
    kind: str


async def links_of(
    connection: ReadConnection, pairs: Collection[Pair], reader: Principal
) -> dict[Pair, FullLink]:
    """The links of these pairs, as far as they are linked."""
    rows = await connection.execute(
        text(
            f"""
            SELECT l.report_lo, l.report_hi, l.weight, l.strong, l.parts ::text AS parts,
              l.model_version, {readable("lo")} AND {readable("hi")} AS readable
            FROM unnest(:los ::uuid[], :his ::uuid[]) AS p (lo, hi)
            JOIN link AS l ON l.report_lo = p.lo AND l.report_hi = p.hi
            JOIN report AS lo ON lo.id = p.lo JOIN report AS hi ON hi.id = p.hi
            """  # noqa: S608 - no input in it
        ),
        {
            "los": [lo for lo, _ in pairs],
            "his": [hi for _, hi in pairs],
            "names": names(reader),
        },
    )
    return {link.reports: link for link in (full_link(row) for row in rows)}


async def shared_values(
    connection: ReadConnection, pairs: Collection[Pair]
) -> dict[Pair, list[tuple[bytes, str]]]:
    """The values, with their kind, that both of each pair carry and that link."""
    rows = await connection.execute(
        text(
            f"""
            SELECT p.lo, p.hi, a.value_index, a.kind
            FROM unnest(:los ::uuid[], :his ::uuid[]) AS p (lo, hi)
            JOIN report_attribute AS a ON a.report_id = p.lo AND a.links
            JOIN report_attribute AS b
              ON b.report_id = p.hi AND b.value_index = a.value_index AND b.links
            WHERE NOT EXISTS (
              SELECT FROM shared_value AS s WHERE {stops("a.value_index")} OFFSET 0)
            ORDER BY a.kind, a.value_index
            """  # noqa: S608 - no input in it
        ),
        {"los": [lo for lo, _ in pairs], "his": [hi for _, hi in pairs]},
    )
    found: dict[Pair, list[tuple[bytes, str]]] = {}
    for lo, hi, index, kind in rows:
        found.setdefault((lo, hi), []).append((bytes(index), kind))
    return found


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
            """
            SELECT v.value_index, s.note FROM unnest(:values ::bytea[]) AS v (value_index)
            JOIN shared_value AS s ON s.value_index = substring(v.value_index FROM 1 FOR 32)
            WHERE s.note IS NOT NULL
            """
        ),
        {"values": list(values)},
    )
    return {bytes(index): note for index, note in rows}


async def are_waiting(
    connection: ReadConnection, reports: Collection[UUID], values: Collection[bytes]
) -> bool:
    """Whether the queue holds a change of one of these reports, or of what these values link."""
    # What is put on the stop-list, or taken off, is named as it is outside of every circle.
    both = {*values, *(open_index(value) for value in values)}
    found = await connection.scalar(
        text(
            """
            SELECT EXISTS (SELECT FROM link_queue
              WHERE report_id = ANY(:reports) OR touched && :values ::bytea[])
            """
        ),
        {"reports": list(reports), "values": list(both)},
    )
    return bool(found)
