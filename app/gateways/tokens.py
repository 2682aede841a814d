"""The fence around python-jose: an access token becomes verified claims, or is rejected.

The only module that imports jose, and of it only `jose.jwt`, for verification only; tokens are
signed in `app.crypto.signing`. What a claim means to us is not decided here.

jose 3.5.0 is lenient by default (no algorithm list, missing claims, unknown `crit` and DER keys
as HMAC secrets all pass), so that every rule is stated: one algorithm an issuer and never an
HMAC, keys chosen by us and handed over as bare public JWKs, all claims required (RFC 8725).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from jose import jwt
from jose.exceptions import ExpiredSignatureError, JOSEError

Jwk: TypeAlias = Mapping[str, str]

LONGEST_TOKEN = 8192
"""Characters: room for a token with many claims, none for a flood."""

LEEWAY_SECONDS = 30
"""How far the clocks of issuer and verifier may be apart."""

OWN_AUDIENCE = "tessera"
LONGEST_OWN_LIFETIME_SECONDS = 3600

_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_KEY_MEMBERS = {"ES256": ("kty", "crv", "x", "y"), "RS256": ("kty", "n", "e")}
_KEY_KIND = {"ES256": ("EC", "P-256"), "RS256": ("RSA", None)}
_STRICT = {f"require_{claim}": True for claim in ("exp", "iat", "aud", "iss", "sub")}

Reason: TypeAlias = Literal["malformed", "header", "unknown_key", "invalid", "expired", "lifetime"]


class TokenRejectedError(Exception):
    """A token that does not hold. `reason` is one of a few words, fit for a log and a caller."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What the tokens of one issuer must be.

    algorithm: ES256 or RS256. token_type: the header `typ`, in lower case; None where the
    issuer sets none. longest_lifetime_seconds bounds `exp` - `iat`.
    """

    issuer: str
    audience: str
    algorithm: Literal["ES256", "RS256"]
    token_type: str | None
    longest_lifetime_seconds: int
    leeway_seconds: int = LEEWAY_SECONDS


@dataclass(frozen=True, slots=True)
class Claims:
    """Verified claims; times in seconds since 1970. `values` holds all of them, unjudged."""

    subject: str
    issued_at: int
    expires_at: int
    values: Mapping[str, object]


def rules_of_own_tokens(issuer: str) -> TokenRules:
    """The rules for tokens that this installation has signed itself (RFC 9068)."""
    return TokenRules(
        issuer=issuer,
        audience=OWN_AUDIENCE,
        algorithm="ES256",
        token_type="at+jwt",  # noqa: S106 - a media type, no password
        longest_lifetime_seconds=LONGEST_OWN_LIFETIME_SECONDS,
    )


def key_id_of(token: str, rules: TokenRules) -> str:
    """The `kid` of a token whose header keeps the rules. Raises TokenRejectedError."""
    if len(token) > LONGEST_TOKEN or _SHAPE.fullmatch(token) is None:
        raise TokenRejectedError("malformed")
    try:
        header = jwt.get_unverified_header(token)
    except JOSEError as error:
        raise TokenRejectedError("malformed") from error
    kid = header.get("kid")
    if header.get("alg") != rules.algorithm or "crit" in header or not isinstance(kid, str):
        raise TokenRejectedError("header")
    if rules.token_type is not None and not _is_type(header.get("typ"), rules.token_type):
        raise TokenRejectedError("header")
    return kid


def verify_access_token(
    token: str, keys: Mapping[str, Jwk], rules: TokenRules, *, now: datetime
) -> Claims:
    """The claims of a token signed by one of `keys` (by `kid`) and valid at `now`.

    `exp` is also held against the clock of this machine, by jose. Raises TokenRejectedError,
    and nothing else, for every other token.
    """
    key = keys.get(key_id_of(token, rules))
    if key is None or not _fits(key, rules.algorithm):
        raise TokenRejectedError("unknown_key")
    try:
        values = jwt.decode(
            token,
            {name: key[name] for name in _KEY_MEMBERS[rules.algorithm]},
            algorithms=[rules.algorithm],
            audience=rules.audience,
            issuer=rules.issuer,
            options=_STRICT | {"leeway": rules.leeway_seconds},
        )
        return _within_lifetime(values, rules, now)
    except ExpiredSignatureError as error:
        raise TokenRejectedError("expired") from error
    # A signed claim can be anything: 1e400 overflows, a list has no int(), a nest is too deep.
    except (JOSEError, ValueError, TypeError, OverflowError, LookupError, RecursionError) as error:
        raise TokenRejectedError("invalid") from error


def _is_type(value: object, token_type: str) -> bool:
    """Media types compare without case and may leave out "application/" (RFC 7515, 4.1.9)."""
    return isinstance(value, str) and value.lower().removeprefix("application/") == token_type


def _fits(key: Jwk, algorithm: str) -> bool:
    kind, curve = _KEY_KIND[algorithm]
    return (
        key.get("kty") == kind
        and key.get("crv") == curve
        and all(isinstance(key.get(name), str) for name in _KEY_MEMBERS[algorithm])
    )


def _within_lifetime(values: Mapping[str, object], rules: TokenRules, now: datetime) -> Claims:
    issued_at, expires_at = _seconds(values["iat"]), _seconds(values["exp"])
    clock = int(now.timestamp())
    if expires_at <= clock - rules.leeway_seconds:
        raise TokenRejectedError("expired")
    if issued_at > clock + rules.leeway_seconds:
        raise TokenRejectedError("lifetime")
    if not 0 < expires_at - issued_at <= rules.longest_lifetime_seconds:
        raise TokenRejectedError("lifetime")
    subject = values["sub"]
    if not isinstance(subject, str) or not subject:
        raise TokenRejectedError("invalid")
    return Claims(subject, issued_at, expires_at, values)


def _seconds(value: object) -> int:
    """A NumericDate (RFC 7519, section 2); a string of digits is none, though jose takes it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return int(value)
