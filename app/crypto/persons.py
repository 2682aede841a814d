"""The names under which people from outside issuers are known here: opaque, and always the same."""

import hmac

from app.crypto.keyring import Keyring

_PREFIX = "person_"
_LENGTH = 32


def person_id(keyring: Keyring, issuer: str, subject: str) -> str:
    """The name for the person that an issuer calls `subject`: `person_` and 128 bits in hex.

    HMAC-SHA-256 over both, so that whoever holds a list of e-mail addresses cannot tell from the
    database who is who.
    """
    said = b"".join(len(part).to_bytes(4) + part for part in (issuer.encode(), subject.encode()))
    return _PREFIX + hmac.digest(keyring.person, said, "sha256").hex()[:_LENGTH]
