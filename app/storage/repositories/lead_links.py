"""The links of one lead as they are read, and what its reports share that links nobody."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.domain.access import Principal
from app.domain.linkage.parts import Part
from app.storage.repositories.knowing import known, names, readable, stubs
from app.storage.repositories.links import Pair, read
from app.storage.repositories.shared_values import stops
from app.storage.session import ReadConnection


class FullLink(NamedTuple):
    """Two reports and the evidence between them, adding up to the weight.

    strong: whether it may link by itself. model_version: under which it was found. readable: the
    reader may read both reports.
    """

    reports: Pair
    weight: float
    strong: bool
    parts: tuple[Part, ...]
    model_version: str
    readable: bool


def full_link(row: Any) -> FullLink:  # noqa: ANN401 - a row of whichever query reads links whole
    """The link of a row with all columns of `link`, `parts` as text, and `readable`."""
    pair = (row.report_lo, row.report_hi)
    return FullLink(pair, row.weight, row.strong, read(row.parts), row.model_version, row.readable)


class NotLinking(NamedTuple):
    """A value that reports of a lead share and that links nobody, with the reason. note: why it
    was put on the stop-list, where somebody said so. shown_by: one of the reports that the reader
    may read.
    """

    value_index: bytes
    kind: str
    reason: str
    note: str | None
    reports: Sequence[UUID]
    shown_by: UUID


async def of_lead(
    connection: ReadConnection, lead_id: UUID, reader: Principal, *, behind: int, limit: int
) -> list[FullLink]:
    """The links between reports of a lead that the reader may know of: first those that it may read
    whole, the strongest first, then the others, whose weight it is not to learn: so it is asked in
    the name of a part that sees all links.
    """
    rows = await connection.execute(
        text(
            f"""
            SELECT l.report_lo, l.report_hi, l.weight, l.strong, l.parts ::text AS parts,
              l.model_version, l.readable
            FROM lead_membership AS m
            JOIN lead_membership AS n ON n.lead_id = m.lead_id
            JOIN report AS lo ON lo.id = m.report_id AND {known("lo")}
            JOIN report AS hi ON hi.id = n.report_id AND {known("hi")}
            JOIN LATERAL (
              SELECT *, {readable("lo")} AND {readable("hi")} AS readable FROM link
              WHERE report_lo = lo.id AND report_hi = hi.id) AS l ON true
            WHERE m.lead_id = :lead
            ORDER BY l.readable DESC, CASE WHEN l.readable THEN l.weight END DESC,
              l.report_lo, l.report_hi
            LIMIT :limit OFFSET :behind
            """  # noqa: S608 - no input in it
        ),
        {"lead": lead_id, "limit": limit, "behind": behind, "names": names(reader)},
    )
    return [full_link(row) for row in rows]


async def not_linking(
    connection: ReadConnection, lead_id: UUID, reader: Principal
) -> list[NotLinking]:
    """The values that two or more reports of a lead carry and that link nobody, of those that the
    reader may read in one of them. What is on the stop-list is so within every circle.
    """
    rows = await connection.execute(
        text(
            f"""
            SELECT a.value_index, min(s.kind) AS kind, max(s.reason) AS reason,
              min(s.note) AS note, array_agg(DISTINCT k.id) AS reports,
              (array_agg(r.id ORDER BY r.id) FILTER (WHERE r.id IS NOT NULL))[1] AS shown_by
            FROM lead_membership AS m
            JOIN {stubs("SELECT report_id FROM lead_membership WHERE lead_id = :lead")} AS k
              ON k.id = m.report_id AND {known("k")}
            LEFT JOIN report AS r ON r.id = m.report_id AND {readable("r")}
            JOIN report_attribute AS a ON a.report_id = m.report_id AND a.links
            JOIN LATERAL (
              SELECT * FROM shared_value AS s WHERE {stops("a.value_index")} OFFSET 0) AS s ON true
            WHERE m.lead_id = :lead
            GROUP BY a.value_index
            HAVING count(DISTINCT k.id) > 1 AND count(r.id) > 0
            ORDER BY min(s.kind), a.value_index
            """  # noqa: S608 - no input in it
        ),
        {"lead": lead_id, "names": names(reader)},
    )
    return [
        NotLinking(bytes(r.value_index), r.kind, r.reason, r.note, r.reports, r.shown_by)
        for r in rows
    ]


async def count_carriers(connection: ReadConnection, values: Collection[bytes]) -> dict[bytes, int]:
    """How many reports carry each of these values in a linking role."""
    rows = await connection.execute(
        text(
            """
            SELECT v.value_index, (SELECT count(*) FROM report_attribute AS a
              WHERE a.value_index = v.value_index AND a.links) AS carriers
            FROM unnest(:values ::bytea[]) AS v (value_index)
            """
        ),
        {"values": list(values)},
    )
    return {bytes(row.value_index): row.carriers for row in rows}
