"""How each invariant is broken: statements that plant a breach in the linked sample. The first
row that a statement returns are the ids that have to be found.
"""

MEMBER = "(SELECT report_id FROM lead_membership ORDER BY report_id LIMIT 1)"
LIVE = "(SELECT id FROM lead WHERE merged_into IS NULL ORDER BY id LIMIT 1)"
MERGED = "(SELECT id FROM lead WHERE merged_into IS NOT NULL ORDER BY id LIMIT 1)"
WITHDRAWN = "(SELECT id FROM report WHERE status = 'withdrawn' ORDER BY id LIMIT 1)"
WITHDRAWAL = f"action = 'report_withdrawn' AND {WITHDRAWN} = ANY (objects)"
ACCEPTANCE = f"action = 'reports_submitted' AND {MEMBER} = ANY (objects)"
ALONE = """(SELECT m.report_id FROM lead_membership AS m JOIN lead AS l ON l.id = m.lead_id
  WHERE l.report_count = 1 ORDER BY m.report_id LIMIT 1)"""
"""A report that nothing holds in a lead of several: it was linked with none."""

SEVERAL = "(SELECT id FROM lead WHERE core_count > 1 ORDER BY id LIMIT 1)"
OF_SEVERAL = f"""(SELECT report_id FROM lead_membership
  WHERE lead_id = {SEVERAL} AND NOT attached ORDER BY report_id LIMIT 1)"""
BOUND = """(SELECT l.* FROM link AS l JOIN lead_membership AS a ON a.report_id = l.report_lo
  JOIN lead_membership AS b ON b.report_id = l.report_hi AND b.lead_id = a.lead_id
  WHERE l.strong AND l.weight >= 19.5 ORDER BY l.report_lo, l.report_hi LIMIT 1)"""
TORN_LINK = """(SELECT l.* FROM link AS l JOIN lead_membership AS a ON a.report_id = l.report_lo
  JOIN lead_membership AS b ON b.report_id = l.report_hi AND b.lead_id <> a.lead_id
  WHERE l.strong AND l.weight >= 19.5 ORDER BY l.report_lo, l.report_hi LIMIT 1)"""
NAMING = """(SELECT l.report_lo, l.report_hi, decode(p.part ->> 5, 'hex') AS value, p.part ->> 0 AS kind
  FROM link AS l CROSS JOIN jsonb_array_elements(l.parts) AS p (part)
  WHERE p.part ->> 5 IS NOT NULL ORDER BY 1, 2 LIMIT 1)"""
FIRST_LINK = """(report_lo, report_hi) =
  (SELECT report_lo, report_hi FROM link ORDER BY report_lo, report_hi LIMIT 1)"""
STAY = f"""INSERT INTO lead_membership_past (report_id, since, lead_id, until)
  SELECT report_id, since - interval '1 day', lead_id, since {{until}} FROM lead_membership
  WHERE report_id = {MEMBER} RETURNING report_id"""


def judged(kind, pair, *, at="now()"):
    """Judge a pair that a query gives as (one, other)."""
    return f"""INSERT INTO judgement (id, kind, report_lo, report_hi, lead_id, sealed,
        organisation_id, client_id, at)
      SELECT gen_random_uuid(), '{kind}', least(one, other), greatest(one, other), {LIVE}, '',
        gen_random_uuid(), 'test', {at} FROM ({pair}) AS p RETURNING report_lo, report_hi"""


STRANGERS = f"SELECT {OF_SEVERAL} AS one, {ALONE} AS other"
COMPANIONS = f"""SELECT (array_agg(report_id ORDER BY report_id))[1] AS one,
  (array_agg(report_id ORDER BY report_id))[2] AS other FROM lead_membership
  WHERE lead_id = {SEVERAL}"""
ALL_PAIRS = f"""SELECT a.report_id AS one, b.report_id AS other
  FROM lead_membership AS a JOIN lead_membership AS b USING (lead_id)
  WHERE a.lead_id = {SEVERAL} AND a.report_id < b.report_id"""

UNPLACED = f"DELETE FROM lead_membership WHERE report_id = {MEMBER} RETURNING report_id"
GONE = f"UPDATE report SET status = 'withdrawn' WHERE id = {MEMBER} RETURNING id"
STOPPED = f"""WITH p AS {NAMING}, s AS (
    INSERT INTO shared_value (value_index, kind, reason, since)
    SELECT value, kind, 'stoplist', now() FROM p)
  SELECT report_lo, report_hi FROM p"""
NOT_CARRIED = f"""DELETE FROM report_attribute AS a USING {NAMING} AS p
  WHERE a.value_index = p.value AND a.report_id = p.report_hi
  RETURNING p.report_lo, p.report_hi"""
TORN = f"""UPDATE lead_membership SET lead_id =
    (SELECT lead_id FROM lead_membership WHERE report_id = {ALONE})
  FROM {BOUND} AS l WHERE report_id = l.report_lo RETURNING l.report_lo, l.report_hi"""
UNHELD_CORE = f"""UPDATE lead_membership SET lead_id = {SEVERAL} WHERE report_id = {ALONE}
  RETURNING lead_id"""
UNHELD = f"""UPDATE lead_membership SET lead_id = {SEVERAL}, attached = true
  WHERE report_id = {ALONE} RETURNING report_id"""
JOINED = judged("join", STRANGERS)
SEPARATED = judged("separate", COMPANIONS)

BREACHES = {
    "lead-is-of-one-circle": [
        f"UPDATE report SET circle = ARRAY['SK'] WHERE id = {MEMBER} RETURNING id"
    ],
    "report-in-one-live-lead": [
        UNPLACED,
        (
            f"UPDATE lead_membership SET lead_id = gen_random_uuid() WHERE report_id = {MEMBER} "
            "RETURNING report_id"
        ),
        (
            f"UPDATE lead_membership SET lead_id = {MERGED} WHERE report_id = {MEMBER} "
            "RETURNING report_id"
        ),
        (
            "INSERT INTO lead_membership (report_id, lead_id, since, attached) "
            f"VALUES (gen_random_uuid(), {LIVE}, now(), false) RETURNING report_id"
        ),
    ],
    "lead-counts-its-reports": [
        f"UPDATE lead SET report_count = report_count + 1 WHERE id = {LIVE} RETURNING id",
        f"UPDATE lead SET core_count = core_count - 1 WHERE id = {LIVE} RETURNING id",
        f"UPDATE lead SET core_rank = core_rank + 1 WHERE id = {LIVE} RETURNING id",
        f"WITH emptied AS (DELETE FROM lead_membership WHERE lead_id = {LIVE}) SELECT {LIVE}",
    ],
    "weak-evidence-needs-a-core": [
        f"UPDATE lead_membership SET attached = true WHERE report_id = {ALONE} RETURNING lead_id",
    ],
    "redirect-is-one-hop": [
        f"UPDATE lead SET merged_into = id WHERE id = {LIVE} RETURNING id",
        f"UPDATE lead SET merged_into = gen_random_uuid() WHERE id = {LIVE} RETURNING id",
        (
            f"UPDATE lead SET merged_into = {MERGED} WHERE id = "
            f"(SELECT id FROM lead WHERE id > {MERGED} ORDER BY id LIMIT 1) RETURNING id"
        ),
        (
            f"UPDATE lead SET merged_into = (SELECT id FROM lead WHERE merged_into IS NULL "
            f"ORDER BY id DESC LIMIT 1) WHERE id = {LIVE} RETURNING id"
        ),
    ],
    "merged-lead-is-empty": [
        f"UPDATE lead SET report_count = 1 WHERE id = {MERGED} RETURNING id",
        (
            f"UPDATE lead_membership SET lead_id = {MERGED} WHERE report_id = {MEMBER} "
            "RETURNING lead_id"
        ),
    ],
    "withdrawn-report-is-in-no-lead": [GONE],
    "withdrawn-report-has-no-content": [
        f"UPDATE report SET sealed = 'x' WHERE id = {WITHDRAWN} RETURNING id",
        f"UPDATE report SET traits = 'x' WHERE id = {WITHDRAWN} RETURNING id",
        f"UPDATE report SET nuts = 'SK031' WHERE id = {WITHDRAWN} RETURNING id",
        f"UPDATE report SET country = 'SK' WHERE id = {WITHDRAWN} RETURNING id",
        f"UPDATE report SET forms = ARRAY['unknown'] WHERE id = {WITHDRAWN} RETURNING id",
        f"UPDATE report SET indicators = ARRAY['CD-01'] WHERE id = {WITHDRAWN} RETURNING id",
        (
            "INSERT INTO report_version (report_id, version, sealed, replaced_at) "
            f"VALUES ({WITHDRAWN}, 1, '', now()) RETURNING report_id"
        ),
    ],
    "withdrawn-report-is-not-found": [
        (
            f"UPDATE report_attribute SET report_id = {WITHDRAWN} WHERE (report_id, value_index) = "
            "(SELECT report_id, value_index FROM report_attribute LIMIT 1) RETURNING report_id"
        ),
        (
            f"UPDATE report_block SET report_id = {WITHDRAWN} WHERE (report_id, key) = "
            "(SELECT report_id, key FROM report_block LIMIT 1) RETURNING report_id"
        ),
        f"UPDATE link SET report_lo = {WITHDRAWN} WHERE {FIRST_LINK} RETURNING report_lo",
        f"UPDATE link SET report_hi = {WITHDRAWN} WHERE {FIRST_LINK} RETURNING report_hi",
    ],
    "withdrawal-is-on-record": [
        f"DELETE FROM audit_entry WHERE {WITHDRAWAL} RETURNING objects[1]",
        f"UPDATE audit_entry SET action = 'reports_read' WHERE {WITHDRAWAL} RETURNING objects[1]",
    ],
    "acceptance-is-on-record": [
        f"DELETE FROM audit_entry WHERE {ACCEPTANCE} RETURNING objects[1]",
        f"UPDATE audit_entry SET action = 'reports_read' WHERE {ACCEPTANCE} RETURNING objects[1]",
    ],
    "stays-do-not-overlap": [
        STAY.format(until="+ interval '1 hour'"),
        STAY.format(until="- interval '2 days'"),
    ],
    "stays-leave-no-gap": [STAY.format(until="- interval '1 hour'")],
    "events-lead-to-the-members": [
        (
            "DELETE FROM lead_event AS e USING lead_membership AS m "
            f"WHERE e.lead_id = m.lead_id AND m.report_id = {ALONE} RETURNING m.report_id"
        ),
        (
            "INSERT INTO lead_event (lead_id, id, kind, at, reports, other_leads, causes) "
            "SELECT lead_id, 'ffffffff-ffff-7fff-bfff-ffffffffffff', 'shrank', now(), "
            f"ARRAY[report_id], '{{}}', '{{}}' FROM lead_membership WHERE report_id = {MEMBER} "
            "RETURNING reports[1]"
        ),
        (
            "INSERT INTO lead_event (lead_id, id, kind, at, reports, other_leads, causes) "
            f"SELECT {LIVE}, 'ffffffff-ffff-7fff-bfff-ffffffffffff', 'grew', now(), "
            "ARRAY[gen_random_uuid()], '{}', '{}' RETURNING reports[1]"
        ),
    ],
    "merge-is-told-by-both": [
        f"DELETE FROM lead_event WHERE lead_id = {MERGED} AND kind = 'merged' RETURNING lead_id",
        (
            f"UPDATE lead_event SET other_leads = '{{}}' WHERE {MERGED} = ANY(other_leads) "
            f"RETURNING {MERGED}"
        ),
    ],
    "link-is-between-two-reports": [
        (
            "UPDATE link SET report_lo = report_hi, report_hi = report_lo "
            f"WHERE {FIRST_LINK} RETURNING report_lo, report_hi"
        ),
        f"UPDATE link SET report_hi = report_lo WHERE {FIRST_LINK} RETURNING report_lo, report_hi",
        (
            "UPDATE link SET report_hi = 'ffffffff-ffff-7fff-bfff-ffffffffffff' "
            f"WHERE {FIRST_LINK} RETURNING report_lo, report_hi"
        ),
        (
            "UPDATE link SET report_lo = '00000000-0000-7000-8000-000000000000' "
            f"WHERE {FIRST_LINK} RETURNING report_lo, report_hi"
        ),
    ],
    "link-adds-up": [
        f"UPDATE link SET weight = weight + 0.02 WHERE {FIRST_LINK} RETURNING report_lo, report_hi",
        f"UPDATE link SET weight = weight - 0.02 WHERE {FIRST_LINK} RETURNING report_lo, report_hi",
        f"UPDATE link SET parts = '[]' WHERE {FIRST_LINK} RETURNING report_lo, report_hi",
    ],
    "link-reaches-the-threshold": [
        f"UPDATE link SET weight = 13.99 WHERE {FIRST_LINK} RETURNING report_lo, report_hi",
    ],
    "link-names-no-stopped-value": [STOPPED],
    "link-names-what-both-carry": [
        NOT_CARRIED,
        (
            f"UPDATE report_attribute AS a SET links = false FROM {NAMING} AS p "
            "WHERE a.value_index = p.value AND a.report_id = p.report_lo "
            "RETURNING p.report_lo, p.report_hi"
        ),
    ],
    "links-are-of-one-model": [
        f"UPDATE link SET model_version = '0' WHERE {FIRST_LINK} RETURNING report_lo, report_hi",
    ],
    "strong-link-is-within-a-lead": [TORN],
    "core-is-connected": [
        UNHELD_CORE,
        (
            f"WITH cut AS (DELETE FROM link WHERE {OF_SEVERAL} IN (report_lo, report_hi)) "
            f"SELECT {SEVERAL}"
        ),
    ],
    "attached-is-held": [UNHELD],
    "joined-is-together": [JOINED],
    "separated-is-apart": [SEPARATED],
    "outcome-is-told": [
        (
            "DELETE FROM feedback WHERE report_id = "
            "(SELECT f.report_id FROM feedback AS f JOIN lead_membership AS m USING (report_id) "
            "JOIN outcome AS o ON o.id = f.outcome_id AND o.lead_id = m.lead_id "
            "ORDER BY 1 LIMIT 1) RETURNING report_id, outcome_id"
        ),
    ],
    "feedback-is-of-the-sender": [
        (
            "UPDATE feedback SET organisation_id = gen_random_uuid() WHERE report_id = "
            "(SELECT report_id FROM feedback ORDER BY 1 LIMIT 1) RETURNING report_id, outcome_id"
        ),
        (
            "UPDATE feedback SET outcome_id = gen_random_uuid() WHERE report_id = "
            "(SELECT report_id FROM feedback ORDER BY 1 LIMIT 1) RETURNING report_id, outcome_id"
        ),
        (
            "UPDATE feedback SET report_id = gen_random_uuid() WHERE report_id = "
            "(SELECT report_id FROM feedback ORDER BY 1 LIMIT 1) RETURNING report_id, outcome_id"
        ),
    ],
    "feed-has-no-gap": [
        (
            "UPDATE feed SET last_position = last_position + 1 WHERE organisation_id = "
            "(SELECT organisation_id FROM feed LIMIT 1) RETURNING organisation_id"
        ),
        (
            "UPDATE feedback SET position = position + 1 WHERE (organisation_id, position) = "
            "(SELECT organisation_id, last_position FROM feed LIMIT 1) RETURNING organisation_id"
        ),
        (
            "DELETE FROM feedback WHERE organisation_id = "
            "(SELECT organisation_id FROM feed LIMIT 1) RETURNING organisation_id"
        ),
        (
            "DELETE FROM feed WHERE organisation_id = "
            "(SELECT organisation_id FROM feed LIMIT 1) RETURNING organisation_id"
        ),
    ],
    "reference-is-of-one-report": [
        f"DELETE FROM report_reference WHERE report_id = {MEMBER} RETURNING report_id",
        (
            f"UPDATE report_reference SET report_id = gen_random_uuid() WHERE report_id = {MEMBER} "
            f"RETURNING {MEMBER}"
        ),
        (
            "INSERT INTO report_reference (organisation_id, external_ref, report_id, content_mac) "
            f"SELECT organisation_id, 'another', id, '' FROM report WHERE id = {MEMBER} "
            "RETURNING report_id"
        ),
        (
            "INSERT INTO report_reference (organisation_id, external_ref, report_id, content_mac) "
            f"SELECT organisation_id, external_ref, id, '' FROM report WHERE id = {WITHDRAWN} "
            "RETURNING report_id"
        ),
    ],
    "idempotency-key-is-of-a-report": [
        (
            "INSERT INTO idempotency_key (organisation_id, key, report_id, content_mac, created_at) "
            "SELECT id, 'key', gen_random_uuid(), '', now() FROM organisation LIMIT 1 "
            "RETURNING report_id"
        ),
        (
            "INSERT INTO idempotency_key (organisation_id, key, report_id, content_mac, created_at) "
            f"VALUES (gen_random_uuid(), 'key', {MEMBER}, '', now()) RETURNING report_id"
        ),
    ],
    "queue-moves": [
        (
            "INSERT INTO link_queue (report_id, cause, enqueued_at) "
            f"VALUES ({MEMBER}, 'amended', now() - interval '61 minutes') RETURNING report_id"
        ),
    ],
}
"""By the name of the invariant, statements each of which breaks it."""

_WAITS = "INSERT INTO link_queue (report_id, cause) SELECT {report}, '{cause}'"

WAITING = {
    "a report that is not linked yet": (
        "report-in-one-live-lead", UNPLACED,
        _WAITS.format(report="id", cause="submitted")
        + " FROM report WHERE id NOT IN (SELECT report_id FROM lead_membership)"
        " AND status <> 'withdrawn'",
    ),
    "a report withdrawn a moment ago": (
        "withdrawn-report-is-in-no-lead", GONE,
        _WAITS.format(report=MEMBER, cause="withdrawn"),
    ),
    "the core of a report amended a moment ago": (
        "lead-counts-its-reports",
        f"UPDATE report SET rank = rank - 1 WHERE id = {ALONE} RETURNING id",
        _WAITS.format(report=ALONE, cause="amended"),
    ),
    "a value put on the stop-list a moment ago": (
        "link-names-no-stopped-value", STOPPED,
        ("INSERT INTO link_queue (touched, cause) "
        "SELECT array_agg(value_index), 'stoplist' FROM shared_value"),
    ),
    "a value that an amended report carries no more": (
        "link-names-what-both-carry", NOT_CARRIED,
        _WAITS.format(report="report_hi", cause="amended") + f" FROM {NAMING} AS p",
    ),
    "a strong link between leads": (
        "strong-link-is-within-a-lead", TORN,
        _WAITS.format(report="report_lo", cause="amended") + f" FROM {TORN_LINK} AS l",
    ),
    "a core that nothing connects": (
        "core-is-connected", UNHELD_CORE, _WAITS.format(report=OF_SEVERAL, cause="judged"),
    ),
    "an attached report that nothing holds": (
        "attached-is-held", UNHELD, _WAITS.format(report=OF_SEVERAL, cause="judged"),
    ),
    "reports joined a moment ago": (
        "joined-is-together", JOINED,
        _WAITS.format(report="report_lo", cause="judged") + " FROM judgement",
    ),
    "reports separated a moment ago": (
        "separated-is-apart", SEPARATED,
        _WAITS.format(report="report_hi", cause="judged") + " FROM judgement",
    ),
}  # fmt: skip
"""What is no breach while it waits for the linker: the invariant, what breaks it, what waits."""

EXCUSED = {
    "a strong link out of a lead that is cut": (
        "strong-link-is-within-a-lead", TORN,
        ("UPDATE lead SET cut = true "
        f"WHERE id = (SELECT lead_id FROM lead_membership WHERE report_id = {ALONE})"),
    ),
    "a strong link between leads that a judgement keeps apart": (
        "strong-link-is-within-a-lead", TORN,
        judged("separate", f"SELECT report_lo AS one, report_hi AS other FROM {TORN_LINK} AS b"),
    ),
    "a core that a strong link of another model holds": (
        "core-is-connected",
        (f"UPDATE link SET weight = 19 WHERE {OF_SEVERAL} IN (report_lo, report_hi) "
        f"RETURNING {SEVERAL}"),
        "UPDATE link SET model_version = '0'",
    ),
    "a core that a join holds": (
        "core-is-connected", UNHELD_CORE, judged("join", ALL_PAIRS),
    ),
    "a link of another model below the threshold": (
        "link-reaches-the-threshold",
        f"UPDATE link SET weight = 13.99 WHERE {FIRST_LINK} RETURNING report_lo, report_hi",
        "UPDATE link SET model_version = '0'",
    ),
    "a join that was taken back later": (
        "joined-is-together", JOINED,
        judged("separate", STRANGERS, at="now() + interval '1 minute'"),
    ),
    "a separation that was taken back later": (
        "separated-is-apart", SEPARATED,
        judged("join", COMPANIONS, at="now() + interval '1 minute'"),
    ),
}  # fmt: skip
"""What looks like a breach and is none, as something else explains it."""
