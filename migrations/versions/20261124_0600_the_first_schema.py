"""The first schema.

expand: there is no running version before it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_0600"
down_revision = None
branch_labels = None
depends_on = None

_AUDIT_HEADS = """
INSERT INTO audit_head (chain, sequence, hash)
SELECT chain, 0, decode(repeat('00', 32), 'hex') FROM generate_series(0, 63) AS g (chain)
"""

# ALWAYS: no setting of a session leaves these triggers out.
_AUDIT_IS_APPEND_ONLY = (
    """
    CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'the access log is append-only' USING ERRCODE = 'insufficient_privilege';
    END
    $$
    """,
    """
    CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()
    """,
    "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_is_append_only",
    """
    CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()
    """,
    "ALTER TABLE audit_head ENABLE ALWAYS TRIGGER audit_head_stays",
    """
    CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head
    FOR EACH ROW WHEN (NEW.chain <> OLD.chain OR NEW.sequence <= OLD.sequence)
    EXECUTE FUNCTION audit_refuses()
    """,
    "ALTER TABLE audit_head ENABLE ALWAYS TRIGGER audit_head_goes_on",
)


def upgrade() -> None:
    _create_access_log()
    _create_the_rest()
    _create_what_refers_to_others()


def _create_access_log() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("chain", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False, comment="client, cli, system"),
        sa.Column(
            "organisation_id",
            sa.Uuid(),
            nullable=True,
            comment="who acted, or for whom the command line did",
        ),
        sa.Column("client_id", sa.Text(), nullable=True, comment="for a person its opaque id"),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("objects", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column(
            "subject",
            sa.Text(),
            nullable=True,
            comment="client or person that an act of administration is on",
        ),
        sa.Column("key_version", sa.SmallInteger(), nullable=False),
        sa.Column(
            "hash",
            sa.LargeBinary(),
            nullable=False,
            comment="keyed, over the one before and this entry",
        ),
        sa.PrimaryKeyConstraint("chain", "sequence", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_at_id", "audit_entry", ["at", "id"], unique=False)
    op.create_index(
        "ix_audit_entry_action_at_id", "audit_entry", ["action", "at", "id"], unique=False
    )
    op.create_index(
        "ix_audit_entry_organisation_id_at_id",
        "audit_entry",
        ["organisation_id", "at", "id"],
        unique=False,
        postgresql_where=sa.text("organisation_id IS NOT NULL"),
    )
    op.create_index(
        "ix_audit_entry_objects",
        "audit_entry",
        ["objects"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=False,
            comment="of the last entry; 0 without any",
        ),
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="of the last entry"),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    _begin_audit()


def _create_the_rest() -> None:
    op.create_table(
        "feed",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("last_position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_feed")),
    )
    op.create_table(
        "feedback",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("external_ref", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column(
            "with_message",
            sa.Boolean(),
            nullable=False,
            comment="the outcome's message may be read",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "position", name=op.f("pk_feedback")),
    )
    op.create_index(
        "ix_feedback_report_id_outcome_id", "feedback", ["report_id", "outcome_id"], unique=True
    )
    op.create_index(
        "ix_feedback_outcome_id_organisation_id",
        "feedback",
        ["outcome_id", "organisation_id"],
        unique=False,
    )
    op.create_table(
        "idempotency_key",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("content_mac", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "key_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "sealed", sa.LargeBinary(), nullable=False, comment="opens with the root key alone"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_check")),
    )
    op.create_table(
        "lead",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column(
            "merged_into",
            sa.Uuid(),
            nullable=True,
            comment="the lead that has taken its place; never a chain",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column(
            "circle",
            postgresql.ARRAY(sa.Text()),
            nullable=True,
            comment="agencies that may know of it; null: all; for good",
        ),
        sa.Column(
            "restricted",
            sa.Boolean(),
            nullable=False,
            comment="some may know of it and not read all of it, so it looks different to each",
        ),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("score_parts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("report_count", sa.Integer(), nullable=False),
        sa.Column(
            "core_count",
            sa.Integer(),
            nullable=False,
            comment="reports that strong evidence holds",
        ),
        sa.Column("core_rank", sa.Integer(), nullable=False, comment="smallest rank of them"),
        sa.Column("cut", sa.Boolean(), nullable=False, comment="strong links lead out of it"),
        sa.Column("organisation_count", sa.Integer(), nullable=False),
        sa.Column("sector_count", sa.Integer(), nullable=False),
        sa.Column("first_observed", sa.Date(), nullable=True),
        sa.Column("last_observed", sa.Date(), nullable=True),
        sa.Column("forms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("countries", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("nuts", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "regions",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="of nuts, and all they lie in",
        ),
        sa.Column("indicators", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("has_children", sa.Boolean(), nullable=False),
        sa.Column("completeness", sa.Float(), nullable=False, comment="elements decided, 0 to 1"),
        sa.Column("urgency", sa.Text(), nullable=False, comment="danger_now, soon, none_known"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
    )
    op.create_index(
        "ix_lead_indicators_countries_forms_regions",
        "lead",
        ["indicators", "countries", "forms", "regions"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("report_count > 0"),
    )
    op.create_index(
        "ix_lead_report_count",
        "lead",
        ["report_count"],
        unique=False,
        postgresql_where=sa.text("report_count > 1"),
    )
    op.create_index(
        "ix_lead_merged_into",
        "lead",
        ["merged_into"],
        unique=False,
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_index(
        "ix_lead_restricted",
        "lead",
        ["id"],
        unique=False,
        postgresql_where=sa.text("restricted AND report_count > 0"),
    )
    op.create_index(
        "ix_lead_score_id",
        "lead",
        ["score", "id"],
        unique=False,
        postgresql_where=sa.text("report_count > 0"),
    )
    op.create_index(
        "ix_lead_updated_at_id",
        "lead",
        ["updated_at", "id"],
        unique=False,
        postgresql_where=sa.text("report_count > 0"),
    )
    op.create_table(
        "lead_event",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column(
            "id", sa.Uuid(), nullable=False, comment="UUIDv7: in order of time within a lead"
        ),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="created, grew, shrank, merged, split, decided, outcome",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reports", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("other_leads", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("causes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("lead_id", "id", name=op.f("pk_lead_event")),
    )
    op.create_table(
        "lead_membership",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "attached",
            sa.Boolean(),
            nullable=False,
            comment="by weak evidence, to the lead's core",
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_lead_membership")),
    )
    op.create_index(
        op.f("ix_lead_membership_lead_id"), "lead_membership", ["lead_id"], unique=False
    )
    op.create_table(
        "lead_membership_past",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "since", name=op.f("pk_lead_membership_past")),
    )
    op.create_index(
        op.f("ix_lead_membership_past_lead_id"), "lead_membership_past", ["lead_id"], unique=False
    )
    op.create_table(
        "link_queue",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "report_id",
            sa.Uuid(),
            nullable=True,
            comment="a report to place; null if only values are concerned",
        ),
        sa.Column(
            "touched",
            postgresql.ARRAY(sa.LargeBinary()),
            nullable=True,
            comment="values to judge anew: removed or stop-listed",
        ),
        sa.Column(
            "touched_keys",
            postgresql.ARRAY(sa.BigInteger()),
            nullable=True,
            comment="block keys to judge anew: removed",
        ),
        sa.Column(
            "cause",
            sa.Text(),
            nullable=False,
            comment="submitted, amended, withdrawn, stoplist, judged",
        ),
        sa.Column(
            "enqueued_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_queue")),
    )
    op.create_index(
        "ix_link_queue_report_id_amended",
        "link_queue",
        ["report_id"],
        unique=False,
        postgresql_where=sa.text("cause = 'amended'"),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "ref", sa.Text(), nullable=True, comment="the name that scenario files and imports use"
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("agency", sa.Boolean(), nullable=False, comment="reads leads"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("ref", name=op.f("uq_organisation_ref")),
    )
    op.create_table(
        "outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="message and internal note"),
        sa.Column("organisation_id", sa.Uuid(), nullable=False, comment="of the analyst"),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    op.create_index(op.f("ix_outcome_lead_id"), "outcome", ["lead_id"], unique=False)
    op.create_table(
        "report_attribute",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("value_index", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column(
            "links", sa.Boolean(), nullable=False, comment="role, consent and value allow linking"
        ),
        sa.Column("key_version", sa.SmallInteger(), nullable=False),
        sa.Column(
            "qualifier",
            sa.Text(),
            nullable=True,
            comment="issuing country of a plate or document, where said",
        ),
        sa.Column(
            "rank", sa.Integer(), nullable=False, comment="of the report: an order by content"
        ),
        sa.Column(
            "circumstances", sa.Integer(), nullable=False, comment="place and half-year, keyed"
        ),
        sa.PrimaryKeyConstraint("report_id", "value_index", name=op.f("pk_report_attribute")),
    )
    op.create_index(
        "ix_report_attribute_value_index_rank_report_id",
        "report_attribute",
        ["value_index", "rank", "report_id"],
        unique=False,
        postgresql_include=["links", "role", "qualifier", "circumstances"],
    )
    op.create_table(
        "report_block",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column(
            "key",
            sa.BigInteger(),
            nullable=False,
            comment="keyed; the last three bits say the kind",
        ),
        sa.Column(
            "rank", sa.Integer(), nullable=False, comment="of the report: an order by content"
        ),
        sa.Column(
            "circumstances", sa.Integer(), nullable=False, comment="place and half-year, keyed"
        ),
        sa.Column(
            "alone",
            sa.Boolean(),
            nullable=False,
            comment="the word is all that is known of a name",
        ),
        sa.PrimaryKeyConstraint("report_id", "key", name=op.f("pk_report_block")),
    )
    op.create_index(
        "ix_report_block_key_rank_report_id",
        "report_block",
        ["key", "rank", "report_id"],
        unique=False,
        postgresql_include=["circumstances", "alone"],
    )
    op.create_table(
        "link",
        sa.Column("report_lo", sa.Uuid(), nullable=False, comment="the smaller of the two ids"),
        sa.Column("report_hi", sa.Uuid(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False, comment="bits; the sum of the parts"),
        sa.Column("strong", sa.Boolean(), nullable=False, comment="may link by itself"),
        sa.Column(
            "things",
            sa.Boolean(),
            nullable=False,
            comment="rests on an address or a firm alone",
        ),
        sa.Column(
            "parts",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="what speaks for and against, in bits",
        ),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column(
            "apart",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="its ends are in two leads, both with a core",
        ),
        sa.PrimaryKeyConstraint("report_lo", "report_hi", name=op.f("pk_link")),
    )
    op.create_index("ix_link_report_hi", "link", ["report_hi"], unique=False)
    op.create_index(
        "ix_link_weight", "link", ["weight"], unique=False, postgresql_where=sa.text("apart")
    )
    op.create_table(
        "judgement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="join, separate; the latest of a pair counts",
        ),
        sa.Column("report_lo", sa.Uuid(), nullable=False, comment="the smaller of the two ids"),
        sa.Column("report_hi", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False, comment="where it was made"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="the reason"),
        sa.Column("organisation_id", sa.Uuid(), nullable=False, comment="of the analyst"),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
    )
    op.create_index(
        "ix_judgement_report_lo_report_hi", "judgement", ["report_lo", "report_hi"], unique=False
    )
    op.create_index("ix_judgement_report_hi", "judgement", ["report_hi"], unique=False)
    op.create_table(
        "report_reference",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("external_ref", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column(
            "content_mac",
            sa.LargeBinary(),
            nullable=False,
            comment="keyed; recognises a repetition",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "external_ref", name=op.f("pk_report_reference")
        ),
    )
    op.create_table(
        "report_version",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "version", name=op.f("pk_report_version")),
    )
    op.create_table(
        "shared_value",
        sa.Column("value_index", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="spread, stoplist"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True, comment="why it is on the stop-list"),
        sa.PrimaryKeyConstraint("value_index", name=op.f("pk_shared_value")),
    )
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column(
            "record_id", sa.Uuid(), nullable=False, comment="identity under which it is sealed"
        ),
        sa.Column("public_jwk", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signs_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "expires_at", sa.DateTime(timezone=True), nullable=False, comment="leaves the JWKS"
        ),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_key")),
    )


def _create_what_refers_to_others() -> None:
    op.create_table(
        "client",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "no_identity", sa.Boolean(), nullable=False, comment="may send no personal value"
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "generation",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="tokens of an earlier one are refused",
        ),
        sa.Column(
            "cut_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the generation last went up",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_client_organisation_id")
        ),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_client")),
    )
    op.create_index(
        "ix_client_cut_at",
        "client",
        ["cut_at"],
        unique=False,
        postgresql_where=sa.text("cut_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_client_organisation_id"), "client", ["organisation_id"], unique=False)
    op.create_table(
        "client_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("public_jwk", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.client_id"], name=op.f("fk_client_key_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_key")),
    )
    op.create_index(op.f("ix_client_key_client_id"), "client_key", ["client_id"], unique=False)
    op.create_table(
        "used_assertion",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("jti_hash", sa.LargeBinary(), nullable=False, comment="SHA-256"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "jti_hash", name=op.f("pk_used_assertion")),
    )
    op.create_index(
        op.f("ix_used_assertion_expires_at"), "used_assertion", ["expires_at"], unique=False
    )
    op.create_table(
        "blocked_person",
        sa.Column("person_id", sa.Text(), nullable=False, comment="opaque; see app.crypto.persons"),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_blocked_person")),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("external_ref", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("observed_from", sa.Date(), nullable=False),
        sa.Column("observed_to", sa.Date(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("forms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("indicators", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("nuts", sa.Text(), nullable=True),
        sa.Column("age", sa.Text(), nullable=False, comment="adult, child, mixed, unknown"),
        sa.Column(
            "at_risk", sa.Boolean(), nullable=False, comment="somebody is said to be in danger"
        ),
        sa.Column(
            "credibility", sa.SmallInteger(), nullable=True, comment="of the information, 1 to 4"
        ),
        sa.Column("handling_code", sa.Text(), nullable=False),
        sa.Column("tlp", sa.Text(), nullable=False),
        sa.Column("share_with", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "police", sa.Boolean(), nullable=False, comment="consent or another basis covers police"
        ),
        sa.Column(
            "circle",
            postgresql.ARRAY(sa.Text()),
            nullable=True,
            comment="agencies that may know of it; null: all",
        ),
        sa.Column(
            "readers",
            postgresql.ARRAY(sa.Text()),
            nullable=True,
            comment="agencies that may read it; null: all",
        ),
        sa.Column("catalogue_version", sa.Text(), nullable=False),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=True,
            comment="content and normalised values; null once withdrawn",
        ),
        sa.Column(
            "traits",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed: what is compared; null once withdrawn",
        ),
        sa.Column("rank", sa.Integer(), nullable=False, comment="an order by content"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_report_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(
        "ix_report_organisation_id_id", "report", ["organisation_id", "id"], unique=False
    )
    op.create_table(
        "client_secret",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column(
            "secret_hash", sa.LargeBinary(), nullable=False, comment="HMAC-SHA-256 under the pepper"
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.client_id"], name=op.f("fk_client_secret_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_secret")),
    )
    op.create_index(
        op.f("ix_client_secret_client_id"), "client_secret", ["client_id"], unique=False
    )


def _begin_audit() -> None:
    op.execute(_AUDIT_HEADS)
    for statement in _AUDIT_IS_APPEND_ONLY:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(op.f("ix_client_secret_client_id"), table_name="client_secret")
    op.drop_table("client_secret")
    op.drop_index("ix_report_organisation_id_id", table_name="report")
    op.drop_table("report")
    op.drop_table("blocked_person")
    op.drop_index(op.f("ix_used_assertion_expires_at"), table_name="used_assertion")
    op.drop_table("used_assertion")
    op.drop_index(op.f("ix_client_key_client_id"), table_name="client_key")
    op.drop_table("client_key")
    op.drop_index(op.f("ix_client_organisation_id"), table_name="client")
    op.drop_index(
        "ix_client_cut_at", table_name="client", postgresql_where=sa.text("cut_at IS NOT NULL")
    )
    op.drop_table("client")
    _drop_the_rest()
    _drop_access_log()


def _drop_the_rest() -> None:
    op.drop_table("signing_key")
    op.drop_table("shared_value")
    op.drop_table("report_version")
    op.drop_table("report_reference")
    op.drop_index("ix_judgement_report_hi", table_name="judgement")
    op.drop_index("ix_judgement_report_lo_report_hi", table_name="judgement")
    op.drop_table("judgement")
    op.drop_index("ix_link_weight", table_name="link", postgresql_where=sa.text("apart"))
    op.drop_index("ix_link_report_hi", table_name="link")
    op.drop_table("link")
    op.drop_index(
        "ix_report_block_key_rank_report_id",
        table_name="report_block",
        postgresql_include=["circumstances", "alone"],
    )
    op.drop_table("report_block")
    op.drop_index(
        "ix_report_attribute_value_index_rank_report_id",
        table_name="report_attribute",
        postgresql_include=["links", "role", "qualifier", "circumstances"],
    )
    op.drop_table("report_attribute")
    op.drop_index(op.f("ix_outcome_lead_id"), table_name="outcome")
    op.drop_table("outcome")
    op.drop_table("organisation")
    op.drop_index(
        "ix_link_queue_report_id_amended",
        table_name="link_queue",
        postgresql_where=sa.text("cause = 'amended'"),
    )
    op.drop_table("link_queue")
    op.drop_index(op.f("ix_lead_membership_past_lead_id"), table_name="lead_membership_past")
    op.drop_table("lead_membership_past")
    op.drop_index(op.f("ix_lead_membership_lead_id"), table_name="lead_membership")
    op.drop_table("lead_membership")
    op.drop_table("lead_event")
    op.drop_index(
        "ix_lead_updated_at_id", table_name="lead", postgresql_where=sa.text("report_count > 0")
    )
    op.drop_index(
        "ix_lead_score_id", table_name="lead", postgresql_where=sa.text("report_count > 0")
    )
    op.drop_index(
        "ix_lead_report_count", table_name="lead", postgresql_where=sa.text("report_count > 1")
    )
    op.drop_index(
        "ix_lead_indicators_countries_forms_regions",
        table_name="lead",
        postgresql_using="gin",
        postgresql_where=sa.text("report_count > 0"),
    )
    op.drop_index(
        "ix_lead_merged_into",
        table_name="lead",
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.drop_table("lead")
    op.drop_table("key_check")
    op.drop_table("idempotency_key")
    op.drop_index("ix_feedback_outcome_id_organisation_id", table_name="feedback")
    op.drop_index("ix_feedback_report_id_outcome_id", table_name="feedback")
    op.drop_table("feedback")
    op.drop_table("feed")


def _drop_access_log() -> None:
    op.drop_table("audit_head")
    op.drop_index("ix_audit_entry_objects", table_name="audit_entry", postgresql_using="gin")
    op.drop_index(
        "ix_audit_entry_organisation_id_at_id",
        table_name="audit_entry",
        postgresql_where=sa.text("organisation_id IS NOT NULL"),
    )
    op.drop_index("ix_audit_entry_action_at_id", table_name="audit_entry")
    op.drop_index("ix_audit_entry_at_id", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.execute("DROP FUNCTION audit_refuses()")
