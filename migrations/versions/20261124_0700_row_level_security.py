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
    # The rule of app/domain/sharing.py, may_read; a test holds the two against each other.
    """
    CREATE FUNCTION may_read(owner uuid, handling_code text, tlp text, share_with text[],
      police boolean, reader uuid, country text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN owner = reader OR (police AND (
      reader ::text = ANY (share_with)
      OR (handling_code NOT IN ('H2', 'H3') AND tlp <> 'RED'
        AND (share_with = '{}' OR country = ANY (share_with)))))
    """,
    # Of reports that an agency may not read, what it may know: that they are there, whom to ask,
    # and under which conditions they stand. Columns of content are none of it.
    """
    CREATE FUNCTION report_stubs(wanted uuid[])
      RETURNS TABLE (id uuid, organisation_id uuid, status text, handling_code text, tlp text)
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    DECLARE
      acted text := acting_part();
    BEGIN
      IF acting_agency() THEN
        PERFORM set_config('tessera.part', 'stubs', true);
        RETURN QUERY SELECT r.id, r.organisation_id, r.status, r.handling_code, r.tlp
          FROM report AS r WHERE r.id = ANY (wanted);
        PERFORM set_config('tessera.part', acted, true);
      END IF;
    END
    $$
    """,
)
_SIGNATURES = (
    "report_stubs(uuid[])",
    "may_read(uuid, text, text, text[], boolean, uuid, text)",
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
_READABLE = f"""{_AGENCY} AND status <> 'withdrawn' AND may_read(
  organisation_id, handling_code, tlp, share_with, police, ({_ORGANISATIONS})[1],
  (SELECT acting_country()))"""
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
        f"{_LINKING} OR {_AGENCY} OR {_OWN_REPORT}",
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
        f"{_LINKING} OR {_AGENCY}",
        _LINKER,
        _LINKING,
        _LINKING,
    ),
    "judgement": (
        f"{_LINKING} OR {_AGENCY}",
        f"{_OPERATOR} OR ({_AGENCY} AND {_OWN})",
        _OPERATOR,
        _OPERATOR,
    ),
    "shared_value": (f"{_LINKER} OR {_AGENCY}", _LINKER, _LINKER, _LINKER),
    "link_queue": (_parts("linker", "monitor"), _ANYBODY, _OPERATOR, _LINKER),
    "lead": (f"{_TELLING} OR {_AGENCY}", _LINKER, f"{_LINKER} OR {_AGENCY}", _OPERATOR),
    "lead_membership": (f"{_TELLING} OR {_AGENCY} OR {_OWN_REPORT}", _LINKER, _LINKER, _LINKER),
    "lead_membership_past": (f"{_LINKER} OR {_AGENCY}", _LINKER, _OPERATOR, _OPERATOR),
    "lead_event": (f"{_LINKER} OR {_AGENCY}", f"{_LINKER} OR {_AGENCY}", _OPERATOR, _OPERATOR),
    "outcome": (
        f"{_TELLING} OR {_AGENCY} OR {_TOLD}",
        f"{_OPERATOR} OR ({_AGENCY} AND {_OWN})",
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
