"""What linking works on: who carries which value, which values are shared by too many, the queue.

A value is known by its blind index alone. Storage is a star through the value, one row a
carrier, never a row a pair.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.storage.tables.base import metadata

report_attribute = Table(
    "report_attribute",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("value_index", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("links", Boolean, nullable=False, comment="role, consent and value allow linking"),
    Column("key_version", SmallInteger, nullable=False),
    Column("qualifier", Text, comment="issuing country of a plate or document, where said"),
    Index(
        "ix_report_attribute_value_index_report_id",
        "value_index",
        "report_id",
        postgresql_include=["links", "qualifier"],
    ),
)

shared_value = Table(
    "shared_value",
    metadata,
    Column("value_index", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False, comment="frequency, stoplist"),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("model_version", Text),
)

link_queue = Table(
    "link_queue",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("report_id", Uuid, comment="a report to place; null if only values are concerned"),
    Column("touched", ARRAY(LargeBinary), comment="values to judge anew: removed or stop-listed"),
    Column("cause", Text, nullable=False, comment="submitted, amended, withdrawn, stoplist"),
    Column("enqueued_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
