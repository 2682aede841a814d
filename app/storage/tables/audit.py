"""Who read or changed what, when and why (Directive (EU) 2016/680, Article 25)."""

from sqlalchemy import Column, DateTime, Index, Table, Text, Uuid

from app.storage.tables.base import metadata

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", Uuid, primary_key=True, comment="UUIDv7"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("organisation_id", Uuid, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("purpose", Text),
    Column("object_kind", Text, nullable=False),
    Column("object_id", Uuid, nullable=False),
    Index("ix_audit_entry_object_id_id", "object_id", "id"),
)
