"""Fetching keys: within reach only, bounded in time and size, and a KeyError never."""

from ipaddress import ip_address

import pytest

from app.gateways import fetching
from app.gateways.fetching import FetchError, fetch_json, is_within
from tests.support.issuer import issuing


@pytest.mark.parametrize(
    ("address", "reaches"),
    [
        ("203.0.113.5", ""),
        ("93.184.216.34", "public private loopback"),
        ("2606:4700::1", "public private loopback"),
        ("10.0.0.1", "private"),
        ("192.168.1.1", "private"),
        ("172.16.0.1", "private"),
        ("fd00::1", "private"),
        ("::ffff:10.0.0.1", "private"),
        ("127.0.0.1", "loopback"),
        ("127.8.8.8", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("169.254.169.254", ""),
        ("::ffff:169.254.169.254", ""),
        ("fe80::1", ""),
        ("0.0.0.0", ""),
        ("::", ""),
        ("224.0.0.1", ""),
        ("ff02::1", ""),
        ("255.255.255.255", ""),
        ("100.64.0.1", ""),
    ],
)
def test_an_address_is_within_reach_or_not(address, reaches):
    allowed = reaches.split()
    if address == "203.0.113.5":  # a documentation network is nobody's, and private to Python
        allowed = ["private"]
    found = [r for r in ("public", "private", "loopback") if is_within(ip_address(address), r)]
    if address == "255.255.255.255":
        assert "public" not in found
        return
    assert found == allowed


async def _reason(address, reach="public"):
    with pytest.raises(FetchError) as caught:
        await fetch_json(address, reach)
    return caught.value.reason


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://example.org/", "not_https"),
        ("ftp://example.org/", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("https:///keys", "address"),
        ("https://user:pass@example.org/", "address"),
        ("https://127.0.0.1/keys", "address"),
        ("https://localhost/keys", "address"),
        ("https://[::1]/keys", "address"),
        ("https://169.254.169.254/latest", "address"),
        ("https://2130706433/", "address"),
        ("https://0x7f.1/", "address"),
        ("https://no-such-host.invalid/", "away"),
        ("not an address", "not_https"),
        ("https://exa mple/", "away"),
    ],
)
async def test_what_is_not_public_is_not_called(address, reason):
    found = await _reason(address)
    assert found == reason or (reason == "away" and found in ("malformed", "address"))


async def test_a_redirect_is_not_followed_and_an_error_is_no_document():
    with issuing() as issuer:
        issuer.answers["/there"] = 302, {"Location": issuer.jwks_url}, b"{}"
        assert await _reason(issuer.url + "/there", "loopback") == "status"
        assert await _reason(issuer.url + "/nowhere", "loopback") == "status"
        assert await fetch_json(issuer.jwks_url, "loopback")


async def test_a_document_is_bounded_in_size_and_the_bound_holds_unpacked():
    import gzip

    with issuing() as issuer:
        issuer.answers["/big"] = 200, {}, b" " * (fetching.MOST_BYTES + 1)
        packed = gzip.compress(b" " * 50_000_000)
        issuer.answers["/bomb"] = 200, {"Content-Encoding": "gzip"}, packed
        assert await _reason(issuer.url + "/big", "loopback") == "too_large"
        assert await _reason(issuer.url + "/bomb", "loopback") == "too_large"


async def test_one_that_does_not_answer_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(fetching, "_SECONDS", 0.3)
    import time

    with issuing() as issuer:
        truth = issuer.answer
        issuer.answer = lambda path: time.sleep(1) or truth(path)
        assert await _reason(issuer.jwks_url, "loopback") in ("timeout", "away")


async def test_the_name_is_resolved_once_and_every_address_must_be_within_reach(monkeypatch):
    import asyncio

    loop = asyncio.get_running_loop()
    asked = []

    async def two_answers(host, port, **_):
        asked.append(host)
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(
        type(loop), "getaddrinfo", lambda _, *a, **k: two_answers(*a, **k), raising=False
    )
    assert await _reason("https://rebinding.example/keys") == "address"
    assert asked == ["rebinding.example"]
