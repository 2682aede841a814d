"""Blind indexes: equality of values without the values.

A value becomes a token, HMAC-SHA-256(network key, kind ":" value), which a partner under
professional secrecy can make itself; a token becomes the stored index,
HMAC-SHA-256(index key of the kind, token). So a token links exactly as its value does, and
neither the network key alone nor the database alone lets anybody test a guess.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b

from app.crypto.keyring import Keyring
from app.domain.attributes import AttributeKind
from app.domain.linkage.blocking import BlockKey, BlockKind

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}=?")


class MalformedTokenError(ValueError):
    """A token is not the base64url form of 32 bytes."""


def token_of(keyring: Keyring, kind: AttributeKind, value: str) -> str:
    """The token of a normalised value, base64url without padding (43 characters)."""
    digest = keyring.token_code(f"{kind.value}:{value}".encode())
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def index_of_value(keyring: Keyring, kind: AttributeKind, value: str) -> bytes:
    """The stored index (32 bytes) of a normalised value."""
    token = keyring.token_code(f"{kind.value}:{value}".encode())
    return keyring.index_code(kind, token)


def index_of_token(keyring: Keyring, kind: AttributeKind, token: str) -> bytes:
    """The stored index (32 bytes) of a token. Raises MalformedTokenError."""
    if _TOKEN.fullmatch(token) is None:
        raise MalformedTokenError
    digest = urlsafe_b64decode(token.rstrip("=") + "=")
    return keyring.index_code(kind, digest)


_KINDS = tuple(BlockKind)
_KIND_BITS = 3


def index_of_key(keyring: Keyring, key: BlockKey) -> int:
    """The stored form of a block key: 61 keyed bits (BLAKE2b, RFC 7693) and three that say the
    kind, as a signed 64-bit number. Short, for it need not be unique: two keys that collide
    have a few more reports compared.
    """
    code = blake2b(f"{key.kind.value}:{key.text}".encode(), key=keyring.block, digest_size=8)
    number = int.from_bytes(code.digest(), signed=True)
    return (number >> _KIND_BITS << _KIND_BITS) | _KINDS.index(key.kind)


def kind_of_key(index: int) -> BlockKind:
    """The kind of a stored block key."""
    return _KINDS[index & ((1 << _KIND_BITS) - 1)]


def code_of_circumstances(keyring: Keyring, circumstances: str) -> int:
    """The stored form of circumstances: 32 keyed bits as a signed number; they are counted only."""
    code = blake2b(circumstances.encode(), key=keyring.block, digest_size=4, person=b"where")
    return int.from_bytes(code.digest(), signed=True)
