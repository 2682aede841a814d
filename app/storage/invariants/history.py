"""Where reports were, one stay after the other, and events that tell of it."""

from app.storage.invariants.invariant import Invariant

_STAYS = """
        SELECT report_id, since, until,
          lead(since) OVER (PARTITION BY report_id ORDER BY since, until) AS next
        FROM (
          SELECT report_id, since, until FROM lead_membership_past
          UNION ALL
          SELECT report_id, since, 'infinity' FROM lead_membership) AS s
"""

INVARIANTS = (
    Invariant(
        "stays-do-not-overlap",
        "A report was never in two leads at once, nor in one for less than no time.",
        "report",
        f"""
        SELECT DISTINCT ARRAY[report_id] AS ids FROM ({_STAYS}) AS stay
        WHERE until < since OR next < until
        """,  # noqa: S608 - no input in it
    ),
    Invariant(
        "stays-leave-no-gap",
        "A report that leaves a lead comes into another at once, or never again.",
        "report",
        f"""
        SELECT DISTINCT ARRAY[report_id] AS ids FROM ({_STAYS}) AS stay WHERE next > until
        """,  # noqa: S608 - no input in it
    ),
    # A lead's first event may be a split: it began with what left another.
    Invariant(
        "events-lead-to-the-members",
        "The events of a live lead, one after the other, lead to its present members.",
        "report",
        """
        WITH ordered AS (
          SELECT e.lead_id, e.id, e.reports, e.kind,
            row_number() OVER (PARTITION BY e.lead_id ORDER BY e.id) AS place
          FROM lead_event AS e JOIN lead AS l ON l.id = e.lead_id
          WHERE l.merged_into IS NULL
            AND e.kind IN ('created', 'grew', 'merged', 'shrank', 'split')),
        moves AS (
          SELECT DISTINCT ON (o.lead_id, r.report_id) o.lead_id, r.report_id,
            o.kind IN ('created', 'grew', 'merged') OR o.kind = 'split' AND o.place = 1 AS comes
          FROM ordered AS o CROSS JOIN unnest(o.reports) AS r (report_id)
          ORDER BY o.lead_id, r.report_id, o.id DESC)
        SELECT ARRAY[coalesce(p.report_id, m.report_id)] AS ids
        FROM (SELECT m.* FROM lead_membership AS m
              JOIN lead AS l ON l.id = m.lead_id AND l.merged_into IS NULL) AS m
        FULL JOIN (SELECT lead_id, report_id FROM moves WHERE comes) AS p
          ON p.lead_id = m.lead_id AND p.report_id = m.report_id
        WHERE m.report_id IS NULL OR p.report_id IS NULL
        """,
    ),
    Invariant(
        "merge-is-told-by-both",
        "The history of a merged lead and that of a lead that took it in both tell of the merge.",
        "lead",
        """
        WITH merges AS MATERIALIZED (
          SELECT lead_id, other_leads FROM lead_event WHERE kind = 'merged'),
        taken AS (
          SELECT m.lead_id, o.id FROM merges AS m CROSS JOIN unnest(m.other_leads) AS o (id))
        SELECT ARRAY[l.id] AS ids FROM lead AS l
        WHERE l.merged_into IS NOT NULL
          AND NOT EXISTS (SELECT FROM merges AS m WHERE m.lead_id = l.id)
        UNION
        SELECT ARRAY[l.id] FROM lead AS l
        WHERE l.merged_into IS NOT NULL
          AND NOT EXISTS (SELECT FROM taken AS t WHERE t.id = l.id AND t.lead_id <> l.id)
        """,
    ),
)
