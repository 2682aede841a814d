"""Who carries a value in whichever circle: what linking keeps apart, side by side for those who may
know of it. A value is given by its index outside of circles.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.domain.access import Principal
from app.storage.repositories.carriers import FIRST_CIRCLE, LAST_CIRCLE
from app.storage.repositories.knowing import known, names, readable, stubs
from app.storage.session import ReadConnection

_MOST_LEADS = 20


class Near(NamedTuple):
    """A lead of another circle, and the values that it shares: index, kind, and by which of its
    reports.
    """

    lead_id: UUID
    shared: Sequence[tuple[bytes, str, Sequence[UUID]]]


class Hit(NamedTuple):
    """A report that carries a value, with its lead (None: not linked yet) and who sent it."""

    report_id: UUID
    lead_id: UUID | None
    organisation_id: UUID
    handling_code: str
    tlp: str
    readable: bool


async def hits(
    connection: ReadConnection,
    values: Collection[bytes],
    reader: Principal,
    *,
    after: UUID | None,
    limit: int,
) -> list[Hit]:
    """The reports that carry one of these values in a role that links, oldest first, behind one.
    None of what is on the stop-list.
    """
    rows = await connection.execute(
        text(
            f"""
            WITH carriers AS (
              SELECT a.report_id
              FROM unnest(:values ::bytea[], :lasts ::bytea[]) AS v (value_index, last)
              JOIN report_attribute AS a
                ON a.value_index >= v.value_index AND a.value_index <= v.last AND a.links
              WHERE (:after ::uuid IS NULL OR a.report_id > :after ::uuid) AND NOT EXISTS (
                SELECT FROM shared_value AS s
                WHERE s.value_index = v.value_index AND s.reason = 'stoplist'))
            SELECT r.id, l.id AS lead_id, r.organisation_id, r.handling_code, r.tlp,
              EXISTS (SELECT FROM report AS o WHERE o.id = r.id AND {readable("o")}) AS readable
            FROM {stubs("SELECT report_id FROM carriers")} AS r
            LEFT JOIN (lead_membership AS m JOIN lead AS l ON l.id = m.lead_id AND {known("l")})
              ON m.report_id = r.id AND l.circle IS NOT DISTINCT FROM r.circle
            WHERE r.status <> 'withdrawn' AND {known("r")}
            ORDER BY r.id LIMIT :limit
            """  # noqa: S608 - no input in it
        ),
        {
            "values": list(values),
            "lasts": [value + LAST_CIRCLE for value in values],
            "after": after,
            "limit": limit,
            "names": names(reader),
        },
    )
    return [Hit(*row) for row in rows]


async def of_lead(
    connection: ReadConnection, lead_id: UUID, reader: Principal, *, values: Collection[bytes]
) -> list[Near]:
    """The leads of other circles than this one's that carry some of these values in roles that
    link: the twenty with most of them. Values that link nobody are left out.
    """
    rows = await connection.execute(
        text(
            f"""
            WITH own AS (
              SELECT DISTINCT here.circle, substring(a.value_index FROM 1 FOR 32) AS value_index
              FROM lead AS here JOIN lead_membership AS m ON m.lead_id = here.id
              JOIN report_attribute AS a ON a.report_id = m.report_id AND a.links
              WHERE here.id = :lead),
            sought AS MATERIALIZED (
              SELECT circle, value_index, value_index || :last ::bytea AS last,
                CASE WHEN circle IS NULL THEN value_index || :first ::bytea
                  ELSE value_index END AS first
              FROM own
              WHERE value_index = ANY(:values ::bytea[]) AND NOT EXISTS (
                SELECT FROM shared_value AS s WHERE s.value_index = own.value_index)),
            carried AS (
              SELECT l.id AS lead_id, l.circle, sought.value_index, a.kind, a.report_id
              FROM sought
              JOIN report_attribute AS a ON a.links
                AND a.value_index >= sought.first AND a.value_index <= sought.last
              JOIN lead_membership AS m ON m.report_id = a.report_id
              JOIN lead AS l ON l.id = m.lead_id AND {known("l")}
                AND l.circle IS DISTINCT FROM sought.circle),
            shared AS (
              SELECT c.lead_id, c.value_index, min(c.kind) AS kind,
                array_agg(DISTINCT r.id) AS reports
              FROM carried AS c
              JOIN {stubs("SELECT report_id FROM carried")} AS r ON r.id = c.report_id
                AND {known("r")} AND c.circle IS NOT DISTINCT FROM r.circle
              GROUP BY c.lead_id, c.value_index),
            leads AS (
              SELECT lead_id, count(*) AS number FROM shared
              GROUP BY lead_id ORDER BY number DESC, lead_id LIMIT :most)
            SELECT lead_id, value_index, kind, reports FROM leads JOIN shared USING (lead_id)
            ORDER BY number DESC, lead_id, kind, value_index
            """  # noqa: S608 - no input in it
        ),
        {
            "lead": lead_id,
            "values": list(values),
            "first": FIRST_CIRCLE,
            "last": LAST_CIRCLE,
            "most": _MOST_LEADS,
            "names": names(reader),
        },
    )
    found: dict[UUID, list[tuple[bytes, str, Sequence[UUID]]]] = {}
    for row in rows:
        found.setdefault(row.lead_id, []).append((bytes(row.value_index), row.kind, row.reports))
    return [Near(near, shared) for near, shared in found.items()]
