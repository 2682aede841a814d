"""What was found between two reports: links with their evidence, and what analysts judged."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.domain.linkage.parts import Part
from app.storage.copying import copy_rows
from app.storage.fetching import fetch
from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.linking import link

Pair = tuple[UUID, UUID]
"""Two reports, the smaller id first."""

_COLUMNS = ("report_lo", "report_hi", "weight", "strong", "things", "parts", "model_version")


class StoredLink(NamedTuple):
    """A link as stored. `parts` is compared as text: equal evidence is written alike."""

    pair: Pair
    weight: float
    strong: bool
    things: bool
    parts: str


class Weight(NamedTuple):
    """A link without its evidence, with the ranks of both reports. apart: it is noted as one
    that crosses two leads.
    """

    pair: Pair
    weight: float
    strong: bool
    things: bool
    ranks: tuple[int, int]
    apart: bool


def pair_of(one: UUID, other: UUID) -> Pair:
    """Two reports as a pair."""
    return (one, other) if one < other else (other, one)


def written(parts: Iterable[Part]) -> str:
    """Evidence as it is stored."""
    return json.dumps(
        [
            [p.comparison, p.level, p.bits, p.family, p.weak, p.value.hex() if p.value else None]
            for p in parts
        ]
    )


def read(stored: str) -> tuple[Part, ...]:
    """The evidence that `written` wrote."""
    return tuple(
        Part(comparison, level, bits, family, weak, bytes.fromhex(value) if value else None)
        for comparison, level, bits, family, weak, value in json.loads(stored)
    )


async def known(
    connection: ReadConnection, pairs: Collection[Pair], reports: Collection[UUID]
) -> dict[Pair, StoredLink]:
    """The stored links of these pairs, and all those of these reports."""
    rows = await connection.execute(
        text(
            """
            SELECT l.report_lo, l.report_hi, l.weight, l.strong, l.things, l.parts ::text AS parts
            FROM unnest(:los ::uuid[], :his ::uuid[]) AS p (lo, hi)
            JOIN link AS l ON l.report_lo = p.lo AND l.report_hi = p.hi
            UNION
            SELECT l.report_lo, l.report_hi, l.weight, l.strong, l.things, l.parts ::text
            FROM link AS l WHERE l.report_lo = ANY(:reports)
            UNION
            SELECT l.report_lo, l.report_hi, l.weight, l.strong, l.things, l.parts ::text
            FROM link AS l WHERE l.report_hi = ANY(:reports)
            """
        ),
        {
            "los": [lo for lo, _ in pairs],
            "his": [hi for _, hi in pairs],
            "reports": list(reports),
        },
    )
    return {
        (row.report_lo, row.report_hi): StoredLink(
            (row.report_lo, row.report_hi), row.weight, row.strong, row.things, row.parts
        )
        for row in rows
    }


async def replace(
    connection: WriteConnection,
    *,
    gone: Collection[Pair],
    new: Sequence[StoredLink],
    model_version: str,
) -> None:
    """Delete and add links; one that changed is in both, and keeps what is noted of it besides."""
    old, kept = set(gone), {each.pair for each in new}
    if undone := [pair for pair in gone if pair not in kept]:
        await connection.execute(
            text(
                """
                DELETE FROM link USING unnest(:los ::uuid[], :his ::uuid[]) AS p (lo, hi)
                WHERE report_lo = p.lo AND report_hi = p.hi
                """
            ),
            {"los": [lo for lo, _ in undone], "his": [hi for _, hi in undone]},
        )
    if changed := [each for each in new if each.pair in old]:
        await _change(connection, changed, model_version)
    rows = [
        (*each.pair, each.weight, each.strong, each.things, each.parts, model_version)
        for each in new
        if each.pair not in old
    ]
    if rows:
        await copy_rows(connection, link, _COLUMNS, rows)


async def _change(
    connection: WriteConnection, changed: Sequence[StoredLink], model_version: str
) -> None:
    await connection.execute(
        text(
            """
            UPDATE link SET weight = c.weight, strong = c.strong, things = c.things,
              parts = c.parts ::jsonb, model_version = :model_version
            FROM unnest(:los ::uuid[], :his ::uuid[], :weights ::float8[], :strong ::bool[],
              :things ::bool[], :parts ::text[]) AS c (lo, hi, weight, strong, things, parts)
            WHERE report_lo = c.lo AND report_hi = c.hi
            """
        ),
        {
            "los": [each.pair[0] for each in changed],
            "his": [each.pair[1] for each in changed],
            "weights": [each.weight for each in changed],
            "strong": [each.strong for each in changed],
            "things": [each.things for each in changed],
            "parts": [each.parts for each in changed],
            "model_version": model_version,
        },
    )


async def incident(connection: ReadConnection, reports: Collection[UUID]) -> list[Weight]:
    """All links of these reports."""
    rows = await connection.execute(
        text(
            """
            SELECT l.*, lo.rank AS rank_lo, hi.rank AS rank_hi
            FROM (
              SELECT report_lo, report_hi, weight, strong, things, apart FROM link
              WHERE report_lo = ANY(:reports)
              UNION
              SELECT report_lo, report_hi, weight, strong, things, apart FROM link
              WHERE report_hi = ANY(:reports)) AS l
            JOIN report AS lo ON lo.id = l.report_lo JOIN report AS hi ON hi.id = l.report_hi
            """
        ),
        {"reports": list(reports)},
    )
    return [_weight(row) for row in rows]


async def among(connection: ReadConnection, reports: Collection[UUID]) -> list[Pair]:
    """The pairs of these reports that are linked."""
    rows = await fetch(
        connection,
        """
        SELECT l.report_lo, l.report_hi FROM unnest($1 ::uuid[]) AS r (id)
        JOIN link AS l ON l.report_lo = r.id WHERE l.report_hi = ANY($1 ::uuid[])
        """,
        list(reports),
    )
    return [(one, other) for one, other in rows]


async def of_pairs(connection: ReadConnection, pairs: Collection[Pair]) -> list[Weight]:
    """The links of these pairs, as far as they are linked."""
    rows = await connection.execute(
        text(
            """
            SELECT l.report_lo, l.report_hi, l.weight, l.strong, l.things, l.apart,
              lo.rank AS rank_lo, hi.rank AS rank_hi
            FROM unnest(:los ::uuid[], :his ::uuid[]) AS p (lo, hi)
            JOIN link AS l ON l.report_lo = p.lo AND l.report_hi = p.hi
            JOIN report AS lo ON lo.id = l.report_lo JOIN report AS hi ON hi.id = l.report_hi
            """
        ),
        {"los": [lo for lo, _ in pairs], "his": [hi for _, hi in pairs]},
    )
    return [_weight(row) for row in rows]


async def all_links(connection: ReadConnection) -> list[Weight]:
    """Every link."""
    rows = await connection.stream(
        text(
            """
            SELECT l.report_lo, l.report_hi, l.weight, l.strong, l.things, l.apart,
              lo.rank AS rank_lo, hi.rank AS rank_hi
            FROM link AS l
            JOIN report AS lo ON lo.id = l.report_lo JOIN report AS hi ON hi.id = l.report_hi
            """
        ),
        execution_options={"yield_per": 5000},
    )
    return [_weight(row) async for row in rows]


async def forget_all(connection: WriteConnection) -> None:
    """Delete every link, to find them anew."""
    await connection.execute(text("DELETE FROM link"))


def _weight(row: Any) -> Weight:  # noqa: ANN401 - a row of one of the queries above
    low, high = sorted((row.rank_lo, row.rank_hi))
    pair = (row.report_lo, row.report_hi)
    return Weight(pair, row.weight, row.strong, row.things, (low, high), row.apart)


async def judgements_of(
    connection: ReadConnection, *, reports: Collection[UUID] = (), leads: Collection[UUID] = ()
) -> dict[Pair, str]:
    """The judgements in force ("join" or "separate") that concern these reports or the reports
    of these leads: of each pair the latest. None across circles, which are apart in any case; a
    report may have gone into another one since it was judged.
    """
    rows = await connection.execute(
        text(
            """
            WITH concerned AS (
              SELECT unnest(:reports ::uuid[]) AS id
              UNION SELECT report_id FROM lead_membership WHERE lead_id = ANY(:leads)),
            pairs AS (
              SELECT j.report_lo, j.report_hi FROM judgement AS j
              JOIN concerned AS c ON c.id = j.report_lo
              UNION
              SELECT j.report_lo, j.report_hi FROM judgement AS j
              JOIN concerned AS c ON c.id = j.report_hi)
            SELECT DISTINCT ON (j.report_lo, j.report_hi) j.report_lo, j.report_hi, j.kind
            FROM pairs JOIN judgement AS j USING (report_lo, report_hi)
            JOIN report AS lo ON lo.id = j.report_lo
            JOIN report AS hi ON hi.id = j.report_hi AND hi.circle IS NOT DISTINCT FROM lo.circle
            ORDER BY j.report_lo, j.report_hi, j.at DESC, j.id DESC
            """
        ),
        {"reports": list(reports), "leads": list(leads)},
    )
    return {(row.report_lo, row.report_hi): row.kind for row in rows}


async def all_judgements(connection: ReadConnection) -> Mapping[Pair, str]:
    """Every judgement in force within a circle."""
    rows = await connection.execute(
        text(
            """
            SELECT DISTINCT ON (report_lo, report_hi) report_lo, report_hi, kind
            FROM judgement JOIN report AS lo ON lo.id = report_lo
            JOIN report AS hi ON hi.id = report_hi AND hi.circle IS NOT DISTINCT FROM lo.circle
            ORDER BY report_lo, report_hi, judgement.at DESC, judgement.id DESC
            """
        )
    )
    return {(row.report_lo, row.report_hi): row.kind for row in rows}
