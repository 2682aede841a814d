"""Every report is in one lead, leads are what their members say, redirects lead somewhere."""

from app.storage.invariants.invariant import Invariant

INVARIANTS = (
    Invariant(
        "report-in-one-live-lead",
        "Every report that was linked and not withdrawn is in exactly one live lead.",
        "report",
        """
        SELECT ARRAY[r.id] AS ids FROM report AS r
        WHERE r.status <> 'withdrawn'
          AND NOT EXISTS (SELECT FROM lead_membership AS m WHERE m.report_id = r.id)
          AND NOT EXISTS (
            SELECT FROM link_queue AS q WHERE q.report_id = r.id AND q.cause = 'submitted')
        UNION ALL
        SELECT ARRAY[m.report_id] FROM lead_membership AS m
        LEFT JOIN lead AS l ON l.id = m.lead_id LEFT JOIN report AS r ON r.id = m.report_id
        WHERE l.id IS NULL OR l.merged_into IS NOT NULL OR r.id IS NULL
        """,
    ),
    Invariant(
        "lead-is-of-one-circle",
        "Those who may know of a lead may know of each of its reports, and of no other that waits.",
        "report",
        """
        SELECT ARRAY[m.report_id] AS ids FROM lead_membership AS m
        JOIN lead AS l ON l.id = m.lead_id JOIN report AS r ON r.id = m.report_id
        WHERE l.circle IS DISTINCT FROM r.circle
          AND NOT EXISTS (SELECT FROM link_queue AS q WHERE q.report_id = m.report_id)
        """,
    ),
    Invariant(
        "lead-counts-its-reports",
        "A lead's counts of reports and of its core, and the core's rank, are its members'.",
        "lead",
        """
        WITH waiting AS (SELECT DISTINCT report_id FROM link_queue WHERE report_id IS NOT NULL)
        SELECT ARRAY[l.id] AS ids FROM lead AS l
        LEFT JOIN (
          SELECT m.lead_id, count(*) AS reports, count(*) FILTER (WHERE NOT m.attached) AS core,
            min(r.rank) FILTER (WHERE NOT m.attached) AS rank,
            count(w.report_id) > 0 AS is_waiting
          FROM lead_membership AS m JOIN report AS r ON r.id = m.report_id
          LEFT JOIN waiting AS w ON w.report_id = m.report_id
          GROUP BY m.lead_id) AS t ON t.lead_id = l.id
        WHERE l.merged_into IS NULL AND (
          l.report_count <> coalesce(t.reports, 0) OR l.core_count <> coalesce(t.core, 0)
          OR l.core_rank <> coalesce(t.rank, 0) AND NOT coalesce(t.is_waiting, false))
        """,
    ),
    Invariant(
        "weak-evidence-needs-a-core",
        "Weak evidence attaches reports only to leads with a core of the least size.",
        "lead",
        """
        SELECT ARRAY[lead_id] AS ids FROM lead_membership GROUP BY lead_id
        HAVING bool_or(attached) AND count(*) FILTER (WHERE NOT attached) < :core ::int
        """,
    ),
    Invariant(
        "redirect-is-one-hop",
        "A merged lead redirects to a live, older lead, in one hop and never in a circle.",
        "lead",
        """
        SELECT ARRAY[gone.id] AS ids FROM lead AS gone
        LEFT JOIN lead AS heir ON heir.id = gone.merged_into
        WHERE gone.merged_into IS NOT NULL
          AND (heir.id IS NULL OR heir.merged_into IS NOT NULL OR heir.id > gone.id)
        """,
    ),
    Invariant(
        "merged-lead-is-empty",
        "Nothing but redirects and history points at a merged lead, and it counts no reports.",
        "lead",
        """
        SELECT ARRAY[l.id] AS ids FROM lead AS l
        WHERE l.merged_into IS NOT NULL AND (l.report_count <> 0
          OR EXISTS (SELECT FROM lead_membership AS m WHERE m.lead_id = l.id))
        """,
    ),
)
