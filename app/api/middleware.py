"""Pure ASGI middleware: request id, body limit, security headers, one log line and metrics.

No URL is logged: a path may hold ids and a query more. What is logged is the route's template.
"""

import re
import time

import structlog
import uuid_utils
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import internal_error
from app.observability import metrics
from app.observability.logging import place_of

_SANE_ID = re.compile(r"^[A-Za-z0-9._~-]{8,64}$")
_LOG = structlog.get_logger()
_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
_PUBLIC_PAGES = ("/docs", "/openapi.json")


class RequestContext:
    """Gives every request an id (the caller's own if it is sane), answers with the security
    headers, and writes one log line and the metrics when it ends.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _SANE_ID.match(given) else str(uuid_utils.uuid7())
        scope["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = list(message["headers"])
                headers.append((b"x-request-id", request_id.encode()))
                if not scope["path"].startswith(_PUBLIC_PAGES):
                    given = {name for name, _ in headers}
                    headers += [each for each in _SECURITY if each[0] not in given]
                message["headers"] = headers
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            _LOG.error(
                "request_failed",
                error=type(error).__name__,
                at=place_of(error),
                request_id=request_id,
            )
            if status:
                raise  # the answer has begun: all that is left is to break it off
            await internal_error(request_id)(scope, receive, send_with_headers)
        finally:
            _tell(scope, status, time.perf_counter() - started, request_id)


class HeadAsGet:
    """Answers HEAD wherever there is GET, with the same status and headers and without the body
    (RFC 9110, 9.3.2). Within, and so in log and metrics, it is a GET.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_no_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_no_body)


def _tell(scope: Scope, status: int, seconds: float, request_id: str) -> None:
    route = getattr(scope.get("route"), "path_format", "none")
    metrics.REQUESTS.labels(scope["method"] if route != "none" else "other", route, status).inc()
    metrics.REQUEST_SECONDS.labels(route).observe(seconds)
    _LOG.info(
        "request",
        method=scope["method"],
        route=route,
        status=status,
        milliseconds=round(seconds * 1000, 1),
        request_id=request_id,
    )
