"""Fetching one JSON document from an address that an operator configured.

One function, `fetch_json`, and what it holds to: https, no redirects, no proxies of the
environment, five seconds and 256 KiB at most, and only addresses within the reach that is allowed.
The name is resolved once and the connection goes to the address that was checked, so that a
second answer of the name server changes nothing.
"""

import asyncio
import json
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal, TypeAlias

import httpx2

Reach: TypeAlias = Literal["public", "private", "loopback"]
"""Which addresses may be called. "loopback" is for tests, and allows plain http as well."""

MOST_BYTES = 262_144
_SECONDS = 5.0
_OK = 200


class FetchError(Exception):
    """There is no such document, or not within the rules; `reason` is a word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def fetch_json(address: str, reach: Reach) -> object:
    """The JSON document at `address`. Raises FetchError, and nothing else."""
    try:
        async with asyncio.timeout(_SECONDS):
            url = httpx2.URL(address)
            _check(url, reach)
            return json.loads(await _body(url, await _resolved(url, reach)))
    except TimeoutError:
        raise FetchError("timeout") from None
    except (OSError, httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise FetchError("away") from error
    except (ValueError, RecursionError) as error:
        raise FetchError("malformed") from error


def _check(url: httpx2.URL, reach: Reach) -> None:
    if url.scheme != "https" and not (url.scheme == "http" and reach == "loopback"):
        raise FetchError("not_https")
    if not url.host or url.userinfo:
        raise FetchError("address")


async def _resolved(url: httpx2.URL, reach: Reach) -> str:
    """The first address of the host. All must be within reach: which one is taken is chance."""
    port = url.port or (443 if url.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(
        url.host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
    )
    addresses = [str(each[4][0]) for each in found]
    if not addresses or not all(is_within(ip_address(each), reach) for each in addresses):
        raise FetchError("address")
    return addresses[0]


def is_within(address: IPv4Address | IPv6Address, reach: Reach) -> bool:
    """Whether an address may be called. Link-local never: clouds keep secrets there."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    if address.is_loopback:
        return reach == "loopback"
    if address.is_global:
        return True
    return reach == "private" and address.is_private and not address.is_reserved


async def _body(url: httpx2.URL, address: str) -> bytes:
    """The body, read from that address under the host's own name (Host header and TLS)."""
    body = bytearray()
    pinned = url.copy_with(host=address)
    headers = {"Host": url.netloc.decode(), "Accept": "application/json"}
    async with (
        httpx2.AsyncClient(trust_env=False, follow_redirects=False, timeout=_SECONDS) as client,
        client.stream(
            "GET", pinned, headers=headers, extensions={"sni_hostname": url.host}
        ) as answer,
    ):
        if answer.status_code != _OK:
            raise FetchError("status")
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > MOST_BYTES:
                raise FetchError("too_large")
    return bytes(body)
