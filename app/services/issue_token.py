"""Issue an access token to a client (OAuth 2.0 client credentials, RFC 6749, section 4.4)."""

from dataclasses import dataclass, field
from datetime import datetime

from app.crypto.signing import SigningKey, sign_jwt
from app.domain.access import Principal, Scope, TokenRefusedError, allowed_scopes
from app.domain.token_claims import claims_of
from app.gateways.tokens import OWN_AUDIENCE
from app.storage.repositories.access import KnownClient


@dataclass(frozen=True, slots=True)
class TokenTerms:
    """Under which name, with which key and for how long a token is signed; its unique id."""

    issuer: str
    key: SigningKey
    lifetime_seconds: int
    token_id: str


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token and what the client must know of it; `scope` separated by spaces."""

    access_token: str = field(repr=False)
    expires_in: int
    scope: str


def issue_token(
    known: KnownClient, scope: str | None, *, terms: TokenTerms, now: datetime
) -> IssuedToken:
    """A token for an authenticated client, with the scopes asked for, or all that were registered
    for it where none are named.

    Raises TokenRefusedError for a scope that does not exist or is not the client's.
    """
    principal = _principal(known, scope)
    issued_at = int(now.timestamp())
    claims = claims_of(principal, known.generation) | {
        "iss": terms.issuer,
        "aud": OWN_AUDIENCE,
        "iat": issued_at,
        "exp": issued_at + terms.lifetime_seconds,
        "jti": terms.token_id,
    }
    granted = str(claims["scope"])
    return IssuedToken(sign_jwt(claims, terms.key), terms.lifetime_seconds, granted)


def _principal(known: KnownClient, scope: str | None) -> Principal:
    organisation = known.organisation
    # Once more, for an organisation may have become another since the client was registered.
    allowed = allowed_scopes(organisation.kind, agency=organisation.agency)
    held = allowed.intersection(known.record.scopes)
    scopes = held if scope is None else _subset(scope, held)
    if not scopes:
        raise TokenRefusedError("invalid_scope")
    return Principal(
        client_id=known.record.client_id,
        organisation_id=organisation.id,
        kind=organisation.kind,
        country=organisation.country,
        agency=organisation.agency,
        scopes=scopes,
        no_identity=known.record.no_identity,
    )


def _subset(scope: str, held: frozenset[Scope]) -> frozenset[Scope]:
    """The scopes named, in the form of RFC 6749, section 3.3."""
    wanted = frozenset(scope.split(" "))
    granted = frozenset(each for each in held if each.value in wanted)
    if len(granted) < len(wanted):
        raise TokenRefusedError("invalid_scope")
    return granted
