"""The request for an access token: a form, with the client's credentials in it or beside it.

OAuth 2.0 client credentials (RFC 6749, sections 2.3.1, 3.2 and 4.4.2), or a signed assertion in
their place (RFC 7523, section 2.2). Errors are those of
section 5.2, which are no problem+json. Whether the credentials hold is not decided here.
"""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl, unquote_plus

from fastapi import Request

from app.crypto.secrets import ClientCredentials
from app.services.authenticate_by_assertion import ClientAssertion

LONGEST_FORM = 16_384
"""Bytes: far more than any request for a token needs."""

_MOST_FIELDS = 32
_MEDIA_TYPE = "application/x-www-form-urlencoded"
_GRANT = "client_credentials"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

OAuthErrorCode: TypeAlias = Literal[
    "invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type"
]


class OAuthError(Exception):
    """The request fails; `code` is the code of RFC 6749, section 5.2, `hint` for people."""

    def __init__(self, code: OAuthErrorCode, hint: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.hint = hint


@dataclass(frozen=True, slots=True)
class TokenForm:
    """A readable request: who asks, and for which scopes (None: all that the client has)."""

    credentials: ClientCredentials | ClientAssertion
    scope: str | None


async def read_token_form(request: Request) -> TokenForm:
    """Read the request. Raises OAuthError for everything that is none."""
    fields = _fields_of(await _body_of(request))
    authorization = request.headers.getlist("authorization")
    if len(authorization) > 1:
        raise OAuthError("invalid_request", "more than one Authorization header")
    credentials: ClientCredentials | ClientAssertion
    if "client_assertion" in fields or "client_assertion_type" in fields:
        credentials = _assertion(fields, is_alone=not authorization)
    elif authorization:
        credentials = _basic_credentials(authorization[0], fields)
    else:
        credentials = _posted_credentials(fields)
    _check_grant(fields)
    return TokenForm(credentials, fields.get("scope"))


async def _body_of(request: Request) -> bytes:
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() != _MEDIA_TYPE or charset not in ("", "utf-8", "utf8"):
        raise OAuthError("invalid_request", f"{_MEDIA_TYPE} in UTF-8 is expected")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            raise OAuthError("invalid_request", f"at most {LONGEST_FORM} bytes")
    return bytes(body)


def _fields_of(body: bytes) -> Mapping[str, str]:
    """The parameters. One without a value counts as left out, none may be there twice (3.2)."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise OAuthError("invalid_request", "the form cannot be read") from None
    if len({name for name, _ in pairs}) < len(pairs):
        raise OAuthError("invalid_request", "a parameter is repeated")
    return {name: value for name, value in pairs if value}


def _check_grant(fields: Mapping[str, str]) -> None:
    grant = fields.get("grant_type")
    if grant is None:
        raise OAuthError("invalid_request", "grant_type is missing")
    if grant != _GRANT:
        raise OAuthError("unsupported_grant_type", f"{_GRANT} is the only one")


def _basic_credentials(header: str, fields: Mapping[str, str]) -> ClientCredentials:
    """`client_secret_basic`: both parts are form-urlencoded inside (RFC 6749, section 2.3.1)."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise OAuthError("invalid_client", "only Basic is understood here")
    try:
        decoded = b64decode(encoded.strip(), validate=True).decode()
        client_id, colon, secret = decoded.partition(":")
        client_id = unquote_plus(client_id, errors="strict")
        secret = unquote_plus(secret, errors="strict")
    except (binascii.Error, ValueError):
        raise OAuthError("invalid_client", "the Authorization header cannot be read") from None
    if not colon:
        raise OAuthError("invalid_client", "the Authorization header cannot be read")
    if "client_secret" in fields:
        raise OAuthError("invalid_request", "two ways of authentication at once")
    if fields.get("client_id", client_id) != client_id:
        raise OAuthError("invalid_request", "client_id is not that of the Authorization header")
    return _credentials(client_id, secret)


def _assertion(fields: Mapping[str, str], *, is_alone: bool) -> ClientAssertion:
    """`private_key_jwt` (OpenID Connect Core 1.0, section 9)."""
    if not is_alone or "client_secret" in fields:
        raise OAuthError("invalid_request", "two ways of authentication at once")
    if fields.get("client_assertion_type") != _ASSERTION_TYPE or "client_assertion" not in fields:
        raise OAuthError("invalid_request", f"client_assertion and {_ASSERTION_TYPE} go together")
    return ClientAssertion(fields["client_assertion"], fields.get("client_id"))


def _posted_credentials(fields: Mapping[str, str]) -> ClientCredentials:
    if "client_id" not in fields or "client_secret" not in fields:
        raise OAuthError("invalid_client", "client_id and client_secret are needed")
    return _credentials(fields["client_id"], fields["client_secret"])


def _credentials(client_id: str, secret: str) -> ClientCredentials:
    """Both are visible ASCII (RFC 6749, appendix A); what is not belongs to no client."""
    for part in (client_id, secret):
        if not (part.isascii() and part.isprintable()):
            raise OAuthError("invalid_client")
    return ClientCredentials(client_id, secret)
