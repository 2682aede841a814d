"""Acceptance: references and keys by which a repetition is recognised, and the queue."""

from app.storage.invariants.invariant import Invariant

INVARIANTS = (
    Invariant(
        "reference-is-of-one-report",
        "Every report that was not withdrawn holds its reference, and no reference is held by "
        "another or by none.",
        "report",
        """
        SELECT ARRAY[r.id] AS ids FROM report AS r
        LEFT JOIN report_reference AS f
          ON f.organisation_id = r.organisation_id AND f.external_ref = r.external_ref
        WHERE r.status <> 'withdrawn' AND f.report_id IS DISTINCT FROM r.id
        UNION
        SELECT ARRAY[f.report_id] FROM report_reference AS f
        LEFT JOIN report AS r ON r.id = f.report_id AND r.status <> 'withdrawn'
        WHERE (r.organisation_id, r.external_ref)
          IS DISTINCT FROM (f.organisation_id, f.external_ref)
        """,
    ),
    Invariant(
        "idempotency-key-is-of-a-report",
        "Every idempotency key is of a report that exists, of the same organisation.",
        "report",
        """
        SELECT DISTINCT ARRAY[k.report_id] AS ids FROM idempotency_key AS k
        LEFT JOIN report AS r ON r.id = k.report_id AND r.organisation_id = k.organisation_id
        WHERE r.id IS NULL
        """,
    ),
    Invariant(
        "acceptance-is-on-record",
        "Of every report it is on record who sent it.",
        "report",
        """
        SELECT ARRAY[r.id] AS ids FROM report AS r
        LEFT JOIN (
          SELECT unnest(objects) AS id FROM audit_entry WHERE action = 'reports_submitted') AS e
          ON e.id = r.id
        WHERE e.id IS NULL
        """,
    ),
    Invariant(
        "queue-moves",
        "Nothing waits to be linked for longer than is expected.",
        "report",
        """
        SELECT array_remove(ARRAY[report_id], NULL) AS ids FROM link_queue
        WHERE enqueued_at < now() - make_interval(secs => :waiting ::float8)
        """,
        is_warning=True,
    ),
)
