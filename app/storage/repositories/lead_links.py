"""The links of one lead as they are read, and what its reports share that links nobody."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.domain.linkage.parts import Part
from app.storage.repositories.links import Pair, read
from app.storage.session import ReadConnection


class FullLink(NamedTuple):
    """Two reports and the evidence between them, adding up to the weight.

    strong: whether it may link by itself. model_version: under which it was found.
    """

    reports: Pair
    weight: float
    strong: bool
    parts: tuple[Part, ...]
    model_version: str


def full_link(row: Any) -> FullLink:  # noqa: ANN401 - a row of whichever query reads links whole
    """The link of a row with all columns of `link`, `parts` as text."""
    pair = (row.report_lo, row.report_hi)
    return FullLink(pair, row.weight, row.strong, read(row.parts), row.model_version)


class NotLinking(NamedTuple):
    """A value that reports of a lead share and that links nobody, with the reason. note: why it
    was put on the stop-list, where somebody said so.
    """

    value_index: bytes
    kind: str
    reason: str
    note: str | None
    reports: Sequence[UUID]


async def of_lead(
    connection: ReadConnection, lead_id: UUID, *, behind: int = 0, limit: int | None = None
) -> list[FullLink]:
    """The links between reports of a lead, strongest first."""
    rows = await connection.execute(
        text(
            """
            SELECT l.report_lo, l.report_hi, l.weight, l.strong, l.parts ::text AS parts,
              l.model_version
            FROM lead_membership AS m
            JOIN link AS l ON l.report_lo = m.report_id
            JOIN lead_membership AS n ON n.report_id = l.report_hi AND n.lead_id = m.lead_id
            WHERE m.lead_id = :lead
            ORDER BY l.weight DESC, l.report_lo, l.report_hi LIMIT :limit OFFSET :behind
            """
        ),
        {"lead": lead_id, "limit": limit, "behind": behind},
    )
    return [full_link(row) for row in rows]


async def not_linking(connection: ReadConnection, lead_id: UUID) -> list[NotLinking]:
    """The values that two or more reports of a lead carry and that link nobody."""
    rows = await connection.execute(
        text(
            """
            SELECT a.value_index, min(s.kind) AS kind, min(s.reason) AS reason,
              min(s.note) AS note, array_agg(a.report_id ORDER BY a.report_id) AS reports
            FROM lead_membership AS m
            JOIN report_attribute AS a ON a.report_id = m.report_id AND a.links
            JOIN shared_value AS s ON s.value_index = a.value_index
            WHERE m.lead_id = :lead
            GROUP BY a.value_index HAVING count(*) > 1
            ORDER BY min(s.kind), a.value_index
            """
        ),
        {"lead": lead_id},
    )
    return [NotLinking(bytes(r.value_index), r.kind, r.reason, r.note, r.reports) for r in rows]


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
