"""Links: between whom, adding up, and of what."""

from app.storage.invariants.invariant import Invariant

_PARTS = """
        SELECT l.report_lo, l.report_hi, decode(p.part ->> 5, 'hex') AS value_index
        FROM link AS l CROSS JOIN jsonb_array_elements(l.parts) AS p (part)
        WHERE p.part ->> 5 IS NOT NULL
"""
"""Every value that a link names; the sixth entry of a part is its blind index."""

INVARIANTS = (
    Invariant(
        "link-is-between-two-reports",
        "A link is between two reports, the smaller id first.",
        "pair of reports",
        """
        SELECT ARRAY[l.report_lo, l.report_hi] AS ids FROM link AS l
        LEFT JOIN report AS lo ON lo.id = l.report_lo
        LEFT JOIN report AS hi ON hi.id = l.report_hi
        WHERE lo.id IS NULL OR hi.id IS NULL OR l.report_lo >= l.report_hi
        """,
    ),
    # The third entry of a part is its bits. Both sides are rounded to two places.
    Invariant(
        "link-adds-up",
        "The parts of a link add up to its weight, within 0.01 bits.",
        "pair of reports",
        """
        SELECT ARRAY[l.report_lo, l.report_hi] AS ids FROM link AS l
        CROSS JOIN LATERAL (
          SELECT coalesce(sum((part ->> 2) ::numeric), 0) AS bits
          FROM jsonb_array_elements(l.parts) AS p (part)) AS s
        WHERE abs(s.bits - l.weight ::numeric) > 0.01
        """,
    ),
    Invariant(
        "link-reaches-the-threshold",
        "A link found under the present model weighs at least what can attach a report.",
        "pair of reports",
        """
        SELECT ARRAY[report_lo, report_hi] AS ids FROM link
        WHERE model_version = :model ::text AND weight < :attach ::float8
        """,
    ),
    Invariant(
        "link-names-no-stopped-value",
        "No part of a link names a value of the stop-list, once the linker has seen the list.",
        "pair of reports",
        f"""
        SELECT DISTINCT ARRAY[p.report_lo, p.report_hi] AS ids FROM ({_PARTS}) AS p
        JOIN shared_value AS s
          ON s.value_index = substring(p.value_index FROM 1 FOR 32) AND s.reason = 'stoplist'
        WHERE NOT EXISTS (
          SELECT FROM (SELECT unnest(touched) AS value_index FROM link_queue) AS q
          WHERE q.value_index = s.value_index)
        """,  # noqa: S608 - no input in it
    ),
    Invariant(
        "link-names-what-both-carry",
        "Both reports of a link carry each value that it names, in a role that links.",
        "pair of reports",
        f"""
        WITH named AS MATERIALIZED ({_PARTS}),
        waiting AS (SELECT report_id FROM link_queue WHERE report_id IS NOT NULL),
        carried AS (SELECT report_id, value_index FROM report_attribute WHERE links)
        SELECT DISTINCT ARRAY[p.report_lo, p.report_hi] AS ids FROM named AS p
        LEFT JOIN carried AS lo ON lo.report_id = p.report_lo AND lo.value_index = p.value_index
        LEFT JOIN carried AS hi ON hi.report_id = p.report_hi AND hi.value_index = p.value_index
        WHERE (lo.report_id IS NULL OR hi.report_id IS NULL)
          AND NOT EXISTS (SELECT FROM waiting AS w WHERE w.report_id = p.report_lo)
          AND NOT EXISTS (SELECT FROM waiting AS w WHERE w.report_id = p.report_hi)
        """,  # noqa: S608 - no input in it
    ),
    Invariant(
        "links-are-of-one-model",
        "All links were found under the present model; else `tessera relink` is due.",
        "pair of reports",
        """
        SELECT ARRAY[report_lo, report_hi] AS ids FROM link WHERE model_version <> :model ::text
        """,
        is_warning=True,
    ),
)
