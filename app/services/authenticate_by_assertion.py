"""Authenticate a client by what it has signed (private_key_jwt: RFC 7523, section 2.2; OpenID
Connect Core 1.0, section 9).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from app.domain.access import TokenRefusedError
from app.gateways.tokens import (
    LEEWAY_SECONDS,
    Claims,
    TokenRejectedError,
    issuer_of,
    rules_of_assertions,
    verify_access_token,
)
from app.storage.repositories import access, client_keys
from app.storage.repositories.access import KnownClient
from app.storage.session import WriteConnection

_LONGEST_JTI = 256


@dataclass(frozen=True, slots=True)
class ClientAssertion:
    """A signed JWT that stands for a client; `client_id` where the form names it as well."""

    jwt: str = field(repr=False)
    client_id: str | None = None


async def authenticate_by_assertion(
    connection: WriteConnection,
    assertion: ClientAssertion,
    *,
    audiences: tuple[str, ...],
    now: datetime,
) -> KnownClient:
    """The client that signed the assertion, which is used up by this.

    It must name one of `audiences` and nobody else, be from the client about itself, hold for
    at most 5 minutes, and have a `jti` that was not seen before. Raises TokenRefusedError.
    """
    try:
        client_id = issuer_of(assertion.jwt)
        known = await _known(connection, client_id, now)
        keys = await client_keys.list_client_keys(connection, client_id, now=now)
        claims = verify_access_token(
            assertion.jwt,
            {key["kid"]: key for key in keys},
            rules_of_assertions(client_id, audiences),
            now=now,
        )
    except TokenRejectedError:
        raise TokenRefusedError("invalid_client") from None
    jti = claims.values.get("jti")
    if (
        claims.subject != client_id
        or assertion.client_id not in (None, client_id)
        or not _has_one_audience(claims)
        or not isinstance(jti, str)
        or not 0 < len(jti) <= _LONGEST_JTI
        or not await _use(connection, client_id, jti, claims.expires_at, now)
    ):
        raise TokenRefusedError("invalid_client")
    return known


async def _known(connection: WriteConnection, client_id: str, now: datetime) -> KnownClient:
    """Visible ASCII, as every client_id is: other text may be none that a database takes."""
    if not (client_id.isascii() and client_id.isprintable()):
        raise TokenRefusedError("invalid_client")
    known = await access.find_known_client(connection, client_id, now=now)
    if known is None:
        raise TokenRefusedError("invalid_client")
    return known


def _has_one_audience(claims: Claims) -> bool:
    """Whoever else is named could pass the assertion on to us."""
    named = claims.values["aud"]
    return not isinstance(named, list) or len(named) == 1


async def _use(
    connection: WriteConnection, client_id: str, jti: str, expires_at: int, now: datetime
) -> bool:
    await client_keys.forget_assertions(connection, client_id, now=now)
    until = datetime.fromtimestamp(expires_at, UTC) + timedelta(seconds=2 * LEEWAY_SECONDS)
    hashed = sha256(jti.encode("utf-8", "surrogatepass")).digest()
    return await client_keys.use_assertion(connection, client_id, hashed, expires_at=until)
