"""Reports: post, read, amend, withdraw, assess. Partner systems see their own only."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request
from pydantic_core import from_json
from starlette.responses import Response

from app.api.answers import json_answer
from app.api.auth import ReportReader, ReportWriter
from app.api.bodies import json_body, json_request
from app.api.deps import Installation, Now, Parts, ReadTx, WriteTx, installation_of
from app.api.pagination import After, Limit, decode_cursor, encode_cursor
from app.api.v1.presenting import etag_of, present_report, present_value
from app.api.v1.presenting import present_warnings as warnings_out
from app.api.v1.protocol import InLanguage
from app.api.v1.protocol_views import open_questions
from app.api.v1.reading import read_submission
from app.api.v1.schemas.answers import AssessmentOut, ReportOut, ReportPage, WithdrawnOut
from app.api.v1.waiting import wait_until_linked, wanted_wait
from app.domain.acting import caller
from app.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    PreconditionFailedError,
    PreconditionRequiredError,
)
from app.intake.content import Content, open_content
from app.intake.preparing import Submission, prepare, understand
from app.observability import metrics
from app.services.amend_report import amend_report
from app.services.withdraw_report import withdraw_report
from app.storage.repositories import reports
from app.storage.repositories.report_record import ReportRecord
from app.storage.repositories.reports import NewReport, Verdict
from app.storage.session import writing

router = APIRouter(prefix="/v1/reports", tags=["reports"])
_BODY = json_request("ReportIn")
_CURSOR = "reports"
_HEADERS = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
        },
        {
            "name": "Prefer",
            "in": "header",
            "description": "`wait=N`: wait up to N seconds, at most 30, until it is linked",
            "schema": {"type": "string"},
        },
    ]
}
"""Read by hand below: this is the route that is called most."""
_IF_MATCH = {
    "parameters": [
        {
            "name": "if-match",
            "in": "header",
            "required": True,
            "description": "the ETag of the version that you have read; 428 without",
            "schema": {"type": "string", "maxLength": 100},
        }
    ]
}
"""Required, and yet read as optional: its absence has a status of its own (RFC 6585, 3)."""
_KEY = re.compile(r"[!-~]{1,200}")


@router.post(
    "",
    operation_id="submitReport",
    status_code=201,
    response_model=ReportOut,
    responses={200: {"model": ReportOut, "description": "The same report was sent before"}},
    openapi_extra=_BODY | _HEADERS,
)
async def submit_report(request: Request, principal: ReportWriter) -> Response:
    """Send a report.

    The pair of organisation and `external_ref` is unique: the same content again gives 200 and
    the stored report, other content 409. An `Idempotency-Key` is honoured likewise. With
    `Prefer: wait=N` the answer waits up to N seconds until the report is linked.
    """
    parts = await installation_of(request)
    content = await json_body(request, limit=parts.body_limit)
    key = _idempotency_key(request)
    submission = read_submission(content, principal, idempotency_key=key)
    new = prepare(submission, parts.intake, datetime.now(UTC))
    accepted = await parts.commits.submit(new)
    metrics.REPORTS_ACCEPTED.labels(accepted.verdict.value).inc()
    if new.observation.warnings:
        metrics.VALUES_NOT_NORMALISED.inc(len(new.observation.warnings))
    if accepted.record is None:
        raise ConflictError
    created = accepted.verdict is Verdict.CREATED
    headers = {"ETag": etag_of(accepted.record), "Location": f"/v1/reports/{accepted.record.id}"}
    seconds = wanted_wait(request.headers.get("prefer"))
    if seconds:
        linked = await wait_until_linked(
            parts, accepted.record.id, seconds, actor=caller(principal)
        )
        headers["Preference-Applied"] = f"wait={seconds}"
        headers["Tessera-Linked"] = "true" if linked else "false"
    if created:
        fresh = Content(
            from_json(submission.content), new.observation.values, new.observation.warnings
        )
        return json_answer(present_report(accepted.record, fresh, parts.catalogues), 201, headers)
    return _report_response(accepted.record, parts, 200, headers)


@router.get("", operation_id="listReports", response_model=ReportPage)
async def list_reports(
    principal: ReportReader,
    parts: Parts,
    connection: ReadTx,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """Your organisation's reports, newest first."""
    key = parts.keyring.cursor
    before = UUID(decode_cursor(key, _CURSOR, after)) if after else None
    found = await reports.list_own(
        connection, principal.organisation_id, before=before, limit=limit + 1
    )
    more = len(found) > limit
    items = [_present(record, parts) for record in found[:limit]]
    following = encode_cursor(key, _CURSOR, str(found[limit - 1].id)) if more else None
    return json_answer({"items": items, "next": following})


@router.post(
    "/assess", operation_id="assessReport", response_model=AssessmentOut, openapi_extra=_BODY
)
async def assess_report(
    request: Request, principal: ReportWriter, parts: Parts, now: Now, voice: InLanguage
) -> Response:
    """A dry run: what a report would be understood as, and the questions still to ask, in words
    of the language asked for.

    What a report would be refused for is refused here. Nothing is stored.
    """
    content = await json_body(request, limit=parts.body_limit)
    understood = understand(read_submission(content, principal).draft, parts.intake, now)
    observation = understood.observation
    questions = open_questions(voice, understood.assessment, principal.kind.value)
    return json_answer(
        {
            "assessment": understood.assessment.as_dict(),
            "questions": questions,
            "values": [present_value(value) for value in observation.values],
            "warnings": warnings_out(observation.warnings),
        },
        headers={"Content-Language": voice.content_language, "Vary": "Accept-Language"},
    )


@router.get("/{report_id:uuid}", operation_id="readReport", response_model=ReportOut | WithdrawnOut)
async def read_report(
    report_id: UUID, principal: ReportReader, parts: Parts, connection: ReadTx
) -> Response:
    """One of your organisation's reports."""
    record = await reports.find(connection, report_id, organisation_id=principal.organisation_id)
    if record is None:
        raise NotFoundError
    return _report_response(record, parts, 200, {"ETag": etag_of(record)})


@router.put(
    "/{report_id:uuid}",
    operation_id="amendReport",
    response_model=ReportOut,
    openapi_extra=_BODY | _IF_MATCH,
)
async def put_report(
    request: Request,
    report_id: UUID,
    principal: ReportWriter,
    parts: Parts,
    now: Now,
    if_match: Annotated[str | None, Header(max_length=100, include_in_schema=False)] = None,
) -> Response:
    """Amend a report. `If-Match` carries the ETag of the version that you have read.

    The earlier version is kept; the report is linked anew.
    """
    expected = _expected_version(if_match)
    content = await json_body(request, limit=parts.body_limit)
    submission = read_submission(content, principal)

    def amended(old: ReportRecord) -> NewReport:
        return prepare(
            Submission(
                submission.draft,
                submission.content,
                principal.organisation_id,
                submission.sender,
                report_id=old.id,
                version=old.version + 1,
                received_at=old.received_at,
                status=old.status,
                agency=principal.agency,
            ),
            parts.intake,
            now,
        )

    async with writing(parts.database.engine, caller(principal)) as connection:
        new = await amend_report(
            connection,
            report_id,
            organisation_id=principal.organisation_id,
            expected_version=expected,
            amended=amended,
            now=now,
        )
    return _report_response(new.record, parts, 200, {"ETag": etag_of(new.record)})


@router.delete("/{report_id:uuid}", operation_id="withdrawReport", status_code=204)
async def delete_report(
    report_id: UUID, principal: ReportWriter, connection: WriteTx, now: Now
) -> Response:
    """Withdraw a report: its content is erased at once and its links are undone."""
    await withdraw_report(connection, report_id, principal=principal, now=now)
    return Response(status_code=204)


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and _KEY.fullmatch(key) is None:
        detail = "Idempotency-Key has 1 to 200 visible ASCII characters"
        raise InvalidInputError(detail)
    return key


def _expected_version(if_match: str | None) -> int | None:
    if if_match is None:
        raise PreconditionRequiredError
    tag = if_match.strip().removeprefix("W/").strip('"')
    if tag == "*":
        return None
    if not tag.isdecimal() or len(tag) > len("1000000000"):
        raise PreconditionFailedError
    return int(tag)


def _present(record: ReportRecord, parts: Installation) -> dict[str, Any]:
    return present_report(record, open_content(record, parts.sealer), parts.catalogues)


def _report_response(
    record: ReportRecord, parts: Installation, status: int, headers: dict[str, str]
) -> Response:
    return json_answer(_present(record, parts), status, headers)
