"""A batch of reports, one JSON document a line, streamed both ways.

Memory stays bounded whatever the client does: lines are read and stored in chunks, and a
client that does not read its answers while it sends has them spooled on disk.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from fastapi import APIRouter, Request
from pydantic_core import from_json, to_json
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse

from app.api.auth import ReportWriter
from app.api.backlog import Backlog
from app.api.bodies import require_media_type
from app.api.deps import Installation, Parts
from app.api.lines import Line, lines_of
from app.api.problems import STATUS_OF, problem_of
from app.api.spooling import SpooledResponse
from app.api.v1.presenting import present_warnings
from app.api.v1.reading import read_submission
from app.domain.access import Principal
from app.domain.errors import (
    ConflictError,
    DomainError,
    MalformedInputError,
    TooLargeError,
    UnavailableError,
)
from app.intake.preparing import prepare
from app.observability import metrics
from app.services.submit_reports import Accepted
from app.storage.repositories.reports import NewReport, Verdict

MEDIA_TYPE = "application/x-ndjson"
_MOST_LINES = 500
_MOST_BYTES = 8 << 20
_LINES_AT_A_STRETCH = 8
_AGAIN_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)

_LOG = structlog.get_logger()
router = APIRouter(prefix="/v1/reports", tags=["reports"])


class _Patience:
    """How long one batch waits for a database that is away: once in full, then no more until
    something was stored.
    """

    def __init__(self) -> None:
        self._left = list(_AGAIN_SECONDS)

    def next_pause(self) -> float | None:
        """Seconds to wait before the next try; None when it is enough."""
        return self._left.pop(0) if self._left else None

    def renew(self) -> None:
        """Begin anew after a success."""
        self._left = list(_AGAIN_SECONDS)


@dataclass(slots=True)
class _Row:
    """One line on its way: prepared, or refused."""

    line: int
    external_ref: str | None = None
    new: NewReport | None = None
    refusal: DomainError | None = None


@router.post(
    "/batch",
    operation_id="submitBatch",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "One answer line per input line, in order",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/BatchLine"}}},
        }
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ReportIn"}}},
        }
    },
)
async def submit_batch(request: Request, principal: ReportWriter, parts: Parts) -> Response:
    """Send many reports, one JSON document a line.

    Each line is answered by one line: 201 created, 200 sent before, 409 the reference is taken,
    413 and 422 refused with the reason, 503 not stored, send it again. Bad lines do not hold up
    good ones. What was answered 201 is durable.
    """
    require_media_type(request, MEDIA_TYPE)
    answers = _answers(request, principal, parts)
    return SpooledResponse(answers, MEDIA_TYPE, {"Cache-Control": "no-store"})


async def _answers(
    request: Request, principal: Principal, parts: Installation
) -> AsyncIterator[bytes]:
    backlog: Backlog[_Row] = Backlog(most=_MOST_LINES, most_bytes=_MOST_BYTES)
    reader = asyncio.create_task(_read_all(request, principal, parts, backlog))
    patience = _Patience()
    try:
        while rows := await backlog.take():
            yield await _store(rows, parts, patience)
        await reader
    finally:
        reader.cancel()


async def _read_all(
    request: Request, principal: Principal, parts: Installation, backlog: Backlog[_Row]
) -> None:
    """Read and prepare lines while earlier ones are being stored."""
    try:
        async for line in lines_of(request.stream(), limit=parts.body_limit):
            await backlog.put(_read(line, principal, parts), len(line.content or b""))
            if line.number % _LINES_AT_A_STRETCH == 0:
                await asyncio.sleep(0)
    except ClientDisconnect:
        # Whole lines that arrived are kept; the torn one behind them never became a row.
        pass
    finally:
        await backlog.finish()


def _read(line: Line, principal: Principal, parts: Installation) -> _Row:
    if line.content is None:
        return _Row(line.number, refusal=TooLargeError(f"at most {parts.body_limit} bytes a line"))
    try:
        submission = read_submission(line.content, principal)
        new = prepare(submission, parts.intake, datetime.now(UTC))
    except DomainError as error:
        return _Row(line.number, _reference(line.content), refusal=error)
    return _Row(line.number, new.record.external_ref, new)


def _reference(content: bytes) -> str | None:
    """The reference of a refused line, so that its sender finds it again."""
    try:
        data = from_json(content)
    except ValueError:
        return None
    reference = data.get("external_ref") if isinstance(data, dict) else None
    return reference if isinstance(reference, str) else None


async def _store(rows: Sequence[_Row], parts: Installation, patience: _Patience) -> bytes:
    """Store the good rows together and answer all of them."""
    good = [row for row in rows if row.new is not None]
    accepted = await _accept([row.new for row in good if row.new is not None], parts, patience)
    by_line = {row.line: result for row, result in zip(good, accepted, strict=True)}
    return b"".join(_answer(row, by_line.get(row.line)) for row in rows)


async def _accept(
    submissions: Sequence[NewReport], parts: Installation, patience: _Patience
) -> list[Accepted | BaseException]:
    """Store; while the database is away wait a little, then say so line by line. What goes wrong
    with one report is its own affair.
    """
    results = await _submit(submissions, parts)
    while any(isinstance(result, UnavailableError) for result in results):
        pause = patience.next_pause()
        if pause is None:
            break
        await asyncio.sleep(pause)
        again = [n for n, result in enumerate(results) if isinstance(result, UnavailableError)]
        for n, result in zip(
            again, await _submit([submissions[n] for n in again], parts), strict=True
        ):
            results[n] = result
    else:
        patience.renew()
    for new, result in zip(submissions, results, strict=True):
        if isinstance(result, Accepted):
            metrics.REPORTS_ACCEPTED.labels(result.verdict.value).inc()
            metrics.VALUES_NOT_NORMALISED.inc(len(new.observation.warnings))
    return results


async def _submit(
    submissions: Sequence[NewReport], parts: Installation
) -> list[Accepted | BaseException]:
    waiting = (parts.commits.submit(new) for new in submissions)
    return list(await asyncio.gather(*waiting, return_exceptions=True))


def _answer(row: _Row, result: Accepted | BaseException | None) -> bytes:
    body: dict[str, Any] = {"line": row.line, "external_ref": row.external_ref}
    refusal = row.refusal or (result if isinstance(result, DomainError) else None)
    if refusal is None and isinstance(result, BaseException):
        _LOG.error("line_failed", error=type(result).__name__)
        refusal = UnavailableError("This line could not be stored; send it again")
    if isinstance(result, Accepted) and result.record is None:
        refusal = ConflictError()
    if refusal is not None:
        problem = problem_of(refusal)
        status = 422 if isinstance(refusal, MalformedInputError) else STATUS_OF[type(refusal)]
        body |= {"status": int(status), "problem": problem | {"status": int(status)}}
    elif isinstance(result, Accepted) and result.record is not None:
        created = result.verdict is Verdict.CREATED
        body |= {"status": 201 if created else 200, "id": str(result.record.id)}
        if row.new is not None and row.new.observation.warnings:
            body["warnings"] = present_warnings(row.new.observation.warnings)
    return to_json(body) + b"\n"
