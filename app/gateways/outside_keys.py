"""The keys of one outside issuer, kept in memory: fetched when needed, good while it is away.

Kept keys are used for ten minutes without asking, for a day while asking again in the background,
and for a `kid` that is not among them the issuer is asked at most once a minute, so that tokens
with invented ones cost it and us nothing.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog

from app.domain.errors import UnavailableError
from app.domain.outside_issuers import OutsideIssuer
from app.gateways.fetching import FetchError, Reach, fetch_json
from app.gateways.tokens import Jwk, fits

FRESH_SECONDS = 600.0
KEPT_SECONDS = 86_400.0
ASK_AGAIN_SECONDS = 60.0
_AGAIN_AFTER_FAILURE_SECONDS = 5.0
_MOST_KEYS = 64
_NEVER = float("-inf")
_LOG = structlog.get_logger()


class OutsideKeys:
    """The published keys of an issuer, by `kid`. `ticks`: seconds of a steady clock."""

    def __init__(
        self,
        issuer: OutsideIssuer,
        reach: Reach,
        *,
        fetch: Callable[[str, Reach], Awaitable[object]] = fetch_json,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._reach = reach
        self._fetch = fetch
        self._ticks = ticks
        self._keys: Mapping[str, Jwk] = {}
        self._fetched_at = self._asked_at = _NEVER
        self._lock = asyncio.Lock()
        self._renewal: asyncio.Task[None] | None = None

    async def with_key(self, kid: str) -> Mapping[str, Jwk]:
        """The keys, the one of this `kid` among them if the issuer has it.

        Raises UnavailableError where there are none and the issuer cannot be asked.
        """
        age = self._ticks() - self._fetched_at
        if age > KEPT_SECONDS:
            await self._renew(_AGAIN_AFTER_FAILURE_SECONDS)
            if self._ticks() - self._fetched_at > KEPT_SECONDS:
                raise UnavailableError
        elif kid not in self._keys:
            await self._renew(ASK_AGAIN_SECONDS)
        elif age > FRESH_SECONDS and (self._renewal is None or self._renewal.done()):
            self._renewal = asyncio.create_task(self._renew(ASK_AGAIN_SECONDS))
        return self._keys

    async def _renew(self, at_most_every: float) -> None:
        """Ask the issuer, unless that was done a moment ago; on failure the old keys stay."""
        async with self._lock:
            now = self._ticks()
            if now - self._asked_at < at_most_every:
                return
            self._asked_at = now
            try:
                document = await self._fetch(await self._address(), self._reach)
                self._keys = _usable(document, self._issuer.algorithms)
                self._fetched_at = now
            except FetchError as error:
                _LOG.warning("issuer_keys_not_fetched", reason=error.reason)

    async def _address(self) -> str:
        """Where the keys are; from the discovery document (OpenID Connect Discovery 1.0, section
        4), which must be about this issuer, if the operator has not said.
        """
        if self._issuer.jwks_url is not None:
            return self._issuer.jwks_url
        base = self._issuer.issuer.rstrip("/")
        found = await self._fetch(f"{base}/.well-known/openid-configuration", self._reach)
        if not isinstance(found, dict) or found.get("issuer") != self._issuer.issuer:
            raise FetchError("other_issuer")
        address = found.get("jwks_uri")
        if not isinstance(address, str):
            raise FetchError("malformed")
        return address


def _usable(document: object, algorithms: tuple[str, ...]) -> Mapping[str, Jwk]:
    """The keys of a JWK Set (RFC 7517) that can verify; of a `kid` given twice none."""
    found = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise FetchError("malformed")
    usable: dict[str, Jwk] = {}
    doubtful: set[str] = set()
    for key in found[:_MOST_KEYS]:
        if not isinstance(key, dict) or not isinstance(kid := key.get("kid"), str):
            continue
        if kid in usable:
            doubtful.add(kid)
        if key.get("use", "sig") == "sig" and any(
            fits(key, each) and key.get("alg", each) == each for each in algorithms
        ):
            usable[kid] = {name: each for name, each in key.items() if isinstance(each, str)}
    return {kid: key for kid, key in usable.items() if kid not in doubtful}
