"""Blind indexes: equality of values without the values.

A value becomes a token, HMAC-SHA-256(network key, kind ":" value), which a partner under
professional secrecy can make itself; a token becomes the stored index,
HMAC-SHA-256(index key of the kind, token). So a token links exactly as its value does, and
neither the network key alone nor the database alone lets anybody test a guess.

What a closed circle alone may know of is indexed apart: behind the index of the value stands the
code of the circle, and block keys are salted with it. So it meets nothing but reports of exactly
the same circle, whatever looks for equal indexes.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from hashlib import blake2b

from app.crypto.keyring import Keyring
from app.domain.attributes import AttributeKind
from app.domain.linkage.blocking import BlockKey, BlockKind

_INDEX_BYTES = 32
_CIRCLE_BYTES = 16
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}=?")


class MalformedTokenError(ValueError):
    """A token is not the base64url form of 32 bytes."""


def token_of(keyring: Keyring, kind: AttributeKind, value: str) -> str:
    """The token of a normalised value, base64url without padding (43 characters)."""
    digest = keyring.token_code(f"{kind.value}:{value}".encode())
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def code_of_circle(keyring: Keyring, circle: Iterable[str] | None) -> bytes:
    """What sets the indexes of a circle apart: 16 keyed bytes; none for everybody."""
    if circle is None:
        return b""
    named = ",".join(circle).encode()
    return blake2b(named, key=keyring.block, digest_size=_CIRCLE_BYTES, person=b"circle").digest()


def index_of_value(keyring: Keyring, kind: AttributeKind, value: str, circle: bytes = b"") -> bytes:
    """The stored index of a normalised value, 32 bytes; in a circle, by its code, 48."""
    token = keyring.token_code(f"{kind.value}:{value}".encode())
    return keyring.index_code(kind, token) + circle


def index_of_token(keyring: Keyring, kind: AttributeKind, token: str, circle: bytes = b"") -> bytes:
    """The stored index of a token, as of its value. Raises MalformedTokenError."""
    if _TOKEN.fullmatch(token) is None:
        raise MalformedTokenError
    digest = urlsafe_b64decode(token.rstrip("=") + "=")
    return keyring.index_code(kind, digest) + circle


def open_index(index: bytes) -> bytes:
    """The index that the same value has outside every circle."""
    return index[:_INDEX_BYTES]


_KINDS = tuple(BlockKind)
_KIND_BITS = 3


def index_of_key(keyring: Keyring, key: BlockKey, circle: bytes = b"") -> int:
    """The stored form of a block key in a circle, by its code: 61 keyed bits (BLAKE2b, RFC 7693)
    and three that say the kind, as a signed 64-bit number. Short, for it need not be unique: two
    keys that collide have a few more reports looked at.
    """
    text = f"{key.kind.value}:{key.text}".encode()
    code = blake2b(text, key=keyring.block, digest_size=8, salt=circle)
    number = int.from_bytes(code.digest(), signed=True)
    return (number >> _KIND_BITS << _KIND_BITS) | _KINDS.index(key.kind)


def kind_of_key(index: int) -> BlockKind:
    """The kind of a stored block key."""
    return _KINDS[index & ((1 << _KIND_BITS) - 1)]


def code_of_circumstances(keyring: Keyring, circumstances: str) -> int:
    """The stored form of circumstances: 32 keyed bits as a signed number; they are counted only."""
    code = blake2b(circumstances.encode(), key=keyring.block, digest_size=4, person=b"where")
    return int.from_bytes(code.digest(), signed=True)
