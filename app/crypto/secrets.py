"""Client secrets: how they are made, what is stored of them, and how one is checked.

A secret is 256 random bits, so a fast keyed hash is enough: there is nothing to guess that a
slow one would protect. The key (the pepper) is derived from the root key, which the database
does not hold.
"""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.crypto.keyring import Keyring

_CLIENT_PREFIX = "tsc_"
_SECRET_PREFIX = "tss_"  # noqa: S105 - tells scanners of leaked secrets whose it is
_SECRET_BYTES = 32
_CLIENT_BYTES = 12
_ABSENT = bytes(32)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """The name and the secret of a client, together only where they are shown or presented."""

    client_id: str
    client_secret: str = field(repr=False)


def new_client_id() -> str:
    """A new public name of a client: `tsc_` and 96 random bits in hexadecimal."""
    return _CLIENT_PREFIX + secrets.token_hex(_CLIENT_BYTES)


def new_client_secret() -> str:
    """A new secret: `tss_` and 256 random bits in base64url. Shown once, never stored."""
    return _SECRET_PREFIX + secrets.token_urlsafe(_SECRET_BYTES)


def hash_secret(keyring: Keyring, secret: str) -> bytes:
    """What is stored of a secret: HMAC-SHA-256 under the pepper (32 bytes)."""
    return hmac.digest(keyring.pepper, secret.encode(), "sha256")


def is_secret(keyring: Keyring, secret: str, hashes: Iterable[bytes]) -> bool:
    """Whether `secret` is one of those whose hashes are given.

    Takes the same time whichever matches, and no less where there is none to compare with.
    """
    presented = hash_secret(keyring, secret)
    matches = [hmac.compare_digest(presented, stored) for stored in (*hashes, _ABSENT)]
    return any(matches)
