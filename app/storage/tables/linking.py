"""What linking works on: who carries which value, what was found between two reports, what
analysts judged, which values link nobody, and the queue.

A value is known by its blind index alone. Carriers are stored as a star through the value, one
row a carrier; a row a pair exists only where two reports were found to be alike.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

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
    Column("rank", Integer, nullable=False, comment="of the report: an order by content"),
    Column("circumstances", Integer, nullable=False, comment="place and half-year, keyed"),
    Index(
        "ix_report_attribute_value_index_rank_report_id",
        "value_index",
        "rank",
        "report_id",
        postgresql_include=["links", "role", "qualifier", "circumstances"],
    ),
)

report_block = Table(
    "report_block",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("key", BigInteger, primary_key=True, comment="keyed; the last three bits say the kind"),
    Column("rank", Integer, nullable=False, comment="of the report: an order by content"),
    Column("circumstances", Integer, nullable=False, comment="place and half-year, keyed"),
    Column("alone", Boolean, nullable=False, comment="the word is all that is known of a name"),
    Index(
        "ix_report_block_key_rank_report_id",
        "key",
        "rank",
        "report_id",
        postgresql_include=["circumstances", "alone"],
    ),
)

link = Table(
    "link",
    metadata,
    Column("report_lo", Uuid, primary_key=True, comment="the smaller of the two ids"),
    Column("report_hi", Uuid, primary_key=True),
    Column("weight", Double, nullable=False, comment="bits; the sum of the parts"),
    Column("strong", Boolean, nullable=False, comment="may link by itself"),
    Column("things", Boolean, nullable=False, comment="rests on an address or a firm alone"),
    Column("parts", JSONB, nullable=False, comment="what speaks for and against, in bits"),
    Column("model_version", Text, nullable=False),
    Column(
        "apart",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="its ends are in two leads, both with a core",
    ),
    Index("ix_link_report_hi", "report_hi"),
    Index("ix_link_weight", "weight", postgresql_where=text("apart")),
)

judgement = Table(
    "judgement",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False, comment="join, separate; the latest of a pair counts"),
    Column("report_lo", Uuid, nullable=False, comment="the smaller of the two ids"),
    Column("report_hi", Uuid, nullable=False),
    Column("lead_id", Uuid, nullable=False, comment="where it was made"),
    Column("sealed", LargeBinary, nullable=False, comment="the reason"),
    Column("organisation_id", Uuid, nullable=False, comment="of the analyst"),
    Column("client_id", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_judgement_report_lo_report_hi", "report_lo", "report_hi"),
    Index("ix_judgement_report_hi", "report_hi"),
)

shared_value = Table(
    "shared_value",
    metadata,
    Column("value_index", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False, comment="spread, stoplist"),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("model_version", Text),
    Column("note", Text, comment="why it is on the stop-list"),
)

link_queue = Table(
    "link_queue",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("report_id", Uuid, comment="a report to place; null if only values are concerned"),
    Column("touched", ARRAY(LargeBinary), comment="values to judge anew: removed or stop-listed"),
    Column("touched_keys", ARRAY(BigInteger), comment="block keys to judge anew: removed"),
    Column(
        "cause", Text, nullable=False, comment="submitted, amended, withdrawn, stoplist, judged"
    ),
    Column("enqueued_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index(
        "ix_link_queue_report_id_amended",
        "report_id",
        postgresql_where=text("cause = 'amended'"),
    ),
)
