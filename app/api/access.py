"""The state of access in one process: signing keys, and the tokens that were verified already.

Checking a token asks no database, except for a `kid` or a person never seen, and once a second
which tokens were cut off (`app.api.cut_off`); issuing one does.
How a token gets into a request is not here (`app.api.auth`), nor how a client asks for one
(`app.api.token_form`).
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from app.api.cut_off import CutOff
from app.api.people import People
from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.crypto.secrets import ClientCredentials
from app.domain.access import Principal
from app.domain.acting import ACCESS
from app.domain.errors import UnavailableError
from app.domain.token_claims import UnreadableClaimsError, generation_of, principal_of
from app.gateways.tokens import (
    TokenRejectedError,
    issuer_of,
    key_id_of,
    rules_of_own_tokens,
    verify_access_token,
)
from app.services.authenticate_by_assertion import ClientAssertion, authenticate_by_assertion
from app.services.authenticate_client import authenticate_client
from app.services.ensure_signing_key import ensure_signing_key
from app.services.issue_token import IssuedToken, TokenTerms, issue_token
from app.services.load_signing_keys import SigningKeys, load_signing_keys
from app.storage.database import Database
from app.storage.repositories.access import KnownClient
from app.storage.repositories.cutting import NO_GENERATION
from app.storage.session import reading, writing

_LOOK_AGAIN_AFTER = timedelta(seconds=60)
_LOOK_FOR_UNKNOWN_AFTER = timedelta(seconds=5)
_TRY_AGAIN_AFTER = timedelta(seconds=2)
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class TokenPolicy:
    """The name under which tokens are signed, how long they hold, and how long one key signs.
    `endpoint`: the address of the token endpoint, which clients may name as their audience.
    """

    issuer: str
    lifetime: timedelta
    rotate_after: timedelta
    endpoint: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A token and the client that it was issued to."""

    client_id: str
    token: IssuedToken = field(repr=False)


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """The caller of a verified token, the generation of the token, and until when (in seconds
    since 1970) it may be taken for verified.
    """

    principal: Principal
    generation: int
    until: int


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
        people: People,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._engine = database.engine
        self._keyring = keyring
        self._sealer = sealer
        self._policy = policy
        self._clock = clock
        self._rules = rules_of_own_tokens(policy.issuer)
        self._people = people
        self._remembered = RememberedTokens(_MOST_REMEMBERED)
        self.cut_off = CutOff(database.engine)
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
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._remembered.find(digest, now)
        if known is None:
            known = await self._verified(token, now)
            self._remembered.keep(digest, known)
        if await self.cut_off.holds(known.principal.client_id, known.generation):
            return known.principal
        raise TokenRejectedError("cut_off")

    async def _verified(self, token: str, now: datetime) -> KnownCaller:
        issuer = issuer_of(token)
        if issuer != self._policy.issuer:
            principal, until = await self._people.principal(token, issuer, now=now)
            return KnownCaller(principal, NO_GENERATION, until)
        if key_id_of(token, self._rules) not in self._keys.published:
            await self._look(_LOOK_FOR_UNKNOWN_AFTER)
        claims = verify_access_token(token, self._keys.published, self._rules, now=now)
        try:
            principal, generation = principal_of(claims.values), generation_of(claims.values)
        except UnreadableClaimsError as error:
            raise TokenRejectedError("invalid") from error
        return KnownCaller(principal, generation, claims.expires_at)

    async def issue(self, proof: ClientCredentials | ClientAssertion, scope: str | None) -> Issued:
        """A token for a client. Raises TokenRefusedError."""
        await self._look(_LOOK_AGAIN_AFTER)
        now = self._clock()
        known = await self._authenticated(proof, now)
        terms = TokenTerms(
            issuer=self._policy.issuer,
            key=self._keys.signing_at(now),
            lifetime_seconds=int(self._policy.lifetime.total_seconds()),
            token_id=str(new_id()),
        )
        return Issued(known.record.client_id, issue_token(known, scope, terms=terms, now=now))

    async def _authenticated(
        self, proof: ClientCredentials | ClientAssertion, now: datetime
    ) -> KnownClient:
        if isinstance(proof, ClientCredentials):
            async with reading(self._engine, ACCESS) as connection:
                return await authenticate_client(connection, proof, keyring=self._keyring, now=now)
        audiences = (self._policy.endpoint, self._policy.issuer)
        async with writing(self._engine, ACCESS) as writable:
            return await authenticate_by_assertion(writable, proof, audiences=audiences, now=now)

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
    """The callers of tokens verified before, as long as these may be taken for verified: at most
    `most` of them, the longest known leaving first. Tokens themselves are not kept, only their
    SHA-256.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._callers: dict[bytes, KnownCaller] = {}

    def find(self, digest: bytes, now: datetime) -> KnownCaller | None:
        """The caller, if the token was verified and has not expired (no leeway here)."""
        known = self._callers.get(digest)
        if known is None:
            return None
        if known.until <= now.timestamp():
            del self._callers[digest]
            return None
        return known

    def keep(self, digest: bytes, caller: KnownCaller) -> None:
        """Remember the caller of a verified token."""
        self._callers.pop(digest, None)
        while len(self._callers) >= self._most:
            del self._callers[next(iter(self._callers))]
        self._callers[digest] = caller
