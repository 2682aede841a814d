"""Of a withdrawn report nothing is left but the fact."""

from app.storage.invariants.invariant import Invariant

INVARIANTS = (
    Invariant(
        "withdrawn-report-is-in-no-lead",
        "No withdrawn report is in a lead, once the linker has seen that it was withdrawn.",
        "report",
        """
        SELECT ARRAY[r.id] AS ids FROM report AS r
        JOIN lead_membership AS m ON m.report_id = r.id
        WHERE r.status = 'withdrawn'
          AND NOT EXISTS (SELECT FROM link_queue AS q WHERE q.report_id = r.id)
        """,
    ),
    Invariant(
        "withdrawn-report-has-no-content",
        "No content, trait or earlier version of a withdrawn report is left.",
        "report",
        """
        SELECT ARRAY[r.id] AS ids FROM report AS r
        WHERE r.status = 'withdrawn' AND (r.sealed IS NOT NULL OR r.traits IS NOT NULL
          OR r.forms <> '{}' OR r.indicators <> '{}' OR r.country IS NOT NULL
          OR r.nuts IS NOT NULL)
        UNION
        SELECT ARRAY[r.id] FROM report AS r JOIN report_version AS v ON v.report_id = r.id
        WHERE r.status = 'withdrawn'
        """,
    ),
    Invariant(
        "withdrawn-report-is-not-found",
        "No value of a withdrawn report is left by which it could be found; nor, once the linker "
        "has seen that it was withdrawn, a block key or link.",
        "report",
        """
        WITH gone AS MATERIALIZED (SELECT id FROM report WHERE status = 'withdrawn'),
        seen AS MATERIALIZED (
          SELECT id FROM gone AS g
          WHERE NOT EXISTS (SELECT FROM link_queue AS q WHERE q.report_id = g.id))
        SELECT ARRAY[g.id] AS ids FROM gone AS g JOIN report_attribute AS a ON a.report_id = g.id
        UNION
        SELECT ARRAY[s.id] FROM seen AS s JOIN report_block AS b ON b.report_id = s.id
        UNION
        SELECT ARRAY[s.id] FROM seen AS s JOIN link AS l ON l.report_lo = s.id
        UNION
        SELECT ARRAY[s.id] FROM seen AS s JOIN link AS l ON l.report_hi = s.id
        """,
    ),
    Invariant(
        "withdrawal-is-on-record",
        "Of every withdrawn report it is on record who withdrew it.",
        "report",
        """
        SELECT ARRAY[r.id] AS ids FROM report AS r
        WHERE r.status = 'withdrawn' AND NOT EXISTS (
          SELECT FROM audit_entry AS e
          WHERE e.objects @> ARRAY[r.id] AND e.action = 'report_withdrawn')
        """,
    ),
)
