"""Reading a request for a token: what RFC 6749 allows, and what nobody should send."""

from base64 import b64encode

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from app.api.token_form import LONGEST_FORM, OAuthError, TokenForm, read_token_form
from app.crypto.secrets import ClientCredentials

FORM = "application/x-www-form-urlencoded"
GRANT = "grant_type=client_credentials"
POSTED = f"{GRANT}&client_id=tsc_1&client_secret=tss_1"


def _request(body: bytes, *headers: tuple[str, str]) -> Request:
    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    return Request({"type": "http", "method": "POST", "headers": raw}, receive)


async def _read(body, *headers, content_type=FORM) -> TokenForm:
    data = body if isinstance(body, bytes) else body.encode()
    return await read_token_form(_request(data, ("Content-Type", content_type), *headers))


async def _error(body, *headers, **how) -> str:
    with pytest.raises(OAuthError) as caught:
        await _read(body, *headers, **how)
    return caught.value.code


def _basic(text: str | bytes) -> tuple[str, str]:
    raw = text.encode() if isinstance(text, str) else text
    return "Authorization", "Basic " + b64encode(raw).decode()


async def test_credentials_may_stand_in_the_form():
    assert await _read(POSTED) == TokenForm(ClientCredentials("tsc_1", "tss_1"), None)


async def test_credentials_may_stand_in_the_header():
    form = await _read(GRANT, _basic("tsc_1:tss_1"))
    assert form.credentials == ClientCredentials("tsc_1", "tss_1")


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
async def test_the_name_of_the_scheme_has_no_case(scheme):
    name, value = _basic("tsc_1:tss_1")
    assert await _read(GRANT, (name, value.replace("Basic", scheme)))


async def test_credentials_in_the_header_are_form_urlencoded():
    form = await _read(GRANT, _basic("my%3Aclient+1:s%25e%2Bc"))
    assert form.credentials == ClientCredentials("my:client 1", "s%e+c")


async def test_a_secret_may_hold_a_colon():
    form = await _read(GRANT, _basic("tsc_1:a:b"))
    assert form.credentials.client_secret == "a:b"


async def test_the_client_id_may_stand_in_both_places():
    assert await _read(f"{GRANT}&client_id=tsc_1", _basic("tsc_1:tss_1"))


@pytest.mark.parametrize(
    ("field", "scope"),
    [
        ("", None),
        ("&scope=", None),
        ("&scope=reports%3Aread", "reports:read"),
        ("&scope=reports:read+reports:write", "reports:read reports:write"),
        ("&resource=https://api.example", None),
    ],
)
async def test_a_scope_may_be_named(field, scope):
    assert (await _read(POSTED + field)).scope == scope


@pytest.mark.parametrize(
    "kind", [FORM.upper(), FORM + ";charset=UTF-8", FORM + '; charset="utf-8"']
)
async def test_the_media_type_may_name_utf_8(kind):
    assert await _read(POSTED, content_type=kind)


@pytest.mark.parametrize(
    ("body", "headers", "error"),
    [
        ("", [], "invalid_client"),
        ("client_id=tsc_1&client_secret=tss_1", [], "invalid_request"),
        ("grant_type=&client_id=tsc_1&client_secret=tss_1", [], "invalid_request"),
        ("grant_type=password&client_id=tsc_1&client_secret=tss_1", [], "unsupported_grant_type"),
        (GRANT, [], "invalid_client"),
        (f"{GRANT}&client_id=tsc_1", [], "invalid_client"),
        (f"{GRANT}&client_id=tsc_1&client_secret=", [], "invalid_client"),
        (f"{POSTED}&{GRANT}", [], "invalid_request"),
        (f"{POSTED}&client_id=tsc_2", [], "invalid_request"),
        (f"{POSTED}&scope=&scope=", [], "invalid_request"),
        (f"{GRANT}&client_id=tsc_%00&client_secret=x", [], "invalid_client"),
        (f"{GRANT}&client_id=tsc_%C3%A9&client_secret=x", [], "invalid_client"),
        (f"{GRANT}&client_id=%ff&client_secret=x", [], "invalid_request"),
        (b"grant_type=\xff", [], "invalid_request"),
        (POSTED + "&a=b" * 40, [], "invalid_request"),
        (POSTED + "&a=" + "b" * LONGEST_FORM, [], "invalid_request"),
        (POSTED, [_basic("tsc_1:tss_1")], "invalid_request"),
        (f"{GRANT}&client_id=tsc_2", [_basic("tsc_1:tss_1")], "invalid_request"),
        (GRANT, [_basic("a:b"), _basic("c:d")], "invalid_request"),
        (GRANT, [_basic("no colon")], "invalid_client"),
        (GRANT, [_basic(b"\xff:\xff")], "invalid_client"),
        (GRANT, [_basic("%ff:x")], "invalid_client"),
        (GRANT, [_basic("a\0:x")], "invalid_client"),
        (GRANT, [("Authorization", "Basic")], "invalid_client"),
        (GRANT, [("Authorization", "Basic !!!!")], "invalid_client"),
        (GRANT, [("Authorization", "Basic \xe9\xe9")], "invalid_client"),
        (GRANT, [("Authorization", "Bearer x.y.z")], "invalid_client"),
        (POSTED, [("Authorization", "")], "invalid_client"),
    ],
)
async def test_what_is_no_request_for_a_token_has_its_error(body, headers, error):
    assert await _error(body, *headers) == error


@pytest.mark.parametrize(
    "kind", ["", "application/json", "multipart/form-data; boundary=x", FORM + ";charset=utf-16"]
)
async def test_another_media_type_is_refused(kind):
    assert await _error(POSTED, content_type=kind) == "invalid_request"


@given(st.binary(max_size=200), st.binary(max_size=60))
async def test_arbitrary_bytes_are_only_ever_refused(body, header):
    assert await _error(body, ("Authorization", "Basic " + header.decode("latin-1")))
    assert await _error(GRANT.encode() + b"&" + body + b"&client_secret=%00")
