"""Signing: ES256 key pairs, their public form, and the signing of access tokens.

Tokens are made here with `cryptography` alone. Reading them is the business of
`app.gateways.tokens`; how keys are kept and rotated that of storage and services.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

_COORDINATE = 32
"""Bytes of a coordinate, and of r and s, on P-256 (RFC 7518, sections 3.4 and 6.2.1.2)."""


class UnreadableKeyError(ValueError):
    """The bytes are not a private key on P-256."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key on P-256 with the name under which its public half is published."""

    kid: str
    private: ec.EllipticCurvePrivateKey


def generate_key() -> SigningKey:
    """A new random key."""
    return _named(ec.generate_private_key(ec.SECP256R1()))


def key_to_bytes(key: SigningKey) -> bytes:
    """The private key as PKCS #8 in DER: a secret, to be sealed before it is stored."""
    return key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def key_from_bytes(stored: bytes) -> SigningKey:
    """The key that `key_to_bytes` wrote. Raises UnreadableKeyError."""
    try:
        private = load_der_private_key(stored, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnreadableKeyError from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(
        private.curve, ec.SECP256R1
    ):
        raise UnreadableKeyError
    return _named(private)


def public_jwk(key: SigningKey) -> dict[str, str]:
    """The public half as a JSON Web Key for a JWKS (RFC 7517; RFC 7518, section 6.2.1)."""
    return _coordinates(key.private) | {"use": "sig", "alg": "ES256", "kid": key.kid}


def sign_jwt(claims: Mapping[str, object], key: SigningKey) -> str:
    """An access token (RFC 9068, header `typ` at+jwt) over `claims`, in the compact form.

    ES256: ECDSA on P-256 with SHA-256, r and s side by side (RFC 7515, section 7.1; RFC 7518,
    section 3.4). Raises ValueError for claims that JSON cannot say.
    """
    header = {"alg": "ES256", "kid": key.kid, "typ": "at+jwt"}
    signed = _segment(_json(header)) + b"." + _segment(_json(claims))
    r, s = decode_dss_signature(key.private.sign(signed, ec.ECDSA(SHA256())))
    signature = r.to_bytes(_COORDINATE) + s.to_bytes(_COORDINATE)
    return (signed + b"." + _segment(signature)).decode()


def _named(private: ec.EllipticCurvePrivateKey) -> SigningKey:
    """The key under its thumbprint: SHA-256 over the required members in order (RFC 7638)."""
    thumbprint = sha256(_json(_coordinates(private))).digest()
    return SigningKey(_segment(thumbprint).decode(), private)


def _coordinates(private: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    numbers = private.public_key().public_numbers()
    return {
        "crv": "P-256",
        "kty": "EC",
        "x": _segment(numbers.x.to_bytes(_COORDINATE)).decode(),
        "y": _segment(numbers.y.to_bytes(_COORDINATE)).decode(),
    }


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def _segment(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")
