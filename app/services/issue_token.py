"""Issue an access token to a client (OAuth 2.0 client credentials, RFC 6749, section 4.4)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.crypto.keyring import Keyring
from app.crypto.secrets import ClientCredentials, is_secret
from app.crypto.signing import SigningKey, sign_jwt
from app.domain.access import Principal, Scope, allowed_scopes
from app.domain.token_claims import claims_of
from app.gateways.tokens import OWN_AUDIENCE
from app.storage.repositories import access
from app.storage.repositories.access import KnownClient
from app.storage.session import ReadConnection


class TokenRefusedError(Exception):
    """No token is issued; `error` is the code of RFC 6749, section 5.2."""

    def __init__(self, error: Literal["invalid_client", "invalid_scope"]) -> None:
        super().__init__(error)
        self.error = error


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


async def issue_token(
    connection: ReadConnection,
    credentials: ClientCredentials,
    scope: str | None,
    *,
    terms: TokenTerms,
    keyring: Keyring,
    now: datetime,
) -> IssuedToken:
    """A token with the scopes asked for, or all of the client's where none are named.

    Raises TokenRefusedError: `invalid_client` for an unknown client and for a wrong secret alike,
    after the same work; `invalid_scope` for a scope that does not exist or is not the client's.
    """
    known = await access.find_known_client(connection, credentials.client_id, now=now)
    hashes = known.secret_hashes if known else ()
    if not is_secret(keyring, credentials.client_secret, hashes) or known is None:
        raise TokenRefusedError("invalid_client")
    principal = _principal(known, scope)
    issued_at = int(now.timestamp())
    claims = claims_of(principal) | {
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
