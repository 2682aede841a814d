"""Feedback: who reported learns what became of it, and no position of a feed is skipped."""

from app.storage.invariants.invariant import Invariant

INVARIANTS = (
    # A report that comes into a lead late is told the last outcome and none before. That nobody
    # is told twice is kept by a unique index.
    Invariant(
        "outcome-is-told",
        "Of every lead's last outcome each of its reports that was not withdrawn is told.",
        "report and outcome",
        """
        WITH last AS (
          SELECT DISTINCT ON (coalesce(l.merged_into, l.id))
            coalesce(l.merged_into, l.id) AS lead_id, o.id AS outcome_id
          FROM outcome AS o JOIN lead AS l ON l.id = o.lead_id
          ORDER BY coalesce(l.merged_into, l.id), o.id DESC)
        SELECT ARRAY[r.id, last.outcome_id] AS ids FROM last
        JOIN lead_membership AS m ON m.lead_id = last.lead_id
        JOIN report AS r ON r.id = m.report_id AND r.status <> 'withdrawn'
        WHERE NOT EXISTS (
          SELECT FROM feedback AS f
          WHERE f.report_id = r.id AND f.outcome_id = last.outcome_id)
        """,
    ),
    Invariant(
        "feedback-is-of-the-sender",
        "Feedback is of an outcome that exists, and in the feed of the report's own organisation.",
        "report and outcome",
        """
        SELECT ARRAY[f.report_id, f.outcome_id] AS ids FROM feedback AS f
        LEFT JOIN report AS r ON r.id = f.report_id AND r.organisation_id = f.organisation_id
        LEFT JOIN outcome AS o ON o.id = f.outcome_id
        WHERE r.id IS NULL OR o.id IS NULL
        """,
    ),
    Invariant(
        "feed-has-no-gap",
        "The positions of a feed go from 1 to its last without a gap.",
        "organisation",
        """
        SELECT ARRAY[organisation_id] AS ids FROM feed
        FULL JOIN (
          SELECT organisation_id, count(*) AS entries, min(position) AS first,
            max(position) AS last
          FROM feedback GROUP BY organisation_id) AS told USING (organisation_id)
        WHERE (coalesce(told.entries, 0), coalesce(told.last, 0), coalesce(told.first, 1))
          IS DISTINCT FROM (feed.last_position, feed.last_position, 1 ::bigint)
        """,
    ),
)
