"""Callers: who gets through with which token, and that no route goes without one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

import httpx2
import pytest
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from starlette.responses import JSONResponse

from app.api.auth import (
    PUBLIC_ROUTES,
    SCOPE_DESCRIPTIONS,
    AnyCaller,
    LeadReader,
    ReportWriter,
    assert_every_route_has_a_caller,
)
from app.api.limiting import Limits
from app.domain.access import OrganisationKind, Principal, Scope
from app.domain.errors import DomainError
from app.gateways.tokens import TokenRejectedError

PRINCIPAL = Principal(
    client_id="tsc_1",
    organisation_id=UUID("01890000-0000-7000-8000-000000000001"),
    kind=OrganisationKind.NGO,
    country="SK",
    agency=False,
    scopes=frozenset({Scope.REPORTS_WRITE}),
)


class KnownTokens:
    """Stands for the access state: two tokens, and an answer for all others."""

    async def principal(self, token: str) -> Principal:
        if token == "good":
            return PRINCIPAL
        raise TokenRejectedError("expired" if token == "old" else "invalid")


async def _as_text(_, error):
    return JSONResponse([type(error).__name__, error.detail], 418)


@asynccontextmanager
async def _client(per_client: int = 0) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    app.state.access = KnownTokens()
    app.state.limits = Limits(per_client=per_client, per_address=0)
    app.add_exception_handler(DomainError, _as_text)

    @app.get("/reports")
    async def reports(caller: ReportWriter) -> str:
        return caller.client_id

    @app.get("/leads")
    async def leads(caller: LeadReader) -> str:
        return caller.client_id

    @app.get("/both")
    async def both(caller: ReportWriter, same: AnyCaller) -> str:
        return f"{caller.client_id} {same.client_id}"

    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://tessera.example") as client:
        yield client


async def _answer(path: str, authorization: str | None):
    headers = {} if authorization is None else {"Authorization": authorization}
    async with _client() as client:
        return (await client.get(path, headers=headers)).json()


@pytest.mark.parametrize("authorization", ["Bearer good", "bearer good", "BEARER  good "])
async def test_a_token_with_the_scope_gets_through(authorization):
    assert await _answer("/reports", authorization) == "tsc_1"


@pytest.mark.parametrize(
    ("authorization", "detail"),
    [
        (None, None),
        ("", None),
        ("good", None),
        ("Basic good", None),
        ("Bearer", "The access token is not valid"),
        ("Bearer ", "The access token is not valid"),
        ("Bearer bad", "The access token is not valid"),
        ("Bearer good good", "The access token is not valid"),
        ("Bearer old", "The access token has expired"),
    ],
)
async def test_without_a_valid_token_nobody_gets_through(authorization, detail):
    assert await _answer("/reports", authorization) == ["UnauthenticatedError", detail]


async def test_a_token_without_the_scope_does_not_get_through():
    expected = ["ForbiddenError", "This needs the scope leads:read"]
    assert await _answer("/leads", "Bearer good") == expected


async def test_a_request_is_counted_once_however_many_ask_for_its_caller():
    async with _client(per_client=2) as client:
        headers = {"Authorization": "Bearer good"}
        answers = [(await client.get("/both", headers=headers)).json() for _ in range(3)]
    assert answers[:2] == ["tsc_1 tsc_1"] * 2
    assert answers[2][0] == "TooManyRequestsError"


def _app(*routers: APIRouter) -> FastAPI:
    app = FastAPI()
    for router in routers:
        app.include_router(router, prefix="/v1")
    return app


async def _anybody() -> str:
    return ""


async def _caller_below(caller: ReportWriter) -> str:
    return caller.client_id


def test_the_start_accepts_routes_with_a_caller_and_public_ones():
    router = APIRouter()

    @router.get("/reports")
    async def direct(caller: ReportWriter) -> str:
        return caller.client_id

    @router.get("/reports/own")
    async def through(client_id: Annotated[str, Depends(_caller_below)]) -> str:
        return client_id

    router.add_api_route("/protocol", _anybody, methods=["GET"])
    assert_every_route_has_a_caller(_app(router))


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/naked"), ("POST", "/protocol"), ("GET", "/protocol/"), ("DELETE", "/tips/current")],
)
def test_the_start_is_refused_for_a_route_that_anybody_could_call(method, path):
    router = APIRouter()
    router.add_api_route(path, _anybody, methods=[method])
    outer = APIRouter()
    outer.include_router(router)
    with pytest.raises(RuntimeError, match=f"{method} /v1{path} has no caller"):
        assert_every_route_has_a_caller(_app(outer))


def test_the_start_is_refused_for_a_mount_and_for_a_websocket():
    mounted = FastAPI()
    mounted.mount("/files", FastAPI())
    with pytest.raises(RuntimeError, match="ANY /files"):
        assert_every_route_has_a_caller(mounted)
    listening = FastAPI()

    @listening.websocket("/live")
    async def live(socket: WebSocket) -> None:
        await socket.close()

    with pytest.raises(RuntimeError, match="ANY /live"):
        assert_every_route_has_a_caller(listening)


def test_only_reads_and_the_public_forms_are_public():
    written = {path for method, path in PUBLIC_ROUTES if method != "GET"}
    assert written == {
        "/v1/oauth/token",
        "/v1/tips",
        "/v1/tips/current",
        "/v1/protocol/checklists/{sector}/answers",
    }


async def test_the_description_says_which_scope_a_route_needs():
    app = FastAPI()

    @app.get("/leads")
    async def leads(caller: LeadReader) -> str:
        return caller.client_id

    described = app.openapi()
    assert described["paths"]["/leads"]["get"]["security"] == [
        {"clientCredentials": ["leads:read"]}
    ]
    flows = described["components"]["securitySchemes"]["clientCredentials"]["flows"]
    assert flows["clientCredentials"]["tokenUrl"] == "/v1/oauth/token"
    assert set(flows["clientCredentials"]["scopes"]) == {scope.value for scope in Scope}


def test_every_scope_is_explained():
    assert set(SCOPE_DESCRIPTIONS) == set(Scope)
