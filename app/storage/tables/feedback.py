"""Outcomes of leads and the feedback that each reporting organisation gets of them.

The feed of an organisation is numbered by a row of its own that is locked until commit. So
positions become visible in their order: a reader that has seen 7 never finds a 6 later.
"""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, LargeBinary, Table, Text, Uuid

from app.storage.tables.base import metadata

outcome = Table(
    "outcome",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("lead_id", Uuid, nullable=False, index=True),
    Column("status", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False, comment="message and internal note"),
    Column("organisation_id", Uuid, nullable=False, comment="of the analyst"),
    Column("client_id", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

feed = Table(
    "feed",
    metadata,
    Column("organisation_id", Uuid, primary_key=True),
    Column("last_position", BigInteger, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("organisation_id", Uuid, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("outcome_id", Uuid, nullable=False),
    Column("external_ref", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("with_message", Boolean, nullable=False, comment="the outcome's message may be read"),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_feedback_report_id_outcome_id", "report_id", "outcome_id", unique=True),
    # By which row-level security asks whether an organisation was told of an outcome.
    Index("ix_feedback_outcome_id_organisation_id", "outcome_id", "organisation_id"),
)
