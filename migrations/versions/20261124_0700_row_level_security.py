"""Row-level security: every table shows an actor its own rows, and nobody any others.

expand: there is no running version before it.

Who acts is told at the beginning of each transaction by the settings tessera.part,
tessera.organisations, tessera.country and tessera.agency. What is not allowed here is refused;
a transaction that tells nothing sees nothing. The owner of the tables is held to it as well.
"""

from alembic import op

revision = "20261124_0700"
down_revision = "20261124_0600"
branch_labels = None
depends_on = None

_FUNCTIONS = (
    # Read anew by every statement: a plan is kept for longer than an actor.
    """
    CREATE FUNCTION acting_part() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('tessera.part', true), '')
    """,
    """
    CREATE FUNCTION acting_organisations() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN string_to_array(nullif(current_setting('tessera.organisations', true), ''), ' ') ::uuid[]
    """,
    """
    CREATE FUNCTION acting_country() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN current_setting('tessera.country', true)
    """,
    """
    CREATE FUNCTION acting_agency() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('tessera.agency', true), '') = 'yes'
    """,
    """
    CREATE FUNCTION acting_names() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ARRAY[(acting_organisations())[1] ::text, acting_country()]
    """,
    # The rule of app/domain/sharing.py, includes; a test holds the two against each other.
    """
    CREATE FUNCTION includes(circle text[], names text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN circle IS NULL OR circle && names
    """,
    # Of reports that an agency may know of, read or not, what it may know: that they are there,
    # whom to ask, and under which conditions they stand. Columns of content are none of it.
    """
    CREATE FUNCTION report_stubs(wanted uuid[])
      RETURNS TABLE (id uuid, organisation_id uuid, status text, handling_code text, tlp text,
        circle text[])
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    DECLARE
      acted text := acting_part();
    BEGIN
      IF acting_agency() THEN
        PERFORM set_config('tessera.part', 'stubs', true);
        RETURN QUERY SELECT r.id, r.organisation_id, r.status, r.handling_code, r.tlp, r.circle
          FROM report AS r WHERE r.id = ANY (wanted) AND includes(r.circle, acting_names());
        PERFORM set_config('tessera.part', acted, true);
      END IF;
    END
    $$
    """,
    # Whether an agency may know of a report: for what hangs on one and says nothing of its circle.
    """
    CREATE FUNCTION is_known(report_id uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
    DECLARE
      acted text := acting_part();
      known boolean;
    BEGIN
      IF NOT acting_agency() THEN
        RETURN false;
      END IF;
      PERFORM set_config('tessera.part', 'stubs', true);
      SELECT includes(r.circle, acting_names()) INTO known FROM report AS r WHERE r.id = report_id;
      PERFORM set_config('tessera.part', acted, true);
      RETURN coalesce(known, false);
    END
    $$
    """,
)
_SIGNATURES = (
    "report_stubs(uuid[])",
    "is_known(uuid)",
    "includes(text[], text[])",
    "acting_names()",
    "acting_agency()",
    "acting_country()",
    "acting_organisations()",
    "acting_part()",
)

# Each is asked once a statement, not once a row, for it stands in a subquery of its own.
_ORGANISATIONS = "(SELECT acting_organisations()) ::uuid[]"
_AGENCY = "(SELECT acting_agency())"
_OWN = f"organisation_id = ANY ({_ORGANISATIONS})"
_ANYBODY = f"(SELECT acting_part() <> '') OR {_ORGANISATIONS} IS NOT NULL"
_NAMES = "(SELECT acting_names()) ::text[]"
_READABLE = f"{_AGENCY} AND status <> 'withdrawn' AND includes(readers, {_NAMES})"
_KNOWN = f"{_AGENCY} AND includes(circle, {_NAMES})"
_KNOWN_REPORT = f"{_AGENCY} AND is_known(report_id)"
# Who may know of a lead sees it, and its reports apart from those that left its circle since.
_KNOWN_LEAD = f"{_AGENCY} AND EXISTS (SELECT FROM lead AS l WHERE l.id = lead_id)"
_ENDS = ("report_lo", "report_hi")
# What is between two reports tells of both: the evidence what they say, a judgement that they are.
_READABLE_PAIR = " AND ".join(
    (_AGENCY, *(f"EXISTS (SELECT FROM report AS r WHERE r.id = {end})" for end in _ENDS))
)
_KNOWN_PAIR = f"{_AGENCY} AND is_known(report_lo) AND is_known(report_hi)"
# The index of a value in a circle is longer by the code of that circle.
_IN_NO_CIRCLE = "octet_length(value_index) = 32"
_OWN_REPORT = f"""EXISTS (SELECT FROM report AS r
  WHERE r.id = report_id AND r.organisation_id = ANY ({_ORGANISATIONS}))"""
_TOLD = f"""EXISTS (SELECT FROM feedback AS f WHERE f.outcome_id = outcome.id AND f.with_message
  AND f.organisation_id = ANY ({_ORGANISATIONS}))"""


def _parts(*names: str) -> str:
    """The operator may do everything: who runs the commands has the keys as well."""
    listed = ",".join(("operator", *names))
    return f"(SELECT acting_part() = ANY ('{{{listed}}}'))"


_OPERATOR = _parts()
_ACCESS = _parts("access")
_AUDIT = _parts("audit")
_LINKER = _parts("linker")
_LINKING = _parts("linker", "retention")
_RETENTION = _parts("retention")
_TELLING = _parts("linker", "feedback")

# Table: who reads, adds, changes, removes. To lock a row is to change it.
_POLICIES = {
    "report": (
        f"{_parts('linker', 'feedback', 'retention', 'stubs')} OR {_OWN} OR ({_READABLE})",
        f"{_OPERATOR} OR {_OWN}",
        f"{_parts('linker', 'feedback', 'retention')} OR {_OWN}",
        _OPERATOR,
    ),
    "report_reference": (
        f"{_RETENTION} OR {_OWN}",
        f"{_OPERATOR} OR {_OWN}",
        f"{_OPERATOR} OR {_OWN}",
        f"{_RETENTION} OR {_OWN}",
    ),
    "idempotency_key": (
        f"{_RETENTION} OR {_OWN}",
        f"{_OPERATOR} OR {_OWN}",
        f"{_RETENTION} OR {_OWN}",
        f"{_OPERATOR} OR {_OWN}",
    ),
    "report_version": (
        f"{_RETENTION} OR {_OWN_REPORT}",
        f"{_OPERATOR} OR {_OWN_REPORT}",
        _OPERATOR,
        _RETENTION,
    ),
    "report_attribute": (
        f"{_LINKING} OR ({_AGENCY} AND ({_IN_NO_CIRCLE} OR is_known(report_id))) OR {_OWN_REPORT}",
        f"{_OPERATOR} OR {_OWN_REPORT}",
        _OPERATOR,
        f"{_RETENTION} OR {_OWN_REPORT}",
    ),
    "report_block": (
        f"{_LINKING} OR {_OWN_REPORT}",
        _LINKER,
        f"{_LINKING} OR {_OWN_REPORT}",
        f"{_LINKING} OR {_OWN_REPORT}",
    ),
    "link": (
        f"{_LINKING} OR ({_READABLE_PAIR})",
        _LINKER,
        _LINKING,
        _LINKING,
    ),
    "judgement": (
        f"{_LINKING} OR ({_KNOWN_PAIR})",
        f"{_OPERATOR} OR ({_AGENCY} AND {_OWN})",
        _OPERATOR,
        _OPERATOR,
    ),
    "shared_value": (
        f"""{_LINKER} OR ({_AGENCY} AND ({_IN_NO_CIRCLE} OR EXISTS (
          SELECT FROM report_attribute AS a WHERE a.value_index = shared_value.value_index)))""",
        _LINKER,
        _LINKER,
        _LINKER,
    ),
    "link_queue": (_parts("linker", "monitor"), _ANYBODY, _OPERATOR, _LINKER),
    "lead": (f"{_TELLING} OR ({_KNOWN})", _LINKER, f"{_LINKER} OR ({_KNOWN})", _OPERATOR),
    "lead_membership": (
        f"{_TELLING} OR ({_KNOWN_LEAD} AND {_KNOWN_REPORT}) OR {_OWN_REPORT}",
        _LINKER,
        _LINKER,
        _LINKER,
    ),
    "lead_membership_past": (
        f"{_LINKER} OR ({_KNOWN_LEAD} AND {_KNOWN_REPORT})",
        _LINKER,
        _OPERATOR,
        _OPERATOR,
    ),
    "lead_event": (
        f"{_LINKER} OR ({_KNOWN_LEAD})",
        f"{_LINKER} OR ({_KNOWN_LEAD})",
        _OPERATOR,
        _OPERATOR,
    ),
    "outcome": (
        f"{_TELLING} OR ({_KNOWN_LEAD}) OR {_TOLD}",
        f"{_OPERATOR} OR ({_KNOWN_LEAD} AND {_OWN})",
        _OPERATOR,
        _OPERATOR,
    ),
    "feed": (f"{_TELLING} OR {_OWN}", _TELLING, _TELLING, _OPERATOR),
    "feedback": (
        f"{_parts('linker', 'feedback', 'retention')} OR {_OWN}",
        _TELLING,
        _RETENTION,
        _OPERATOR,
    ),
    "organisation": (
        f"{_parts('access', 'audit', 'linker')} OR {_AGENCY} OR id = ANY ({_ORGANISATIONS})",
        _OPERATOR,
        _OPERATOR,
        _OPERATOR,
    ),
    "client": (_ACCESS, _OPERATOR, _OPERATOR, _OPERATOR),
    "client_secret": (_ACCESS, _OPERATOR, _OPERATOR, _OPERATOR),
    "client_key": (_ACCESS, _OPERATOR, _OPERATOR, _OPERATOR),
    "used_assertion": (_ACCESS, _ACCESS, _OPERATOR, _ACCESS),
    "blocked_person": (_ACCESS, _OPERATOR, _OPERATOR, _OPERATOR),
    "signing_key": (_ACCESS,) * 4,
    "key_check": (_ACCESS, _ACCESS, _OPERATOR, _OPERATOR),
    # Whoever acts enters what he does; a trigger refuses all change.
    "audit_entry": (_AUDIT, f"(SELECT acting_part() <> '') OR {_OWN}", _OPERATOR, _OPERATOR),
    "audit_head": (_ANYBODY, _OPERATOR, _ANYBODY, _OPERATOR),
}


def upgrade() -> None:
    for statement in _FUNCTIONS:
        op.execute(statement)
    for table, (reads, adds, changes, removes) in _POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY reads ON {table} FOR SELECT USING ({reads})")
        op.execute(f"CREATE POLICY adds ON {table} FOR INSERT WITH CHECK ({adds})")
        op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE USING ({changes})")
        op.execute(f"CREATE POLICY removes ON {table} FOR DELETE USING ({removes})")


def downgrade() -> None:
    for table in _POLICIES:
        for name in ("reads", "adds", "changes", "removes"):
            op.execute(f"DROP POLICY {name} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for signature in _SIGNATURES:
        op.execute(f"DROP FUNCTION {signature}")
