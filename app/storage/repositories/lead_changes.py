"""What the linker writes of leads: membership, merges, what they amount to, what happened."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text

from app.domain.leads import Summary, regions_of
from app.domain.screening import Told
from app.storage.copying import copy_rows
from app.storage.repositories.leads import LeadEvent
from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.leads import lead, lead_event, lead_membership


class Placing(NamedTuple):
    """A report that comes into a lead, and whether weak evidence attaches it there."""

    report_id: UUID
    lead_id: UUID
    attached: bool


class CoreOfLead(NamedTuple):
    """How many reports strong evidence holds in a lead, and the smallest rank among them."""

    size: int
    rank: int


class Summed(NamedTuple):
    """What the reports of a lead amount to. signs: of each report that counts. circle: who may
    know of the lead. restricted: some of these may not read all of its reports.
    """

    summary: Summary
    signs: Sequence[Told]
    core: CoreOfLead
    circle: Sequence[str] | None
    restricted: bool


@dataclass(frozen=True, slots=True)
class ScoredSummary:
    """What a lead amounts to, ready to be stored, by what everybody may read who may know of it.
    completeness, urgency: the two figures of its assessment.
    """

    lead_id: UUID
    summary: Summary
    score: float
    parts: Mapping[str, float]
    core: CoreOfLead
    completeness: float
    urgency: str
    circle: Sequence[str] | None = None
    restricted: bool = False


_LEAD_COLUMNS = (
    "id", "version", "status", "created_at", "updated_at", "model_version", "score", "score_parts",
    "report_count", "organisation_count", "sector_count", "first_observed", "last_observed",
    "forms", "countries", "nuts", "regions", "indicators", "has_children", "core_count",
    "core_rank", "cut", "completeness", "urgency", "circle", "restricted",
)  # fmt: skip
_MEMBERSHIP_COLUMNS = ("report_id", "lead_id", "since", "attached")
_EVENT_COLUMNS = ("lead_id", "id", "kind", "at", "reports", "other_leads", "causes")


async def open_leads(
    connection: WriteConnection,
    leads: Sequence[ScoredSummary],
    *,
    model_version: str,
    now: datetime,
) -> None:
    """Create leads that amount to this."""
    rows = [
        (
            new.lead_id, 1, "new", now, now, model_version, new.score, json.dumps(new.parts),
            new.summary.report_count, new.summary.organisation_count, new.summary.sector_count,
            new.summary.first_observed, new.summary.last_observed, new.summary.forms,
            new.summary.countries, new.summary.nuts, regions_of(new.summary.nuts),
            new.summary.indicators,
            new.summary.has_children, new.core.size, new.core.rank, False,
            new.completeness, new.urgency, new.circle, new.restricted,
        )
        for new in leads
    ]  # fmt: skip
    await copy_rows(connection, lead, _LEAD_COLUMNS, rows)


async def place(connection: WriteConnection, places: Iterable[Placing], *, now: datetime) -> None:
    """Put reports that are in no lead into leads."""
    rows = [(each.report_id, each.lead_id, now, each.attached) for each in places]
    await copy_rows(connection, lead_membership, _MEMBERSHIP_COLUMNS, rows)


async def attach(connection: WriteConnection, attached: Mapping[UUID, bool]) -> None:
    """Note how reports that stay in their leads belong to them now."""
    await connection.execute(
        text(
            """
            UPDATE lead_membership AS m SET attached = a.attached
            FROM unnest(:reports ::uuid[], :attached ::bool[]) AS a (report_id, attached)
            WHERE m.report_id = a.report_id
            """
        ),
        {"reports": list(attached), "attached": list(attached.values())},
    )


async def note_cuts(connection: WriteConnection, cuts: Mapping[UUID, bool]) -> None:
    """Note of which leads strong links lead out."""
    await connection.execute(
        text(
            """
            UPDATE lead SET cut = c.cut FROM unnest(:leads ::uuid[], :cuts ::bool[]) AS c (id, cut)
            WHERE lead.id = c.id AND lead.cut <> c.cut
            """
        ),
        {"leads": list(cuts), "cuts": list(cuts.values())},
    )


async def leave(connection: WriteConnection, reports: Collection[UUID], *, now: datetime) -> None:
    """Take reports out of their leads; that they were there is kept."""
    await connection.execute(
        text(
            """
            WITH gone AS (
              DELETE FROM lead_membership WHERE report_id = ANY(:reports)
              RETURNING report_id, lead_id, since)
            INSERT INTO lead_membership_past (report_id, since, lead_id, until)
            SELECT report_id, since, lead_id, :now ::timestamptz FROM gone
            """
        ),
        {"reports": list(reports), "now": now},
    )


async def absorb(
    connection: WriteConnection, into: Mapping[UUID, UUID], *, now: datetime
) -> dict[UUID, list[UUID]]:
    """Merge leads (keys) into others (values): reports move, ids redirect in one hop.

    Returns the reports that moved, by the lead that took them in.
    """
    arguments = {"gone": list(into), "heirs": list(into.values()), "now": now}
    # An outcome may be being recorded on one of them: wait for it first, so that the statements
    # below begin after it and see the status that it gave.
    await connection.execute(
        text("SELECT id FROM lead WHERE id = ANY(:leads) ORDER BY id FOR UPDATE"),
        {"leads": [*into, *into.values()]},
    )
    moved = await connection.execute(
        text(
            """
            WITH merge AS (
              SELECT * FROM unnest(:gone ::uuid[], :heirs ::uuid[]) AS m (gone, heir)),
            past AS (
              INSERT INTO lead_membership_past (report_id, since, lead_id, until)
              SELECT m.report_id, m.since, m.lead_id, :now ::timestamptz
              FROM lead_membership AS m JOIN merge ON m.lead_id = merge.gone)
            UPDATE lead_membership AS m SET lead_id = merge.heir, since = :now ::timestamptz
            FROM merge WHERE m.lead_id = merge.gone
            RETURNING m.report_id, m.lead_id
            """
        ),
        arguments,
    )
    by_heir: dict[UUID, list[UUID]] = {}
    for row in moved:
        by_heir.setdefault(row.lead_id, []).append(row.report_id)
    await connection.execute(
        text(
            """
            WITH merge AS (
              SELECT * FROM unnest(:gone ::uuid[], :heirs ::uuid[]) AS m (gone, heir))
            UPDATE lead SET merged_into = merge.heir, report_count = 0, version = version + 1,
              updated_at = :now ::timestamptz
            FROM merge WHERE lead.id = merge.gone OR lead.merged_into = merge.gone
            """
        ),
        arguments,
    )
    return by_heir


async def record_events(connection: WriteConnection, events: Sequence[LeadEvent]) -> None:
    """Write down what happened."""
    rows = [
        (e.lead_id, e.id, e.kind, e.at, list(e.reports), list(e.other_leads), list(e.causes))
        for e in events
    ]
    await copy_rows(connection, lead_event, _EVENT_COLUMNS, rows)


async def summarise(
    connection: ReadConnection, leads: Collection[UUID], *, names: Sequence[str] = ()
) -> dict[UUID, Summed]:
    """What the reports of each of these leads amount to: all are counted, and of what they say
    counts what everybody may read who may know of the lead, and what an agency of these names may.

    `elements` of the summary is left to the caller.
    """
    rows = await connection.execute(_SUMMARISE, {"leads": list(leads), "names": list(names)})
    found = {}
    for row in rows:
        signs = [_signs(joined) for joined in row.signs]
        core = CoreOfLead(row.core_count, row.core_rank)
        summary = _summary(row, signs)
        found[row.lead_id] = Summed(summary, signs, core, row.circle, row.restricted)
    return found


def _signs(joined: str) -> Told:
    grade, age, at_risk, forms, *codes = joined.split(" ")
    return Told(
        credibility=int(grade) or None,
        age=age,
        at_risk=at_risk == "t",
        forms=tuple(filter(None, forms.split(","))),
        codes=tuple(filter(None, codes)),
    )


_SUMMARISE = text(
    """
    SELECT m.lead_id, count(*) AS report_count,
      count(*) FILTER (WHERE NOT m.attached) AS core_count,
      min(r.rank) FILTER (WHERE NOT m.attached) AS core_rank,
      count(DISTINCT r.organisation_id) AS organisation_count,
      count(DISTINCT o.kind) AS sector_count,
      CASE WHEN bool_or(r.settled) THEN min(r.circle) FILTER (WHERE r.settled)
        ELSE min(r.circle) END AS circle,
      bool_or(r.readers IS DISTINCT FROM r.circle) AS restricted,
      min(r.observed_from) FILTER (WHERE r.open) AS first_observed,
      max(coalesce(r.observed_to, r.observed_from)) FILTER (WHERE r.open) AS last_observed,
      array_agg(DISTINCT r.country) FILTER (WHERE r.open AND r.country IS NOT NULL) AS countries,
      array_agg(DISTINCT r.nuts) FILTER (WHERE r.open AND r.nuts IS NOT NULL) AS nuts,
      coalesce(
        array_agg(
          coalesce(r.credibility, 0) || ' ' || r.age || ' ' || left(r.at_risk ::text, 1)
          || ' ' || array_to_string(r.forms, ',') || ' ' || array_to_string(r.indicators, ' '))
        FILTER (WHERE r.open), '{}') AS signs,
      coalesce(bool_or(r.age IN ('child', 'mixed')) FILTER (WHERE r.open), false) AS has_children
    FROM lead_membership AS m
    JOIN LATERAL (
      SELECT *, readers IS NOT DISTINCT FROM circle OR readers && :names ::text[] AS open,
        NOT EXISTS (SELECT FROM link_queue AS q
          WHERE q.report_id = m.report_id AND q.cause = 'amended') AS settled
      FROM report WHERE report.id = m.report_id) AS r ON true
    JOIN organisation AS o ON o.id = r.organisation_id
    WHERE m.lead_id = ANY(:leads)
    GROUP BY m.lead_id
    """
)
"""A report that waits as amended may have gone into another circle than the lead's, which is that
of all others.
"""


def _summary(row: Row[Any], signs: Iterable[Told]) -> Summary:
    return Summary(
        report_count=row.report_count,
        organisation_count=row.organisation_count,
        sector_count=row.sector_count,
        first_observed=row.first_observed,
        last_observed=row.last_observed,
        forms=sorted({form for each in signs for form in each.forms}),
        countries=row.countries or [],
        nuts=row.nuts or [],
        indicators=sorted({code for each in signs for code in each.codes}),
        has_children=row.has_children,
        elements=0,
    )


async def store_summaries(
    connection: WriteConnection, summaries: Sequence[ScoredSummary], *, now: datetime
) -> None:
    """Store what leads amount to. A list of texts travels as one text, words apart by a space."""
    await connection.execute(
        _STORE,
        {
            "now": now,
            "leads": [s.lead_id for s in summaries],
            "score": [s.score for s in summaries],
            "parts": [json.dumps(s.parts) for s in summaries],
            "reports": [s.summary.report_count for s in summaries],
            "organisations": [s.summary.organisation_count for s in summaries],
            "sectors": [s.summary.sector_count for s in summaries],
            "first": [s.summary.first_observed for s in summaries],
            "last": [s.summary.last_observed for s in summaries],
            "forms": [" ".join(s.summary.forms) for s in summaries],
            "countries": [" ".join(s.summary.countries) for s in summaries],
            "nuts": [" ".join(s.summary.nuts) for s in summaries],
            "regions": [" ".join(regions_of(s.summary.nuts)) for s in summaries],
            "indicators": [" ".join(s.summary.indicators) for s in summaries],
            "children": [s.summary.has_children for s in summaries],
            "core_counts": [s.core.size for s in summaries],
            "core_ranks": [s.core.rank for s in summaries],
            "completeness": [s.completeness for s in summaries],
            "urgency": [s.urgency for s in summaries],
            "restricted": [s.restricted for s in summaries],
        },
    )


_STORE = text(
    """
    UPDATE lead SET
      version = version + 1, updated_at = :now ::timestamptz,
      score = s.score, score_parts = s.parts ::jsonb,
      report_count = s.reports, organisation_count = s.organisations, sector_count = s.sectors,
      first_observed = s.first, last_observed = s.last,
      forms = string_to_array(s.forms, ' '), countries = string_to_array(s.countries, ' '),
      nuts = string_to_array(s.nuts, ' '), regions = string_to_array(s.regions, ' '),
      indicators = string_to_array(s.indicators, ' '),
      has_children = s.children, core_count = s.core_count, core_rank = s.core_rank,
      completeness = s.completeness, urgency = s.urgency, restricted = s.restricted
    FROM unnest(
      :leads ::uuid[], :score ::float8[], :parts ::text[], :reports ::int[],
      :organisations ::int[], :sectors ::int[], :first ::date[], :last ::date[], :forms ::text[],
      :countries ::text[], :nuts ::text[], :regions ::text[], :indicators ::text[],
      :children ::bool[],
      :core_counts ::int[], :core_ranks ::int[], :completeness ::float8[], :urgency ::text[],
      :restricted ::bool[])
      AS s (lead_id, score, parts, reports, organisations, sectors, first, last, forms, countries,
        nuts, regions, indicators, children, core_count, core_rank, completeness, urgency,
        restricted)
    WHERE lead.id = s.lead_id
    """
)
