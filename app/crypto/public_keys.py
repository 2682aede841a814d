"""Public keys as people hand them in: a PEM or a JSON Web Key becomes the JWK that is stored."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

LEAST_RSA_BITS = 2048
_COORDINATE = 32
_LONGEST_KID = 200


class UnreadablePublicKeyError(ValueError):
    """Not a public key that is taken here; the message says what is, and nothing of the input."""


def read_public_jwk(given: bytes) -> dict[str, str]:
    """The public JWK (RFC 7517) of a key on P-256 or an RSA key of at least 2048 bits.

    given: PEM (SubjectPublicKeyInfo) or a JWK. `kid` is that of the JWK, else the thumbprint
    (RFC 7638). Raises UnreadablePublicKeyError, also for a private key, which has no business here.
    """
    try:
        kid, key = _from_pem(given) if given.lstrip().startswith(b"-----") else _from_jwk(given)
    except UnreadablePublicKeyError:
        raise
    except (ValueError, TypeError, KeyError, RecursionError, UnsupportedAlgorithm) as error:
        raise UnreadablePublicKeyError("a public key in PEM or as a JWK is expected") from error
    members, algorithm = _members(key)
    thumbprint = sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode())
    return members | {"kid": kid or _text(thumbprint.digest()), "alg": algorithm, "use": "sig"}


def _from_pem(given: bytes) -> tuple[None, object]:
    return None, load_pem_public_key(given)


def _from_jwk(given: bytes) -> tuple[str | None, object]:
    jwk = json.loads(given)
    if not isinstance(jwk, dict):
        raise TypeError
    if "d" in jwk or "k" in jwk:
        raise UnreadablePublicKeyError("this is a private key: keep it, and hand in the public one")
    kid = jwk.get("kid")
    if kid is not None and not (isinstance(kid, str) and 0 < len(kid) <= _LONGEST_KID):
        raise UnreadablePublicKeyError(f"kid is a text of at most {_LONGEST_KID} characters")
    if jwk["kty"] == "EC" and jwk["crv"] == "P-256":
        point = ec.EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), ec.SECP256R1())
        return kid, point.public_key()
    if jwk["kty"] == "RSA":
        return kid, rsa.RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"])).public_key()
    raise ValueError


def _members(key: object) -> tuple[dict[str, str], str]:
    """The required members and the algorithm."""
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        numbers = key.public_numbers()
        x, y = (_text(each.to_bytes(_COORDINATE)) for each in (numbers.x, numbers.y))
        return {"crv": "P-256", "kty": "EC", "x": x, "y": y}, "ES256"
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA_BITS:
        parts = key.public_numbers()
        n, e = (_text(each.to_bytes((each.bit_length() + 7) // 8)) for each in (parts.n, parts.e))
        return {"e": e, "kty": "RSA", "n": n}, "RS256"
    raise UnreadablePublicKeyError(
        f"a key on P-256 (ES256) or an RSA key of at least {LEAST_RSA_BITS} bits is expected"
    )


def _number(text: str) -> int:
    return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
