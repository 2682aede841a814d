"""Reports, the references by which their senders know them, and earlier versions.

What is personal stands in `sealed` only. The plain columns are what lists, filters and
aggregates need, and name nobody.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.storage.tables.base import metadata

report = Table(
    "report",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("external_ref", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("observed_from", Date, nullable=False),
    Column("observed_to", Date),
    Column("language", Text),
    Column("forms", ARRAY(Text), nullable=False),
    Column("indicators", ARRAY(Text), nullable=False),
    Column("country", Text),
    Column("nuts", Text),
    Column("age", Text, nullable=False, comment="adult, child, mixed, unknown"),
    Column("at_risk", Boolean, nullable=False, comment="somebody is said to be in danger"),
    Column("credibility", SmallInteger, comment="of the information, 1 to 4"),
    Column("handling_code", Text, nullable=False),
    Column("tlp", Text, nullable=False),
    Column("share_with", ARRAY(Text), nullable=False),
    Column("police", Boolean, nullable=False, comment="consent or another basis covers police"),
    Column("circle", ARRAY(Text), comment="agencies that may know of it; null: all"),
    Column("readers", ARRAY(Text), comment="agencies that may read it; null: all"),
    Column("catalogue_version", Text, nullable=False),
    Column("sealed", LargeBinary, comment="content and normalised values; null once withdrawn"),
    Column("traits", LargeBinary, comment="sealed: what is compared; null once withdrawn"),
    Column("rank", Integer, nullable=False, comment="an order by content"),
    Index("ix_report_organisation_id_id", "organisation_id", "id"),
)

report_reference = Table(
    "report_reference",
    metadata,
    Column("organisation_id", Uuid, primary_key=True),
    Column("external_ref", Text, primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("content_mac", LargeBinary, nullable=False, comment="keyed; recognises a repetition"),
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("organisation_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("content_mac", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

report_version = Table(
    "report_version",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("replaced_at", DateTime(timezone=True), nullable=False),
)
