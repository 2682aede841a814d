"""Whose address a request comes from, and the limit of what anybody may call.

The address is that of the other end of the connection. What a header says is believed only where
that end is a proxy that the operator named, for anybody can write headers.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from starlette.datastructures import Headers
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.limiting import Limits
from app.api.problems import too_many_requests
from app.domain.errors import TooManyRequestsError

Network: TypeAlias = IPv4Network | IPv6Network
_NOBODY = "unknown"
_MOST_HOPS = 16
_SITE_BITS = 64
"""Of an IPv6 address: whoever has one has 2**64 of them."""


def address_of(scope: Scope, trusted: Iterable[Network]) -> str:
    """The address that a request is counted under; an IPv6 one stands for its network of /64."""
    peer = scope.get("client")
    address = peer[0] if peer else _NOBODY
    networks = tuple(trusted)
    if networks and _is_in(address, networks):
        hops = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
        for hop in reversed(hops[-_MOST_HOPS:]):
            address = hop.strip() or address
            if not _is_in(address, networks):
                break
    return _counted(address)


@lru_cache(maxsize=4096)
def _counted(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return _NOBODY
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(IPv6Network((known, _SITE_BITS), strict=False))
    return str(known)


def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        known = ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in networks)


class AddressLimit:
    """Counts the requests to what is public, by address, and answers 429 when they are too many.

    paths: of the public routes, as they are declared. It also leaves the address in the scope, for
    those who count failures.
    """

    def __init__(
        self, app: ASGIApp, *, limits: Limits, trusted: tuple[Network, ...], paths: Iterable[str]
    ) -> None:
        self._app = app
        self._limits = limits
        self._trusted = trusted
        patterns = sorted({compile_path(path)[0].pattern for path in paths})
        named = re.compile(r"\(\?P<\w+>")
        self._public = re.compile("|".join(named.sub("(?:", each) for each in patterns))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["address"] = address_of(scope, self._trusted)
            if self._public.match(scope["path"]):
                try:
                    self._limits.count_address(scope["address"])
                except TooManyRequestsError as error:
                    answer = too_many_requests(error, instance=scope.get("request_id"))
                    await answer(scope, receive, send)
                    return
        await self._app(scope, receive, send)
