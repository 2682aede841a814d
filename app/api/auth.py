"""From a bearer token to the caller of a request (RFC 6750), and the callers that routes name.

Every route takes one of the callers below, or stands in PUBLIC_ROUTES; the start of the service
asks `assert_every_route_has_a_caller`.
"""

from collections.abc import Iterator
from typing import Annotated, cast

import structlog
from fastapi import FastAPI, Request, Security
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.routing import iter_route_contexts
from fastapi.security import OAuth2, SecurityScopes
from typing_extensions import override

from app.api.access import Access
from app.api.limiting import Limits
from app.domain.access import Principal, Scope
from app.domain.errors import ForbiddenError, UnauthenticatedError
from app.gateways.tokens import TokenRejectedError

TOKEN_PATH = "/v1/oauth/token"  # noqa: S105 - where tokens come from

SCOPE_DESCRIPTIONS = {
    Scope.REPORTS_WRITE: "send, amend and withdraw reports of one's own",
    Scope.REPORTS_READ: "read one's own reports",
    Scope.FEEDBACK_READ: "read what became of one's own reports",
    Scope.LEADS_READ: "read leads (agencies)",
    Scope.LEADS_WRITE: "decide on leads and record outcomes (agencies)",
    Scope.ATTRIBUTES_SEARCH: "ask whether an attribute is known (agencies)",
    Scope.STATISTICS_READ: "read statistics",
    Scope.DIRECTORY_WRITE: "change the directory of organisations",
    Scope.PROTOCOL_WRITE: "change the protocol",
    Scope.AUDIT_READ: "read the access log (auditors)",
    Scope.ADMIN: "run the network",
}

PUBLIC_ROUTES = frozenset(
    {
        ("POST", TOKEN_PATH),
        ("GET", "/.well-known/jwks.json"),
        ("GET", "/.well-known/openid-configuration"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/v1/protocol"),
        ("GET", "/v1/protocol/attributes"),
        ("GET", "/v1/protocol/indicators"),
        ("GET", "/v1/protocol/checklists/{sector}"),
        ("POST", "/v1/protocol/checklists/{sector}/answers"),
        ("GET", "/v1/protocol/report-template"),
        ("GET", "/v1/protocol/report-form"),
        ("GET", "/v1/protocol/codelists/{name}"),
        ("GET", "/v1/protocol/codelists/mappings/{name}"),
        ("GET", "/v1/reporting-points"),
        ("POST", "/v1/tips"),
        ("GET", "/v1/tips/current"),
        ("POST", "/v1/tips/current"),
        ("GET", "/docs"),
        ("GET", "/docs/oauth2-redirect"),
        ("GET", "/redoc"),
        ("GET", "/openapi.json"),
    }
)
"""All that anybody may call without a token: method and path as it is declared."""

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""Public, and not counted: a machine that watches must not be shut out."""

_LOG = structlog.get_logger()
_REJECTED = "The access token is not valid"
_EXPIRED = "The access token has expired"
_FOUND = "caller"
"""Under this name the caller stands in the scope of a request once it is known."""


async def access_of(request: Request) -> Access:
    """The access state of this process, which `main` puts there at start."""
    return cast("Access", request.app.state.access)


async def limits_of(request: Request) -> Limits:
    """What this process counts, which `main` puts there at start."""
    return cast("Limits", request.app.state.limits)


class _Caller(OAuth2):
    """The one security scheme, and at once the dependency that gives the caller: a dependency
    less to solve on every request.
    """

    @override
    async def __call__(self, request: Request, required: SecurityScopes) -> Principal:  # type: ignore[override]
        # A route and the transaction beside it both ask, for scopes of their own: a request is
        # looked at and counted once.
        principal: Principal | None = request.scope.get(_FOUND)
        if principal is None:
            principal = request.scope[_FOUND] = await _counted_caller(request)
        for scope in required.scopes:
            if scope not in principal.scopes:
                raise ForbiddenError(f"This needs the scope {scope}")
        return principal


_caller = _Caller(
    scheme_name="clientCredentials",
    description="OAuth 2.0 client credentials; the token as `Authorization: Bearer`",
    flows=OAuthFlows(
        clientCredentials=OAuthFlowClientCredentials(
            tokenUrl=TOKEN_PATH,
            scopes={scope.value: text for scope, text in SCOPE_DESCRIPTIONS.items()},
        )
    ),
    auto_error=False,
)


async def _counted_caller(request: Request) -> Principal:
    token = _bearer_token(request.headers.get("authorization"))
    limits = cast("Limits", request.app.state.limits)
    try:
        principal = await cast("Access", request.app.state.access).principal(token)
    except TokenRejectedError as error:
        _LOG.info("token_rejected", reason=error.reason)
        limits.count_address(request.scope.get("address", ""))
        detail = _EXPIRED if error.reason == "expired" else _REJECTED
        raise UnauthenticatedError(detail) from None
    limits.count_client(principal.client_id)
    return principal


def _bearer_token(authorization: str | None) -> str:
    """The token; the name of the scheme has no case (RFC 9110, section 11.1)."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise UnauthenticatedError
    return token.strip()


AnyCaller = Annotated[Principal, Security(_caller)]
"""For what acts in the caller's name and asks for no scope: the route beside it does."""

ReportWriter = Annotated[Principal, Security(_caller, scopes=[Scope.REPORTS_WRITE.value])]
ReportReader = Annotated[Principal, Security(_caller, scopes=[Scope.REPORTS_READ.value])]
FeedbackReader = Annotated[Principal, Security(_caller, scopes=[Scope.FEEDBACK_READ.value])]
LeadReader = Annotated[Principal, Security(_caller, scopes=[Scope.LEADS_READ.value])]
LeadWriter = Annotated[Principal, Security(_caller, scopes=[Scope.LEADS_WRITE.value])]
AttributeSearcher = Annotated[Principal, Security(_caller, scopes=[Scope.ATTRIBUTES_SEARCH.value])]
StatisticsReader = Annotated[Principal, Security(_caller, scopes=[Scope.STATISTICS_READ.value])]
DirectoryWriter = Annotated[Principal, Security(_caller, scopes=[Scope.DIRECTORY_WRITE.value])]
ProtocolWriter = Annotated[Principal, Security(_caller, scopes=[Scope.PROTOCOL_WRITE.value])]
AuditReader = Annotated[Principal, Security(_caller, scopes=[Scope.AUDIT_READ.value])]
Administrator = Annotated[Principal, Security(_caller, scopes=[Scope.ADMIN.value])]


def assert_every_route_has_a_caller(app: FastAPI) -> None:
    """Raise RuntimeError, naming the route, if one could be called by anybody unintended.

    Whatever is no HTTP route (a mount, a WebSocket) has no caller either.
    """
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        if isinstance(dependant, Dependant) and any(map(_names_a_caller, _tree(dependant))):
            continue
        path = route.path or type(route.original_route).__name__
        methods = (route.methods or {"ANY"}) - {"HEAD"}
        for method in sorted(methods):
            if (method, path) not in PUBLIC_ROUTES:
                raise RuntimeError(f"{method} {path} has no caller and is not public")


def _tree(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for dependency in dependant.dependencies:
        yield from _tree(dependency)


def _names_a_caller(dependant: Dependant) -> bool:
    return dependant.call is _caller and bool(dependant.own_oauth_scopes)
