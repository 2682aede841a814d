"""The state of access in one process: signing keys, and the tokens that were verified already.

Checking a token asks no database, except for a `kid` never seen; issuing one does.
How a token gets into a request is not here (`app.api.auth`), nor how a client asks for one
(`app.api.token_form`).
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.crypto.secrets import ClientCredentials
from app.domain.access import Principal
from app.domain.acting import ACCESS
from app.domain.errors import UnavailableError
from app.domain.token_claims import UnreadableClaimsError, principal_of
from app.gateways.tokens import (
    TokenRejectedError,
    key_id_of,
    rules_of_own_tokens,
    verify_access_token,
)
from app.services.ensure_signing_key import ensure_signing_key
from app.services.issue_token import IssuedToken, TokenTerms, issue_token
from app.services.load_signing_keys import SigningKeys, load_signing_keys
from app.storage.database import Database
from app.storage.session import reading, writing

_LOOK_AGAIN_AFTER = timedelta(seconds=60)
_LOOK_FOR_UNKNOWN_AFTER = timedelta(seconds=5)
_TRY_AGAIN_AFTER = timedelta(seconds=2)
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class TokenPolicy:
    """The name under which tokens are signed, how long they hold, and how long one key signs."""

    issuer: str
    lifetime: timedelta
    rotate_after: timedelta


def _now() -> datetime:
    return datetime.now(UTC)


class Access:
    """Issues and checks access tokens; made once a process, for all its requests."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        sealer: Sealer,
        policy: TokenPolicy,
        *,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._engine = database.engine
        self._keyring = keyring
        self._sealer = sealer
        self._policy = policy
        self._clock = clock
        self._rules = rules_of_own_tokens(policy.issuer)
        self._remembered = RememberedTokens(_MOST_REMEMBERED)
        self._keys = SigningKeys({}, ())
        self._looked_at = self._failed_at = datetime.min.replace(tzinfo=UTC)
        self._looking = asyncio.Lock()

    @property
    def issuer(self) -> str:
        """The issuer of the tokens, a URL."""
        return self._policy.issuer

    async def start(self) -> None:
        """Have a key to sign with. Raises UnsealError where the root key is another one."""
        await self._look(_LOOK_AGAIN_AFTER)

    async def principal(self, token: str) -> Principal:
        """Who calls with this token. Raises TokenRejectedError."""
        now = self._clock()
        digest = sha256(token.encode()).digest()
        known = self._remembered.find(digest, now)
        if known is not None:
            return known
        if key_id_of(token, self._rules) not in self._keys.published:
            await self._look(_LOOK_FOR_UNKNOWN_AFTER)
        claims = verify_access_token(token, self._keys.published, self._rules, now=now)
        try:
            principal = principal_of(claims.values)
        except UnreadableClaimsError as error:
            raise TokenRejectedError("invalid") from error
        self._remembered.keep(digest, principal, claims.expires_at)
        return principal

    async def issue(self, credentials: ClientCredentials, scope: str | None) -> IssuedToken:
        """A token for a client. Raises TokenRefusedError."""
        await self._look(_LOOK_AGAIN_AFTER)
        now = self._clock()
        terms = TokenTerms(
            issuer=self._policy.issuer,
            key=self._keys.signing_at(now),
            lifetime_seconds=int(self._policy.lifetime.total_seconds()),
            token_id=str(new_id()),
        )
        async with reading(self._engine, ACCESS) as connection:
            return await issue_token(
                connection, credentials, scope, terms=terms, keyring=self._keyring, now=now
            )

    async def published_keys(self) -> list[Mapping[str, str]]:
        """The public keys for the JWKS, those that will sign soon included."""
        await self._look(_LOOK_AGAIN_AFTER)
        return list(self._keys.published.values())

    async def _look(self, after: timedelta) -> None:
        """Read the keys, and add one when it is time, unless that was done less than `after` ago.

        Right after a failure nobody waits for the database again.
        """
        async with self._looking:
            now = self._clock()
            if now - self._looked_at < after:
                return
            if now - self._failed_at < _TRY_AGAIN_AFTER:
                raise UnavailableError
            try:
                self._keys = await self._read_keys(now)
            except Exception:
                self._failed_at = self._clock()
                raise
            self._looked_at = now

    async def _read_keys(self, now: datetime) -> SigningKeys:
        async with writing(self._engine, ACCESS) as connection:
            await ensure_signing_key(
                connection,
                sealer=self._sealer,
                record_id=new_id(),
                rotate_after=self._policy.rotate_after,
                now=now,
            )
            return await load_signing_keys(connection, sealer=self._sealer, now=now)


class RememberedTokens:
    """The callers of tokens verified before, until these expire: at most `most` of them, the
    longest known leaving first. Tokens themselves are not kept, only their SHA-256.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._callers: dict[bytes, tuple[Principal, int]] = {}

    def find(self, digest: bytes, now: datetime) -> Principal | None:
        """The caller, if the token was verified and has not expired (no leeway here)."""
        known = self._callers.get(digest)
        if known is None:
            return None
        if known[1] <= now.timestamp():
            del self._callers[digest]
            return None
        return known[0]

    def keep(self, digest: bytes, principal: Principal, expires_at: int) -> None:
        """Remember a verified token until `expires_at`, in seconds since 1970."""
        self._callers.pop(digest, None)
        while len(self._callers) >= self._most:
            del self._callers[next(iter(self._callers))]
        self._callers[digest] = principal, expires_at
