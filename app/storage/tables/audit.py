"""The access log: who collected, altered, read, was told, combined or erased what, when and why
(Directive (EU) 2016/680, Article 25), in hash chains that `app.crypto.audit_chain` describes.

Triggers refuse every change of what is written, whoever asks.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.storage.tables.base import metadata

audit_head = Table(
    "audit_head",
    metadata,
    Column("chain", SmallInteger, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False, comment="of the last entry; 0 without any"),
    Column("hash", LargeBinary, nullable=False, comment="of the last entry"),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("chain", SmallInteger, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Uuid, nullable=False, comment="UUIDv7"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False, comment="client, cli, system"),
    Column("organisation_id", Uuid, comment="who acted, or for whom the command line did"),
    Column("client_id", Text, comment="for a person its opaque id"),
    Column("action", Text, nullable=False),
    Column("purpose", Text),
    Column("object_kind", Text, nullable=False),
    Column("objects", ARRAY(Uuid), nullable=False),
    Column("subject", Text, comment="client or person that an act of administration is on"),
    Column("key_version", SmallInteger, nullable=False),
    Column(
        "hash", LargeBinary, nullable=False, comment="keyed, over the one before and this entry"
    ),
    Index("ix_audit_entry_at_id", "at", "id"),
    Index("ix_audit_entry_action_at_id", "action", "at", "id"),
    Index(
        "ix_audit_entry_organisation_id_at_id",
        "organisation_id",
        "at",
        "id",
        postgresql_where=text("organisation_id IS NOT NULL"),
    ),
    Index("ix_audit_entry_objects", "objects", postgresql_using="gin"),
)
