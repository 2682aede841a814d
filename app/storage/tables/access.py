"""Organisations, their clients, secrets and public keys, persons that are shut out, the keys that
sign access tokens, and the mark by which a wrong root key is noticed.
"""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.storage.tables.base import metadata

organisation = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("ref", Text, unique=True, comment="the name that scenario files and imports use"),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("agency", Boolean, nullable=False, comment="reads leads"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

client = Table(
    "client",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False, index=True),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("no_identity", Boolean, nullable=False, comment="may send no personal value"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("disabled_at", DateTime(timezone=True)),
    Column(
        "generation",
        Integer,
        nullable=False,
        server_default=text("1"),
        comment="tokens of an earlier one are refused",
    ),
    Column("cut_at", DateTime(timezone=True), comment="when the generation last went up"),
    Index("ix_client_cut_at", "cut_at", postgresql_where=text("cut_at IS NOT NULL")),
)

client_secret = Table(
    "client_secret",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("client_id", Text, ForeignKey("client.client_id"), nullable=False, index=True),
    Column("secret_hash", LargeBinary, nullable=False, comment="HMAC-SHA-256 under the pepper"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True)),
)

client_key = Table(
    "client_key",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("client_id", Text, ForeignKey("client.client_id"), nullable=False, index=True),
    Column("public_jwk", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True)),
)

used_assertion = Table(
    "used_assertion",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("jti_hash", LargeBinary, primary_key=True, comment="SHA-256"),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)

blocked_person = Table(
    "blocked_person",
    metadata,
    Column("person_id", Text, primary_key=True, comment="opaque; see app.crypto.persons"),
    Column("blocked_at", DateTime(timezone=True), nullable=False),
)

signing_key = Table(
    "signing_key",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("record_id", Uuid, nullable=False, comment="identity under which it is sealed"),
    Column("public_jwk", JSONB, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("signs_from", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, comment="leaves the JWKS"),
)

key_check = Table(
    "key_check",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sealed", LargeBinary, nullable=False, comment="opens with the root key alone"),
)
