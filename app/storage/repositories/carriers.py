"""Who carries which value or key, and what reports are compared by.

Everything here is set-based: one round trip looks at all values of all reports of a batch, and a
row stands for all carriers of one value. Only linked reports count, and those being linked; what
waits in the queue, new or amended, looks at the others when its turn comes. What waits has values
already, but no block keys.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from app.domain.attributes import AttributeKind
from app.storage.fetching import fetch
from app.storage.session import ReadConnection


class ValueRow(NamedTuple):
    """One value of one report in a linking role."""

    report_id: UUID
    value_index: bytes
    kind: str
    role: str
    qualifier: str | None


class Carriers(NamedTuple):
    """The reports that carry a value or key, in order of their rank, with the circumstances of
    each (place and half-year, a keyed number).

    qualifiers: of values, where any carrier says one; else empty. number: of the carriers; more
    than are listed where a key has too many to be of use. kind: of values; None if nobody
    carries it. alone: of a word in a place, those of whose name nothing else is known.
    """

    reports: Sequence[UUID] = ()
    circumstances: Sequence[int] = ()
    qualifiers: Sequence[str | None] = ()
    number: int = 0
    kind: AttributeKind | None = None
    alone: Sequence[UUID] = ()

    def without(self, reports: Collection[UUID]) -> "Carriers":
        """The same apart from these reports."""
        kept = [place for place, report in enumerate(self.reports) if report not in reports]
        return Carriers(
            [self.reports[place] for place in kept],
            [self.circumstances[place] for place in kept],
            [self.qualifiers[place] for place in kept] if self.qualifiers else (),
            len(kept),
            self.kind,
            [report for report in self.alone if report not in reports],
        )


NOBODY = Carriers()
FIRST_CIRCLE, LAST_CIRCLE = bytes(16), b"\xff" * 16
"""Behind the index of a value, between which its indexes within circles lie."""

_LINKED = """(
  EXISTS (SELECT FROM lead_membership AS m WHERE m.report_id = a.report_id)
  AND NOT EXISTS (
    SELECT FROM link_queue AS q WHERE q.report_id = a.report_id AND q.cause = 'amended'))"""
_COUNTS = f"""($3 ::uuid[] IS NULL OR a.report_id = ANY($3 ::uuid[]) OR {_LINKED})
  AND a.report_id <> ALL($4 ::uuid[])"""
_QUALIFIERS = """CASE WHEN bool_or(c.qualifier IS NOT NULL)
  THEN array_agg(c.qualifier ORDER BY c.rank, c.report_id) ELSE '{}' END"""
_LISTED = """array_agg(c.report_id ORDER BY c.rank, c.report_id),
  array_agg(c.circumstances ORDER BY c.rank, c.report_id)"""


async def values_of(connection: ReadConnection, reports: Collection[UUID]) -> list[ValueRow]:
    """The values that these reports carry in a linking role."""
    rows = await fetch(
        connection,
        """
        SELECT report_id, value_index, kind, role, qualifier FROM report_attribute
        WHERE report_id = ANY($1 ::uuid[]) AND links
        """,
        list(reports),
    )
    return [ValueRow(*row) for row in rows]


_OF_VALUES = f"""
    SELECT v.place, {_LISTED}, {_QUALIFIERS}, count(*), min(c.kind)
    FROM unnest($1 ::bytea[], $2 ::int[]) WITH ORDINALITY AS v (value_index, most, place)
    CROSS JOIN LATERAL (
      SELECT a.report_id, a.rank, a.circumstances, a.qualifier, a.kind
      FROM report_attribute AS a
      WHERE a.value_index = v.value_index AND a.links AND {_COUNTS}
      ORDER BY a.rank, a.report_id LIMIT v.most + 1) AS c
    GROUP BY v.place
"""  # noqa: S608 - no input in it
_OF_KEYS = """
    SELECT k.key, count(*) AS number,
      CASE WHEN count(*) <= k.most
        THEN array_agg(c.report_id ORDER BY c.rank, c.report_id) ELSE '{}' END,
      CASE WHEN count(*) <= k.most
        THEN array_agg(c.circumstances ORDER BY c.rank, c.report_id) ELSE '{}' END,
      CASE WHEN count(*) <= k.most
        THEN array_agg(c.report_id ORDER BY c.rank, c.report_id) FILTER (WHERE c.alone) END
    FROM unnest($1 ::bigint[], $2 ::int[]) AS k (key, most)
    CROSS JOIN LATERAL (
      SELECT a.report_id, a.rank, a.circumstances, a.alone FROM report_block AS a
      WHERE a.key = k.key AND a.report_id <> ALL($3 ::uuid[])
      LIMIT k.most + 1) AS c
    GROUP BY k.key, k.most
"""


async def of_values(
    connection: ReadConnection,
    most: Mapping[bytes, int],
    *,
    also: Collection[UUID] | None,
    without: Collection[UUID] = (),
) -> dict[bytes, Carriers]:
    """The carriers of each value, at most one more than `most` allows: all of them, or a sample
    that depends on nothing but their content. also: reports that are being linked; None for all
    there are. without: reports that do not count.
    """
    values = list(most)
    rows = await fetch(
        connection,
        _OF_VALUES,
        values,
        list(most.values()),
        also if also is None else list(also),
        list(without),
    )
    return dict.fromkeys(values, NOBODY) | {
        values[place - 1]: Carriers(reports, circumstances, said, number, AttributeKind(kind))
        for place, reports, circumstances, said, number, kind in rows
    }


async def of_keys(
    connection: ReadConnection, most: Mapping[int, int], *, without: Collection[UUID] = ()
) -> dict[int, Carriers]:
    """The carriers of each block key, as `of_values`; of those that have more than `most` only
    that they have.
    """
    rows = await fetch(
        connection,
        _OF_KEYS,
        list(most),
        list(most.values()),
        list(without),
    )
    return dict.fromkeys(most, NOBODY) | {
        key: Carriers(reports, circumstances, (), number, None, alone or ())
        for key, number, reports, circumstances, alone in rows
    }


async def all_of_values(
    connection: ReadConnection, values: Collection[bytes], *, also: Collection[UUID]
) -> dict[bytes, Sequence[UUID]]:
    """Every carrier of each of these values that is linked or being linked."""
    if not values:
        return {}
    rows = await fetch(
        connection,
        f"""
        SELECT v.value_index, array_agg(a.report_id) FROM unnest($1 ::bytea[]) AS v (value_index)
        JOIN report_attribute AS a ON a.value_index = v.value_index
        WHERE a.links AND (a.report_id = ANY($2 ::uuid[]) OR {_LINKED})
        GROUP BY v.value_index
        """,  # noqa: S608 - no input in it
        list(values),
        list(also),
    )
    found: dict[bytes, Sequence[UUID]] = dict.fromkeys(values, ())
    found.update(rows)
    return found


async def in_circles(connection: ReadConnection, values: Collection[bytes]) -> set[bytes]:
    """The indexes under which circles carry these values, which are given as outside of any."""
    if not values:
        return set()
    rows = await fetch(
        connection,
        """
        SELECT DISTINCT a.value_index
        FROM unnest($1 ::bytea[], $2 ::bytea[]) AS v (value_index, last)
        JOIN report_attribute AS a ON a.value_index > v.value_index AND a.value_index <= v.last
        """,
        list(values),
        [value + LAST_CIRCLE for value in values],
    )
    return {row[0] for row in rows}


class Compared(NamedTuple):
    """What a report is compared by: sealed traits, and rank. circle: among whose reports."""

    sealed: bytes
    rank: int
    circle: Sequence[str] | None


async def compared(connection: ReadConnection, reports: Collection[UUID]) -> dict[UUID, Compared]:
    """The sealed traits of these reports; withdrawn ones have none. One that went into another
    circle and still waits in the lead that it leaves is left out: it would bring the two together.
    """
    rows = await fetch(
        connection,
        """
        SELECT r.id, r.traits, r.rank, r.circle FROM report AS r
        WHERE r.id = ANY($1 ::uuid[]) AND r.traits IS NOT NULL AND NOT EXISTS (
          SELECT FROM link_queue AS q JOIN lead_membership AS m ON m.report_id = q.report_id
          JOIN lead AS l ON l.id = m.lead_id
          WHERE q.report_id = r.id AND q.cause = 'amended' AND l.circle IS DISTINCT FROM r.circle)
        """,
        list(reports),
    )
    return {report: Compared(*rest) for report, *rest in rows}
