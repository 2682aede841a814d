"""The fence around python-jose: a signed token becomes verified claims, or is rejected.

The only module that imports jose, and of it only `jose.jwt`, for verification only; tokens are
signed in `app.crypto.signing`. What a claim means to us is not decided here.

jose 3.5.0 is lenient by default (no algorithm list, missing claims, unknown `crit` and DER keys
as HMAC secrets all pass), so that every rule is stated: the algorithms of each issuer and never
an HMAC, keys chosen by us and handed over as bare public JWKs, all claims required (RFC 8725).
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from jose import jwt
from jose.exceptions import ExpiredSignatureError, JOSEError

Jwk: TypeAlias = Mapping[str, str]
Algorithm: TypeAlias = Literal["ES256", "RS256"]

LONGEST_TOKEN = 8192
"""Characters: room for a token with many claims, none for a flood."""

LEEWAY_SECONDS = 30
"""How far the clocks of issuer and verifier may be apart."""

OWN_AUDIENCE = "tessera"
LONGEST_OWN_LIFETIME_SECONDS = 3600
LONGEST_ASSERTION_LIFETIME_SECONDS = 300

_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_KEY_MEMBERS = {"ES256": ("kty", "crv", "x", "y"), "RS256": ("kty", "n", "e")}
_KEY_KIND = {"ES256": ("EC", "P-256"), "RS256": ("RSA", None)}
_LEAST_RSA_LENGTH = 342
"""Characters of a modulus of 2048 bits in base64url (RFC 7518, section 3.3)."""
_STRICT = {f"require_{claim}": True for claim in ("exp", "iat", "aud", "iss", "sub")}

Reason: TypeAlias = Literal[
    "malformed", "header", "unknown_issuer", "unknown_key", "invalid", "expired", "lifetime",
    "unknown_organisation", "cut_off",
]  # fmt: skip


class TokenRejectedError(Exception):
    """A token that does not hold. `reason` is one of a few words, fit for a log and a caller."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What the tokens of one issuer must be.

    audiences: of which a token must name one. algorithms: those that the issuer may sign with.
    token_type: the header `typ`, in lower case; None where the issuer sets none.
    longest_lifetime_seconds bounds `exp` - `iat`. is_kid_required: whether a token must name its
    key even where there is only one.
    """

    issuer: str
    audiences: tuple[str, ...]
    algorithms: tuple[Algorithm, ...]
    token_type: str | None
    longest_lifetime_seconds: int
    leeway_seconds: int = LEEWAY_SECONDS
    is_kid_required: bool = True


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
        audiences=(OWN_AUDIENCE,),
        algorithms=("ES256",),
        token_type="at+jwt",  # noqa: S106 - a media type, no password
        longest_lifetime_seconds=LONGEST_OWN_LIFETIME_SECONDS,
    )


def rules_of_assertions(client_id: str, audiences: tuple[str, ...]) -> TokenRules:
    """The rules for what a client signs to authenticate itself (RFC 7523, section 3)."""
    return TokenRules(
        issuer=client_id,
        audiences=audiences,
        algorithms=("ES256", "RS256"),
        token_type=None,
        longest_lifetime_seconds=LONGEST_ASSERTION_LIFETIME_SECONDS,
        is_kid_required=False,
    )


def issuer_of(token: str) -> str:
    """Who a token says that it is from, unverified: good for choosing the rules and no more.

    Raises TokenRejectedError.
    """
    issuer = _object(_segments(token)[1]).get("iss")
    if not isinstance(issuer, str):
        raise TokenRejectedError("invalid")
    return issuer


def key_id_of(token: str, rules: TokenRules) -> str | None:
    """The `kid` of a token whose header keeps the rules. Raises TokenRejectedError."""
    return _header_of(token, rules)[1]


def verify_access_token(
    token: str, keys: Mapping[str, Jwk], rules: TokenRules, *, now: datetime
) -> Claims:
    """The claims of a token signed by one of `keys` (by `kid`) and valid at `now`.

    `exp` is also held against the clock of this machine, by jose. Raises TokenRejectedError,
    and nothing else, for every other token.
    """
    algorithm, kid = _header_of(token, rules)
    named = next(iter(keys)) if kid is None and len(keys) == 1 else kid
    key = keys.get(named) if named is not None else None
    if key is None or not fits(key, algorithm):
        raise TokenRejectedError("unknown_key")
    try:
        audience = _audience_of(_object(token.split(".")[1]), rules)
        values = jwt.decode(
            token,
            {name: key[name] for name in _KEY_MEMBERS[algorithm]},
            algorithms=[algorithm],
            audience=audience,
            issuer=rules.issuer,
            options=_STRICT | {"leeway": rules.leeway_seconds},
        )
        return _within_lifetime(values, rules, now)
    except ExpiredSignatureError as error:
        raise TokenRejectedError("expired") from error
    except TokenRejectedError as error:
        # Claims that are no JSON object are as invalid as any others once a header was good.
        raise TokenRejectedError(
            "invalid" if error.reason == "malformed" else error.reason
        ) from error
    # A signed claim can be anything: 1e400 overflows, a list has no int(), a nest is too deep.
    except (JOSEError, ValueError, TypeError, OverflowError, LookupError, RecursionError) as error:
        raise TokenRejectedError("invalid") from error


def fits(key: Mapping[str, object], algorithm: str) -> bool:
    """Whether a JWK is a public key that verifies this algorithm, long enough to be trusted."""
    kind, curve = _KEY_KIND[algorithm]
    return (
        key.get("kty") == kind
        and key.get("crv") == curve
        and all(isinstance(key.get(name), str) for name in _KEY_MEMBERS[algorithm])
        and (algorithm != "RS256" or len(str(key["n"])) >= _LEAST_RSA_LENGTH)
    )


def _segments(token: str) -> list[str]:
    if len(token) > LONGEST_TOKEN or _SHAPE.fullmatch(token) is None:
        raise TokenRejectedError("malformed")
    segments = token.split(".")
    if any(_encoded(_decoded(each)) != each for each in segments):
        raise TokenRejectedError("malformed")  # bits beyond the last byte: not the only spelling
    return segments


def _decoded(segment: str) -> bytes:
    try:
        return urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError as error:
        raise TokenRejectedError("malformed") from error


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _object(segment: str) -> dict[str, Any]:
    """The JSON object of a segment. One that names a member twice is read differently by different
    readers, and so by none here (RFC 7519, section 4).
    """
    try:
        value = json.loads(_decoded(segment), object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise TokenRejectedError("malformed") from error
    if not isinstance(value, dict):
        raise TokenRejectedError("malformed")
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError
    return members


def _header_of(token: str, rules: TokenRules) -> tuple[Algorithm, str | None]:
    """Algorithm and `kid` of a header that keeps the rules."""
    header = _object(_segments(token)[0])
    algorithm, kid = header.get("alg"), header.get("kid")
    named = next((each for each in rules.algorithms if each == algorithm), None)
    if named is None or "crit" in header:
        raise TokenRejectedError("header")
    if not isinstance(kid, str) and (rules.is_kid_required or "kid" in header):
        raise TokenRejectedError("header")
    if rules.token_type is not None and not _is_type(header.get("typ"), rules.token_type):
        raise TokenRejectedError("header")
    return named, kid


def _audience_of(values: Mapping[str, object], rules: TokenRules) -> str:
    """The audience of ours that unverified claims name; one of ours where they name none, for
    jose to refuse.
    """
    named = values.get("aud")
    given = named if isinstance(named, list) else [named]
    return next((each for each in rules.audiences if each in given), rules.audiences[0])


def _is_type(value: object, token_type: str) -> bool:
    """Media types compare without case and may leave out "application/" (RFC 7515, 4.1.9)."""
    return isinstance(value, str) and value.lower().removeprefix("application/") == token_type


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
