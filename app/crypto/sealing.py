"""Sealing: authenticated encryption of what is personal, before it reaches the database.

Envelope encryption: each record has its own random data key (AES-256-GCM, NIST SP 800-38D),
wrapped under the versioned sealing key. The record's identity is associated data of both, so
that a sealed value moved to another record does not open.

Layout: key version (2 bytes, big endian), nonce (12) and wrapped data key (32 + 16),
nonce (12) and ciphertext (n + 16).
"""

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.crypto.keyring import KEY_VERSION, Keyring

_NONCE = 12
_WRAPPED = 48
_BODY = 2 + _NONCE + _WRAPPED


class UnsealError(Exception):
    """A sealed value does not open: another key, another record, or it was changed."""


class Sealer:
    """Seals and opens with one keyring."""

    def __init__(self, keyring: Keyring) -> None:
        self._wrapping = AESGCM(keyring.sealing)

    def seal(self, plain: bytes, *, table: str, record: UUID) -> bytes:
        """Seal `plain` for one record of one table."""
        identity = _identity(table, record)
        chance = os.urandom(32 + 2 * _NONCE)
        data_key, wrap_nonce, nonce = chance[:32], chance[32:-_NONCE], chance[-_NONCE:]
        return b"".join(
            (
                KEY_VERSION.to_bytes(2),
                wrap_nonce,
                self._wrapping.encrypt(wrap_nonce, data_key, identity),
                nonce,
                AESGCM(data_key).encrypt(nonce, plain, identity),
            )
        )

    def unseal(self, sealed: bytes, *, table: str, record: UUID) -> bytes:
        """Open what `seal` made for this very record. Raises UnsealError."""
        identity = _identity(table, record)
        if int.from_bytes(sealed[:2]) != KEY_VERSION:
            raise UnsealError
        try:
            data_key = self._wrapping.decrypt(
                sealed[2 : 2 + _NONCE], sealed[2 + _NONCE : _BODY], identity
            )
            body = sealed[_BODY:]
            return AESGCM(data_key).decrypt(body[:_NONCE], body[_NONCE:], identity)
        except (InvalidTag, ValueError) as error:
            raise UnsealError from error


def _identity(table: str, record: UUID) -> bytes:
    return table.encode() + record.bytes
