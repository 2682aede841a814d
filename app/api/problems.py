"""Every failure becomes application/problem+json (RFC 9457). Nothing of the input is repeated,
and no exception's text reaches a caller unless we wrote it for callers.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from math import ceil
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails, to_json
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.domain import errors
from app.domain.errors import DomainError, Fault

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:tessera:problem:"
RETRY_AFTER_SECONDS = "2"

STATUS_OF: Mapping[type[DomainError], int] = {
    errors.MalformedInputError: 400,
    errors.InvalidInputError: 422,
    errors.NotFoundError: 404,
    errors.ConflictError: 409,
    errors.PreconditionFailedError: 412,
    errors.PreconditionRequiredError: 428,
    errors.PurposeMissingError: 400,
    errors.UnauthenticatedError: 401,
    errors.ForbiddenError: 403,
    errors.WithdrawnError: 410,
    errors.TooManyRequestsError: 429,
    errors.LeadMergedError: 308,
    errors.TooLargeError: 413,
    errors.UnsupportedMediaTypeError: 415,
    errors.UnavailableError: 503,
    errors.TooSlowError: 503,
}
"""The one table from what happened to what HTTP calls it."""

_BRANCHES = frozenset({"date", "datetime"})
_FIELD_NAME = re.compile(r"^[a-z][a-z0-9_]{0,39}$")


class ErrorItem(BaseModel):
    """One fault of the input."""

    pointer: str = Field(description="JSON pointer (RFC 6901) into the body")
    detail: str


class Problem(BaseModel):
    """What went wrong (RFC 9457). It never repeats the input."""

    type: str = Field(examples=["urn:tessera:problem:invalid-input"])
    title: str
    status: int
    detail: str = Field(description="what is wrong in this case, for people")
    instance: str | None = Field(default=None, description="the request id, as a URN")
    errors: list[ErrorItem] | None = None


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "The request cannot be done",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
    "5XX": {
        "description": "The service cannot do it at the moment",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
}


def problem(
    status: int,
    code: str,
    title: str,
    *,
    detail: str,
    faults: Sequence[Fault] = (),
    instance: str | None = None,
) -> dict[str, object]:
    """The body of a problem."""
    body: dict[str, object] = {
        "type": TYPE_PREFIX + code,
        "title": title,
        "status": int(status),
        "detail": detail,
    }
    if instance:
        body["instance"] = f"urn:request:{instance}"
    if faults:
        body["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults]
    return body


def problem_of(error: DomainError, *, instance: str | None = None) -> dict[str, object]:
    """The body for an expected error."""
    return problem(
        STATUS_OF[type(error)],
        error.code,
        error.title,
        detail=error.detail or _summary(error.faults) or error.explanation,
        faults=error.faults,
        instance=instance,
    )


def _summary(faults: Sequence[Fault]) -> str:
    """The first fault in a line, and how many more there are; empty where there is none."""
    if not faults:
        return ""
    more = f", and {len(faults) - 1} more in errors" if len(faults) > 1 else ""
    return f"{faults[0].pointer or 'The whole body'}: {faults[0].detail}{more}"


def faults_of(details: Iterable[ErrorDetails], *, prefix: str = "") -> tuple[Fault, ...]:
    """The faults that Pydantic found, without the values that it found them in."""
    faults: dict[tuple[str, str], None] = {}
    for detail in details:
        parts = [part for part in detail["loc"] if not _is_branch(part)]
        if detail["type"] == "extra_forbidden" and not _FIELD_NAME.match(str(parts[-1])):
            # What is no field name may be anything, a person's name included.
            parts.pop()
        pointer = prefix + "".join(f"/{part}" for part in parts)
        faults[pointer, _message(detail)] = None
    return tuple(Fault(pointer, message) for pointer, message in faults)


def _is_branch(part: int | str) -> bool:
    """Whether a part of a location names a branch of a union and no place in the input."""
    return isinstance(part, str) and (part in _BRANCHES or "[" in part)


def _message(detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        return str(detail["msg"]).removeprefix("Value error, ")
    return str(detail["msg"])


def invalid(error: ValidationError) -> DomainError:
    """A Pydantic failure as an expected error."""
    details = error.errors(include_url=False, include_input=False, include_context=False)
    if details[0]["type"] == "json_invalid":
        return errors.MalformedInputError("The body is not valid JSON in UTF-8")
    return errors.InvalidInputError(faults=faults_of(details))


def respond(request: Request, error: DomainError) -> Response:
    """The response for an expected error."""
    status = STATUS_OF[type(error)]
    body = problem_of(error, instance=request.scope.get("request_id"))
    return Response(to_json(body), status, _headers(request, error), MEDIA_TYPE)


def _lead_of(request: Request) -> str:
    return str(request.path_params.get("lead_id", ""))


def _headers(request: Request, error: DomainError) -> dict[str, str]:
    if isinstance(error, errors.UnauthenticatedError):
        hint = ', error="invalid_token"' if error.detail else ""
        return {"WWW-Authenticate": f'Bearer realm="tessera"{hint}'}
    if isinstance(error, errors.LeadMergedError):
        return {"Location": request.url.path.replace(_lead_of(request), str(error.heir))}
    if isinstance(error, errors.ForbiddenError):
        return {"WWW-Authenticate": 'Bearer realm="tessera", error="insufficient_scope"'}
    if isinstance(error, errors.TooManyRequestsError):
        return _headers_of_too_many(error)
    if isinstance(error, errors.UnavailableError):
        return {"Retry-After": RETRY_AFTER_SECONDS}
    return {}


def _headers_of_too_many(error: errors.TooManyRequestsError) -> dict[str, str]:
    """When to come back, also as the draft of the IETF on RateLimit header fields has it."""
    seconds = max(1, ceil(error.seconds))
    return {"Retry-After": str(seconds), "RateLimit": f'"{error.policy}";r=0;t={seconds}'}


def too_many_requests(error: errors.TooManyRequestsError, *, instance: str | None) -> Response:
    """The answer for one that was refused before it reached a route."""
    body = problem_of(error, instance=instance)
    return Response(to_json(body), 429, _headers_of_too_many(error), MEDIA_TYPE)


async def _on_domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return respond(request, error)


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = faults_of(error.errors())
    return respond(request, errors.InvalidInputError(faults=faults))


async def _on_http_error(request: Request, error: Exception) -> Response:
    """Errors of the framework: no such path, wrong method."""
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    code = status.phrase.lower().replace(" ", "-")
    headers, detail = dict(error.headers or {}), status.description or status.phrase
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_methods_at(request)))
        detail = f"This path takes {headers['Allow']}"
    elif status == HTTPStatus.NOT_FOUND:
        detail = "The API has no such path; /openapi.json lists those that it has"
    body = problem(
        status, code, status.phrase, detail=detail, instance=request.scope.get("request_id")
    )
    return Response(to_json(body), status, headers, MEDIA_TYPE)


def _methods_at(request: Request) -> set[str]:
    """All methods of the path (RFC 9110, 15.5.6), which may be spread over several routes."""
    methods = {
        method
        for route in iter_route_contexts(request.app.routes)
        if route.path_regex is not None and route.path_regex.match(request.url.path)
        for method in route.methods or ()
    }
    return methods | {"HEAD"} if "GET" in methods else methods


def internal_error(request_id: str) -> Response:
    """The answer where nothing better can be said. What happened is in the log."""
    detail = "The request id names it in the log of the service"
    body = problem(500, "internal", "The service failed", detail=detail, instance=request_id)
    return Response(to_json(body), 500, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer all failures of `app` this way."""
    app.add_exception_handler(DomainError, _on_domain_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
