"""What must be true of the stored leads whenever nothing waits to be linked.

Each statement, named for what it looks for, must return no rows. They read tables only, and none of
them is how the product itself finds anything out.
"""

from sqlalchemy import text

BROKEN = {
    "something still waits": "SELECT id FROM link_queue",
    "a live report without a live lead": """
        SELECT r.id FROM report AS r
        LEFT JOIN lead_membership AS m ON m.report_id = r.id
        LEFT JOIN lead AS l ON l.id = m.lead_id AND l.merged_into IS NULL
        WHERE r.status <> 'withdrawn' AND l.id IS NULL
    """,
    "a membership of no report, or of a withdrawn one": """
        SELECT m.report_id FROM lead_membership AS m LEFT JOIN report AS r ON r.id = m.report_id
        WHERE r.id IS NULL OR r.status = 'withdrawn'
    """,
    "a membership of a lead that is not there or was merged away": """
        SELECT m.report_id FROM lead_membership AS m LEFT JOIN lead AS l ON l.id = m.lead_id
        WHERE l.id IS NULL OR l.merged_into IS NOT NULL
    """,
    "a link whose parts do not add up to its weight": """
        SELECT l.report_lo, l.report_hi, l.weight, s.bits FROM link AS l
        CROSS JOIN LATERAL (
          SELECT coalesce(sum((p ->> 2) ::float), 0) AS bits FROM jsonb_array_elements(l.parts) AS p
        ) AS s
        WHERE abs(l.weight - s.bits) > 0.01 OR jsonb_array_length(l.parts) = 0
    """,
    "a link of two reports that are not both live and linked": """
        SELECT l.report_lo, l.report_hi FROM link AS l
        LEFT JOIN lead_membership AS a ON a.report_id = l.report_lo
        LEFT JOIN lead_membership AS b ON b.report_id = l.report_hi
        LEFT JOIN report AS r ON r.id = l.report_lo LEFT JOIN report AS q ON q.id = l.report_hi
        WHERE l.report_lo >= l.report_hi OR a.report_id IS NULL OR b.report_id IS NULL
          OR coalesce(r.status, 'withdrawn') = 'withdrawn'
          OR coalesce(q.status, 'withdrawn') = 'withdrawn'
    """,
    "a value or key of a report that was withdrawn": """
        SELECT r.id FROM report AS r WHERE r.status = 'withdrawn' AND (
          r.traits IS NOT NULL OR r.sealed IS NOT NULL
          OR EXISTS (SELECT FROM report_attribute AS a WHERE a.report_id = r.id)
          OR EXISTS (SELECT FROM report_block AS b WHERE b.report_id = r.id))
    """,
    "a core that is not what is stored of it": """
        SELECT l.id, l.core_count, c.size, l.core_rank, c.rank FROM lead AS l
        LEFT JOIN (
          SELECT m.lead_id, count(*) AS size, min(r.rank) AS rank
          FROM lead_membership AS m JOIN report AS r ON r.id = m.report_id
          WHERE NOT m.attached GROUP BY m.lead_id) AS c ON c.lead_id = l.id
        WHERE l.merged_into IS NULL AND (
          l.core_count <> coalesce(c.size, 0) OR c.size > 0 AND l.core_rank <> c.rank)
    """,
    "reports attached to a lead without a core of two": """
        SELECT m.lead_id FROM lead_membership AS m GROUP BY m.lead_id
        HAVING bool_or(m.attached) AND count(*) FILTER (WHERE NOT m.attached) < 2
    """,
    "a hub that nobody carries": """
        SELECT s.value_index FROM shared_value AS s WHERE s.reason = 'spread' AND NOT EXISTS (
          SELECT FROM report_attribute AS a WHERE a.value_index = s.value_index AND a.links)
    """,
    "a redirect that goes nowhere, in two hops or in a circle": """
        SELECT gone.id FROM lead AS gone LEFT JOIN lead AS heir ON heir.id = gone.merged_into
        WHERE gone.merged_into IS NOT NULL AND (heir.id IS NULL OR heir.merged_into IS NOT NULL)
    """,
    "a redirect to a younger lead": "SELECT id FROM lead WHERE merged_into > id",
    "a lead that was merged away and still counts reports": """
        SELECT id FROM lead WHERE merged_into IS NOT NULL AND report_count <> 0
    """,
    "a stored summary that is not what the reports amount to": """
        WITH member AS (
          SELECT m.lead_id, o.kind AS sector, r.*,
            r.readers IS NOT DISTINCT FROM r.circle AS open
          FROM lead_membership AS m JOIN report AS r ON r.id = m.report_id
          JOIN organisation AS o ON o.id = r.organisation_id),
        truth AS (
          SELECT lead_id, count(*) AS reports, count(DISTINCT organisation_id) AS organisations,
            count(DISTINCT sector) AS sectors FROM member GROUP BY lead_id),
        shown AS (
          SELECT lead_id, min(observed_from) AS first,
            max(coalesce(observed_to, observed_from)) AS last, bool_or(age = 'child') AS children,
            array_remove(array_agg(DISTINCT country COLLATE "C"), NULL) AS countries,
            array_remove(array_agg(DISTINCT nuts COLLATE "C"), NULL) AS nuts
          FROM member WHERE open GROUP BY lead_id),
        words AS (
          SELECT lead_id, array_agg(DISTINCT f COLLATE "C") AS forms
          FROM member CROSS JOIN unnest(forms) AS f WHERE open GROUP BY 1),
        signs AS (
          SELECT lead_id, array_agg(DISTINCT c COLLATE "C") AS codes
          FROM member CROSS JOIN unnest(indicators) AS c WHERE open GROUP BY 1)
        SELECT l.id FROM lead AS l
        LEFT JOIN truth AS t ON t.lead_id = l.id LEFT JOIN shown AS v ON v.lead_id = l.id
        LEFT JOIN words AS w ON w.lead_id = l.id LEFT JOIN signs AS s ON s.lead_id = l.id
        WHERE l.merged_into IS NULL AND (
          l.report_count, l.organisation_count, l.sector_count, l.has_children,
          l.forms, l.indicators, l.countries, l.nuts)
          IS DISTINCT FROM (
          coalesce(t.reports, 0), coalesce(t.organisations, 0), coalesce(t.sectors, 0),
          coalesce(v.children, false), coalesce(w.forms, '{}'), coalesce(s.codes, '{}'),
          coalesce(v.countries, '{}'), coalesce(v.nuts, '{}'))
        OR l.merged_into IS NULL
          AND (l.first_observed, l.last_observed) IS DISTINCT FROM (v.first, v.last)
    """,
    "a score that is not the sum of its parts, or of other counts": """
        SELECT l.id FROM lead AS l
        CROSS JOIN LATERAL (
          SELECT coalesce(sum(points ::float), 0) AS points
          FROM jsonb_each_text(l.score_parts) AS p (part, points)) AS s
        WHERE l.merged_into IS NULL AND (abs(l.score - s.points) > 0.011
          OR l.report_count = 0 AND l.score <> 0
          OR l.report_count > 0 AND (
            (l.score_parts ->> 'corroboration') ::float IS DISTINCT FROM
              least(10 * (l.organisation_count - 1), 30)
            OR (l.score_parts ->> 'sectors') ::float IS DISTINCT FROM
              least(10 * (l.sector_count - 1), 20)
            OR (l.score_parts ->> 'children') ::float IS DISTINCT FROM
              CASE WHEN l.has_children THEN 10 ELSE 0 END))
    """,
    "a history that does not lead to the present members": """
        WITH ordered AS (
          SELECT e.*, row_number() OVER (PARTITION BY e.lead_id ORDER BY e.id) AS place
          FROM lead_event AS e JOIN lead AS l ON l.id = e.lead_id
          WHERE l.merged_into IS NULL AND e.kind <> 'outcome'),
        moves AS (
          SELECT o.lead_id, r.report_id, o.id,
            o.kind IN ('created', 'grew', 'merged') OR (o.kind = 'split' AND o.place = 1) AS comes
          FROM ordered AS o CROSS JOIN unnest(o.reports) AS r (report_id)),
        replayed AS (
          SELECT DISTINCT ON (lead_id, report_id) lead_id, report_id, comes
          FROM moves ORDER BY lead_id, report_id, id DESC)
        SELECT coalesce(p.report_id, m.report_id) FROM lead_membership AS m
        FULL JOIN (SELECT lead_id, report_id FROM replayed WHERE comes) AS p
          ON p.lead_id = m.lead_id AND p.report_id = m.report_id
        WHERE m.report_id IS NULL OR p.report_id IS NULL
    """,
    "a merge that only one of the two leads tells of": """
        SELECT l.id FROM lead AS l WHERE l.merged_into IS NOT NULL AND (
          NOT EXISTS (SELECT 1 FROM lead_event AS e WHERE e.lead_id = l.id AND e.kind = 'merged')
          OR NOT EXISTS (SELECT 1 FROM lead_event AS e
            WHERE e.kind = 'merged' AND l.id = ANY (e.other_leads) AND e.lead_id <> l.id))
    """,
    "a report in two leads at one time, or for less than no time": """
        WITH stays AS (
          SELECT report_id, since, until FROM lead_membership_past
          UNION ALL SELECT report_id, since, 'infinity' FROM lead_membership)
        SELECT report_id FROM (
          SELECT report_id, since, until,
            lead(since) OVER (PARTITION BY report_id ORDER BY since, until) AS next FROM stays) AS s
        WHERE until < since OR next < until
    """,
}


async def broken(connection):
    """The names of the statements that find something, each with what it finds."""
    found = {}
    for name, statement in BROKEN.items():
        rows = (await connection.execute(text(statement))).all()
        if rows:
            found[name] = rows
    return found
