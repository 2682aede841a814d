"""Access tokens: where they are issued, and what others need to check them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from app.api.access import Access
from app.api.auth import TOKEN_PATH, access_of, limits_of
from app.api.limiting import Limits
from app.api.token_form import LONGEST_FORM, OAuthError, OAuthErrorCode, read_token_form
from app.crypto.secrets import ClientCredentials
from app.domain.access import Scope, TokenRefusedError
from app.gateways.tokens import TokenRejectedError, issuer_of
from app.services.authenticate_by_assertion import ClientAssertion

router = APIRouter(tags=["access"])

_JWKS_PATH = "/.well-known/jwks.json"
_PUBLIC_FOR_A_WHILE = "public, max-age=300"
_NEVER_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_CHALLENGE = 'Basic realm="tessera", charset="UTF-8"'

AccessState = Annotated[Access, Depends(access_of)]


class TokenOut(BaseModel):
    """An access token (RFC 6749, section 5.1)."""

    access_token: str
    token_type: str = Field(default="Bearer")
    expires_in: int = Field(description="seconds")
    scope: str = Field(description="the scopes granted, separated by spaces")


class OAuthErrorOut(BaseModel):
    """Why there is no token (RFC 6749, section 5.2)."""

    error: OAuthErrorCode
    error_description: str | None = None


class JwksOut(BaseModel):
    """A JSON Web Key Set (RFC 7517)."""

    keys: list[dict[str, str]]


class ProviderOut(BaseModel):
    """Metadata of the authorization server (RFC 8414)."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    grant_types_supported: list[str] = ["client_credentials"]
    response_types_supported: list[str] = []
    token_endpoint_auth_methods_supported: list[str] = [
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
    ]
    token_endpoint_auth_signing_alg_values_supported: list[str] = ["ES256", "RS256"]
    scopes_supported: list[str] = [scope.value for scope in Scope]


_FORM = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "enum": ["client_credentials"]},
        "scope": {"type": "string", "description": "a subset, separated by spaces"},
        "client_id": {"type": "string", "description": "unless Basic is used"},
        "client_secret": {"type": "string", "description": "unless Basic or an assertion is used"},
        "client_assertion_type": {
            "type": "string",
            "enum": ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
        },
        "client_assertion": {"type": "string", "description": "a JWT that the client signed"},
    },
}


@router.post(
    TOKEN_PATH,
    operation_id="issueToken",
    response_model=TokenOut,
    responses={
        400: {"model": OAuthErrorOut, "description": "The request cannot be granted"},
        401: {"model": OAuthErrorOut, "description": "The client is unknown or its secret wrong"},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": _FORM}},
        }
    },
)
async def issue_token(
    request: Request, access: AccessState, limits: Annotated[Limits, Depends(limits_of)]
) -> Response:
    """Issue an access token for client credentials (RFC 6749, section 4.4).

    The client authenticates with HTTP Basic (`client_secret_basic`), in the form
    (`client_secret_post`), or with a JWT that it has signed (`private_key_jwt`). Without `scope`
    the token allows all that was registered for the client.
    """
    address = request.scope.get("address", "")
    try:
        form = await read_token_form(request)
    except OAuthError as error:
        return _refusal(error.code, error.hint)
    except ClientDisconnect:
        return _refusal("invalid_request", f"a form of at most {LONGEST_FORM} bytes is expected")
    named = _named(form.credentials)
    limits.before_login(address, named)
    try:
        issued = await access.issue(form.credentials, form.scope)
    except TokenRefusedError as error:
        if error.error == "invalid_client":
            limits.login_failed(address, named)
        return _refusal(error.error, None)
    limits.login_succeeded(address, issued.client_id)
    token = issued.token
    granted = TokenOut(
        access_token=token.access_token, expires_in=token.expires_in, scope=token.scope
    )
    return JSONResponse(granted.model_dump(), headers=_NEVER_STORED)


@router.get(_JWKS_PATH, operation_id="getJwks", response_model=JwksOut)
async def get_jwks(access: AccessState) -> Response:
    """The public keys that access tokens are signed with, including the one that comes next."""
    keys = [dict(key) for key in await access.published_keys()]
    return _public(JwksOut(keys=keys))


@router.get(
    "/.well-known/openid-configuration",
    operation_id="getProviderMetadata",
    response_model=ProviderOut,
)
async def get_provider_metadata(access: AccessState) -> Response:
    """Where tokens are issued and how they are checked (RFC 8414)."""
    base = access.issuer.rstrip("/")
    return _public(
        ProviderOut(
            issuer=access.issuer, token_endpoint=base + TOKEN_PATH, jwks_uri=base + _JWKS_PATH
        )
    )


def _named(credentials: ClientCredentials | ClientAssertion) -> str:
    """Whom a request pretends to be from, for counting failures."""
    if isinstance(credentials, ClientCredentials):
        return credentials.client_id
    try:
        return issuer_of(credentials.jwt)
    except TokenRejectedError:
        return credentials.client_id or ""


def _public(body: BaseModel) -> Response:
    return JSONResponse(body.model_dump(), headers={"Cache-Control": _PUBLIC_FOR_A_WHILE})


def _refusal(code: OAuthErrorCode, hint: str | None) -> Response:
    """An error of the token endpoint. A 401 always names a way in (RFC 9110, section 15.5.2)."""
    body = OAuthErrorOut(error=code, error_description=hint).model_dump(exclude_none=True)
    if code == "invalid_client":
        return JSONResponse(body, 401, _NEVER_STORED | {"WWW-Authenticate": _CHALLENGE})
    return JSONResponse(body, 400, _NEVER_STORED)
