"""Links that cross two leads: noted by the linker, read as proposals to join the leads."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.domain.access import Principal
from app.storage.repositories.knowing import known, names, readable
from app.storage.repositories.lead_links import FullLink, full_link
from app.storage.repositories.links import Pair
from app.storage.session import ReadConnection, WriteConnection


class Crossing(NamedTuple):
    """Two leads (the older first), the strongest link between them, and how many links there are
    that nobody judged.
    """

    leads: Pair
    link: FullLink
    link_count: int


class Behind(NamedTuple):
    """A place in the list of proposals: the strongest link of the last one known."""

    weight: float
    report_lo: UUID
    report_hi: UUID


async def note(connection: WriteConnection, apart: Mapping[Pair, bool]) -> None:
    """Note of these links whether their ends are in different leads that have a core."""
    await connection.execute(
        text(
            """
            UPDATE link SET apart = c.apart
            FROM unnest(:los ::uuid[], :his ::uuid[], :apart ::bool[]) AS c (lo, hi, apart)
            WHERE report_lo = c.lo AND report_hi = c.hi AND link.apart <> c.apart
            """
        ),
        {
            "los": [lo for lo, _ in apart],
            "his": [hi for _, hi in apart],
            "apart": list(apart.values()),
        },
    )


async def note_all(connection: WriteConnection, *, core: int) -> None:
    """Note of every link whether its ends are in different leads, both with a core of so many."""
    await connection.execute(
        text(
            """
            UPDATE link SET apart = NOT apart
            FROM lead_membership AS m, lead_membership AS n, lead AS a, lead AS b
            WHERE m.report_id = report_lo AND n.report_id = report_hi
              AND a.id = m.lead_id AND b.id = n.lead_id
              AND apart <> (a.id <> b.id AND a.core_count >= :core AND b.core_count >= :core)
            """
        ),
        {"core": core},
    )


async def strongest(
    connection: ReadConnection, reader: Principal, *, core: int, behind: Behind | None, limit: int
) -> list[Crossing]:
    """Pairs of leads that links cross, the strongest first; each of the two has a core of `core`
    reports or more. Only links between reports that the reader may read count, for nobody may
    decide on others, and what they weigh tells of what they say. Where the strongest link is
    judged to separate its ends, the pair is left out: somebody looked at the best that speaks for
    it.
    """
    return await _read(connection, reader, _Wanted(core, limit, behind))


async def between(
    connection: ReadConnection, leads: Pair, reader: Principal, *, core: int
) -> Crossing | None:
    """What crosses these two leads, whatever was judged of it; None if nothing does."""
    found = await _read(connection, reader, _Wanted(core, 1, leads=leads))
    return found[0] if found else None


class _Wanted(NamedTuple):
    core: int
    limit: int
    behind: Behind | None = None
    leads: Pair | None = None


async def _read(connection: ReadConnection, reader: Principal, wanted: _Wanted) -> list[Crossing]:
    behind = wanted.behind
    rows = await connection.execute(
        _STRONGEST,
        {
            "core": wanted.core,
            "leads": list(wanted.leads) if wanted.leads else None,
            "weight": behind.weight if behind else None,
            "lo": behind.report_lo if behind else None,
            "hi": behind.report_hi if behind else None,
            "limit": wanted.limit,
            "names": names(reader),
        },
    )
    return [_crossing(row) for row in rows]


_STRONGEST = text(
    f"""
    WITH crossing AS (
      SELECT l.report_lo, l.report_hi, l.weight,
        least(m.lead_id, n.lead_id) AS one, greatest(m.lead_id, n.lead_id) AS other,
        coalesce(
          (SELECT j.kind = 'separate' FROM judgement AS j
           WHERE j.report_lo = l.report_lo AND j.report_hi = l.report_hi
           ORDER BY j.at DESC, j.id DESC LIMIT 1), false) AS judged
      FROM link AS l
      JOIN lead_membership AS m ON m.report_id = l.report_lo
      JOIN lead_membership AS n ON n.report_id = l.report_hi
      JOIN lead AS a ON a.id = m.lead_id AND {known("a")}
      JOIN lead AS b ON b.id = n.lead_id AND {known("b")}
      JOIN report AS lo ON lo.id = l.report_lo AND {known("lo")} AND {readable("lo")}
      JOIN report AS hi ON hi.id = l.report_hi AND {known("hi")} AND {readable("hi")}
      WHERE l.apart AND m.lead_id <> n.lead_id
        AND (l.strong OR NOT (m.attached OR n.attached))
        AND a.core_count >= :core AND b.core_count >= :core
        AND (:leads ::uuid[] IS NULL OR ARRAY[m.lead_id, n.lead_id] <@ :leads ::uuid[])),
    strongest AS (
      SELECT DISTINCT ON (one, other) *,
        count(*) FILTER (WHERE NOT judged) OVER (PARTITION BY one, other) AS link_count
      FROM crossing
      ORDER BY one, other, weight DESC, report_lo DESC, report_hi DESC),
    page AS (
      SELECT * FROM strongest
      WHERE (:leads ::uuid[] IS NOT NULL OR NOT judged)
        AND (:weight ::float8 IS NULL
          OR (weight, report_lo, report_hi) < (:weight ::float8, :lo ::uuid, :hi ::uuid))
      ORDER BY weight DESC, report_lo DESC, report_hi DESC LIMIT :limit)
    SELECT page.one, page.other, page.link_count, l.report_lo, l.report_hi, l.weight, l.strong,
      l.parts ::text AS parts, l.model_version, true AS readable
    FROM page JOIN link AS l USING (report_lo, report_hi)
    ORDER BY l.weight DESC, l.report_lo DESC, l.report_hi DESC
    """  # noqa: S608 - no input in it
)
"""A weak link of a report that weak evidence attached to another lead is the lesser of two guesses,
and asks for no decision.
"""


def _crossing(row: Any) -> Crossing:  # noqa: ANN401 - a row of one of the queries above
    return Crossing(
        (row.one, row.other),
        full_link(row),
        row.link_count,
    )
