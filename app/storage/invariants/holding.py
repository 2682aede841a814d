"""What holds leads together and what keeps them apart: links and judgements.

A link found under another model held by other thresholds: it may hold a lead together, but no
lead is broken because it does not. A lead of which a report waits in the queue is left out.
"""

from app.storage.invariants.invariant import Invariant

_JUDGED = """
        SELECT DISTINCT ON (report_lo, report_hi) report_lo, report_hi, kind FROM judgement
        ORDER BY report_lo, report_hi, at DESC, id DESC
"""
"""The judgements in force: of each pair the latest."""

_PLACED = f"""
        SELECT j.report_lo, j.report_hi, j.kind, lo.lead_id AS lead_lo, hi.lead_id AS lead_hi
        FROM ({_JUDGED}) AS j
        JOIN lead_membership AS lo ON lo.report_id = j.report_lo
        JOIN lead_membership AS hi ON hi.report_id = j.report_hi
        JOIN report AS one ON one.id = j.report_lo
        JOIN report AS other
          ON other.id = j.report_hi AND other.circle IS NOT DISTINCT FROM one.circle
"""  # noqa: S608 - no input in it
"""The same, with the leads that both reports are in; across circles no judgement holds."""

_WAITING = "SELECT report_id FROM link_queue WHERE report_id IS NOT NULL"

_BUSY = f"""
        SELECT m.lead_id FROM lead_membership AS m JOIN ({_WAITING}) AS w USING (report_id)
"""  # noqa: S608 - no input in it
"""Leads of which a report waits."""

_NEIGHBOURS = """
          SELECT l.report_hi AS report_id FROM link AS l
          WHERE l.report_lo = r.report_id AND l.strong
            AND (l.weight >= :link ::float8 OR l.model_version <> :model ::text)
          UNION ALL
          SELECT l.report_lo FROM link AS l
          WHERE l.report_hi = r.report_id AND l.strong
            AND (l.weight >= :link ::float8 OR l.model_version <> :model ::text)
          UNION ALL
          SELECT j.report_hi FROM judgement AS j
          WHERE j.report_lo = r.report_id AND j.kind = 'join'
          UNION ALL
          SELECT j.report_lo FROM judgement AS j
          WHERE j.report_hi = r.report_id AND j.kind = 'join'
          OFFSET 0
"""
"""Whom strong links and joins tie the report `r.report_id` to. A join that was taken back ties
nobody: that the two are in one lead all the same is found by `separated-is-apart`. OFFSET 0
keeps the planner to the indexes: every report is expanded once, so the walk costs what the links
cost, and not what they cost times its length.
"""

INVARIANTS = (
    Invariant(
        "strong-link-is-within-a-lead",
        "Two reports that a strong link ties are in one lead, unless one of their leads is marked "
        "as cut or a judgement keeps the leads apart.",
        "pair of reports",
        f"""
        WITH waiting AS ({_WAITING}),
        apart AS (
          SELECT lead_lo AS one, lead_hi AS other FROM ({_PLACED}) AS j WHERE kind = 'separate'
          UNION
          SELECT lead_hi, lead_lo FROM ({_PLACED}) AS j WHERE kind = 'separate')
        SELECT ARRAY[l.report_lo, l.report_hi] AS ids FROM link AS l
        JOIN lead_membership AS lo ON lo.report_id = l.report_lo
        JOIN lead_membership AS hi ON hi.report_id = l.report_hi AND hi.lead_id <> lo.lead_id
        JOIN lead AS of_lo ON of_lo.id = lo.lead_id AND NOT of_lo.cut
        JOIN lead AS of_hi ON of_hi.id = hi.lead_id AND NOT of_hi.cut
        WHERE l.strong AND l.weight >= :link ::float8 AND l.model_version = :model ::text
          AND NOT EXISTS (SELECT FROM waiting AS w WHERE w.report_id = l.report_lo)
          AND NOT EXISTS (SELECT FROM waiting AS w WHERE w.report_id = l.report_hi)
          AND NOT EXISTS (
            SELECT FROM apart AS a WHERE a.one = lo.lead_id AND a.other = hi.lead_id)
        """,  # noqa: S608 - no input in it
    ),
    Invariant(
        "core-is-connected",
        "Strong links and joins connect all reports of a lead's core.",
        "lead",
        f"""
        WITH RECURSIVE first AS (
          SELECT DISTINCT ON (lead_id) lead_id, report_id FROM lead_membership
          WHERE NOT attached ORDER BY lead_id, report_id),
        reached (lead_id, report_id) AS (
          SELECT lead_id, report_id FROM first
          UNION
          SELECT r.lead_id, m.report_id FROM reached AS r
          CROSS JOIN LATERAL ({_NEIGHBOURS}) AS n
          CROSS JOIN LATERAL (
            SELECT m.report_id FROM lead_membership AS m
            WHERE m.report_id = n.report_id AND m.lead_id = r.lead_id AND NOT m.attached
            OFFSET 0) AS m)
        SELECT DISTINCT ARRAY[m.lead_id] AS ids FROM lead_membership AS m
        WHERE NOT m.attached
          AND NOT EXISTS (SELECT FROM reached AS r WHERE r.report_id = m.report_id)
          AND NOT EXISTS (SELECT FROM ({_BUSY}) AS b WHERE b.lead_id = m.lead_id)
        """,  # noqa: S608 - no input in it
    ),
    Invariant(
        "attached-is-held",
        "A weak link to the lead's core holds every attached report, or one that strong links and "
        "joins tie it to.",
        "report",
        f"""
        WITH RECURSIVE weak AS (
          SELECT report_lo AS one, report_hi AS other FROM link WHERE NOT strong
          UNION ALL
          SELECT report_hi, report_lo FROM link WHERE NOT strong),
        reached (lead_id, report_id) AS (
          SELECT m.lead_id, m.report_id FROM weak AS w
          JOIN lead_membership AS m ON m.report_id = w.one AND m.attached
          JOIN lead_membership AS c
            ON c.report_id = w.other AND c.lead_id = m.lead_id AND NOT c.attached
          UNION
          SELECT r.lead_id, m.report_id FROM reached AS r
          CROSS JOIN LATERAL ({_NEIGHBOURS}) AS n
          CROSS JOIN LATERAL (
            SELECT m.report_id FROM lead_membership AS m
            WHERE m.report_id = n.report_id AND m.lead_id = r.lead_id AND m.attached
            OFFSET 0) AS m)
        SELECT ARRAY[m.report_id] AS ids FROM lead_membership AS m
        WHERE m.attached
          AND NOT EXISTS (SELECT FROM reached AS r WHERE r.report_id = m.report_id)
          AND NOT EXISTS (SELECT FROM ({_BUSY}) AS b WHERE b.lead_id = m.lead_id)
        """,  # noqa: S608 - no input in it
    ),
    Invariant(
        "joined-is-together",
        "Two reports that an analyst joined are in one lead, unless another judgement keeps the "
        "leads apart.",
        "pair of reports",
        f"""
        WITH judged AS MATERIALIZED ({_PLACED}), waiting AS ({_WAITING})
        SELECT ARRAY[j.report_lo, j.report_hi] AS ids FROM judged AS j
        WHERE j.kind = 'join' AND j.lead_lo <> j.lead_hi
          AND NOT EXISTS (SELECT FROM judged AS s WHERE s.kind = 'separate'
            AND least(s.lead_lo, s.lead_hi) = least(j.lead_lo, j.lead_hi)
            AND greatest(s.lead_lo, s.lead_hi) = greatest(j.lead_lo, j.lead_hi))
          AND NOT EXISTS (SELECT FROM waiting AS w WHERE w.report_id = j.report_lo)
          AND NOT EXISTS (SELECT FROM waiting AS w WHERE w.report_id = j.report_hi)
        """,  # noqa: S608 - no input in it
    ),
    Invariant(
        "separated-is-apart",
        "Two reports that an analyst separated are never in one lead.",
        "pair of reports",
        f"""
        WITH waiting AS ({_WAITING})
        SELECT ARRAY[j.report_lo, j.report_hi] AS ids FROM ({_PLACED}) AS j
        WHERE j.kind = 'separate' AND j.lead_lo = j.lead_hi
          AND NOT EXISTS (SELECT FROM waiting AS w WHERE w.report_id = j.report_lo)
          AND NOT EXISTS (SELECT FROM waiting AS w WHERE w.report_id = j.report_hi)
        """,  # noqa: S608 - no input in it
    ),
)
