"""Leads, who belongs to them now and belonged before, and what happened to them."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.storage.tables.base import metadata

lead = Table(
    "lead",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("merged_into", Uuid, comment="the lead that has taken its place; never a chain"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("model_version", Text, nullable=False),
    Column("circle", ARRAY(Text), comment="agencies that may know of it; null: all; for good"),
    Column(
        "restricted",
        Boolean,
        nullable=False,
        comment="some may know of it and not read all of it, so it looks different to each",
    ),
    Column("score", Float, nullable=False),
    Column("score_parts", JSONB, nullable=False),
    Column("report_count", Integer, nullable=False),
    Column("core_count", Integer, nullable=False, comment="reports that strong evidence holds"),
    Column("core_rank", Integer, nullable=False, comment="smallest rank of them"),
    Column("cut", Boolean, nullable=False, comment="strong links lead out of it"),
    Column("organisation_count", Integer, nullable=False),
    Column("sector_count", Integer, nullable=False),
    Column("first_observed", Date),
    Column("last_observed", Date),
    Column("forms", ARRAY(Text), nullable=False),
    Column("countries", ARRAY(Text), nullable=False),
    Column("nuts", ARRAY(Text), nullable=False),
    Column("regions", ARRAY(Text), nullable=False, comment="of nuts, and all they lie in"),
    Column("indicators", ARRAY(Text), nullable=False),
    Column("has_children", Boolean, nullable=False),
    Column("completeness", Float, nullable=False, comment="elements decided, 0 to 1"),
    Column("urgency", Text, nullable=False, comment="danger_now, soon, none_known"),
    Index("ix_lead_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    Index("ix_lead_score_id", "score", "id", postgresql_where=text("report_count > 0")),
    Index("ix_lead_updated_at_id", "updated_at", "id", postgresql_where=text("report_count > 0")),
    # Of little help for what many leads have: those are met soon in order of score. Without them
    # a filter that few or none pass would read all leads.
    Index(
        "ix_lead_indicators_countries_forms_regions",
        "indicators",
        "countries",
        "forms",
        "regions",
        postgresql_using="gin",
        postgresql_where=text("report_count > 0"),
    ),
    # What such a lead can be found by is asked of its reports.
    Index("ix_lead_restricted", "id", postgresql_where=text("restricted AND report_count > 0")),
    Index("ix_lead_report_count", "report_count", postgresql_where=text("report_count > 1")),
)

lead_membership = Table(
    "lead_membership",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("lead_id", Uuid, nullable=False, index=True),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("attached", Boolean, nullable=False, comment="by weak evidence, to the lead's core"),
)

lead_membership_past = Table(
    "lead_membership_past",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("since", DateTime(timezone=True), primary_key=True),
    Column("lead_id", Uuid, nullable=False, index=True),
    Column("until", DateTime(timezone=True), nullable=False),
)

lead_event = Table(
    "lead_event",
    metadata,
    Column("lead_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True, comment="UUIDv7: in order of time within a lead"),
    Column(
        "kind",
        Text,
        nullable=False,
        comment="created, grew, shrank, merged, split, decided, outcome",
    ),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("reports", ARRAY(Uuid), nullable=False),
    Column("other_leads", ARRAY(Uuid), nullable=False),
    Column("causes", ARRAY(Text), nullable=False),
)
