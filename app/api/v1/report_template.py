"""The template report for the national body, empty or filled, its JSON Schema, and the spreadsheet
form. The empty report is for everybody, the rest for those who report; of what is filled in
nothing is kept.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from pydantic_core import to_json
from starlette.responses import Response

from app.api.auth import ReportWriter
from app.api.bodies import json_body, json_request, parse
from app.api.deps import Now, Parts
from app.api.negotiation import media_type_for
from app.api.publishing import NOT_MODIFIED, published
from app.api.rendering import Rendering
from app.api.v1.protocol import InLanguage
from app.api.v1.protocol_views import Voice
from app.api.v1.reading import read_draft
from app.api.v1.schemas.report import ReportIn
from app.domain.assessment import Urgency
from app.domain.template.document import build_document
from app.domain.template.wording import Wording
from app.gateways.template_report.country_names import country_names
from app.gateways.template_report.page import page_policy, render_page
from app.gateways.template_report.paper import render_paper
from app.intake.preparing import understand

router = APIRouter(prefix="/v1/protocol", tags=["protocol"])

HTML = "text/html"
PDF = "application/pdf"
SCHEMA = "application/schema+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_JSON = "application/json"
_BODY_LIMIT = 512 << 10
"""A report of 20,000 characters and fifty persons has a tenth of it."""
_VARY = "Accept, Accept-Language"
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_DOCUMENTS: dict[str, Any] = {HTML: {"schema": {"type": "string"}}, PDF: _BINARY}

_rendering = Rendering()
_made: dict[tuple[str, str, str], bytes] = {}
"""Empty forms by version, language and media type: the same for everybody, made once."""


def report_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a report as `POST /v1/reports` takes it."""
    schema = ReportIn.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


@router.get(
    "/report-template",
    operation_id="readReportTemplate",
    response_class=Response,
    responses={
        **NOT_MODIFIED,
        200: {
            "description": "The empty form to be printed; by `Accept` a page, a PDF or the JSON"
            " Schema of a report",
            "content": {**_DOCUMENTS, SCHEMA: {"schema": {"type": "object"}}},
        },
    },
)
async def get_report_template(request: Request, voice: InLanguage) -> Response:
    """The template report for the national body."""
    offered = (HTML, PDF, SCHEMA, _JSON)
    kind = media_type_for(request.headers.get("accept"), offered)
    if kind in (SCHEMA, _JSON):
        return published(request, to_json(report_schema()), kind, {"Vary": _VARY})
    wording = _wording(voice)
    body = await _empty(wording, kind)
    return published(request, body, _content_type(kind), _headers(wording, kind))


@router.post(
    "/report-template",
    operation_id="fillReportTemplate",
    response_class=Response,
    responses={
        200: {"description": "The form with what the report says", "content": _DOCUMENTS},
    },
    openapi_extra=json_request("ReportIn"),
)
async def fill_report_template(
    request: Request, principal: ReportWriter, voice: InLanguage, parts: Parts, now: Now
) -> Response:
    """The template report filled in from a report, as a page or a PDF, with the urgency that its
    signs have. Nothing is stored.
    """
    content = await json_body(request, limit=min(parts.body_limit, _BODY_LIMIT))
    # Refuses what `POST /v1/reports` would refuse.
    urgency = understand(read_draft(content, principal.kind), parts.intake, now).assessment.urgency
    report = parse(ReportIn, content).model_dump(mode="json", exclude_none=True)
    kind = media_type_for(request.headers.get("accept"), (HTML, PDF))
    wording = _wording(voice)
    body = await _rendering.run(lambda: _render(wording, kind, report, urgency))
    return Response(body, 200, _headers(wording, kind), _content_type(kind))


@router.get(
    "/report-form",
    operation_id="readReportForm",
    response_class=Response,
    responses={
        **NOT_MODIFIED,
        200: {"description": "An Excel file", "content": {XLSX: _BINARY}},
    },
)
async def get_report_form(request: Request, voice: InLanguage) -> Response:
    """The spreadsheet form for partners without a system of their own: one report a row, with
    drop-down lists. `tessera import` reads it back.
    """
    wording = _wording(voice)
    name = f"tessera-report-form-{wording.spoken}.xlsx"
    headers = {
        "Content-Language": wording.spoken,
        "Vary": "Accept-Language",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return published(request, await _empty(wording, XLSX), XLSX, headers)


def _wording(voice: Voice) -> Wording:
    return Wording(voice.protocol, voice.language, country_names(voice.language))


async def _empty(wording: Wording, kind: str) -> bytes:
    key = (wording.catalogue.version, wording.language, kind)
    if key not in _made:
        _made[key] = await _rendering.run(lambda: _render(wording, kind, None))
    return _made[key]


def _render(
    wording: Wording,
    kind: str,
    report: Mapping[str, object] | None,
    urgency: Urgency = Urgency.NONE_KNOWN,
) -> bytes:
    if kind == XLSX:
        # what it needs is slow to load, and seldom needed
        from app.gateways.template_report.workbook import render_workbook

        return render_workbook(wording)
    document = build_document(wording, report, urgency)
    return render_paper(document) if kind == PDF else render_page(document).encode()


def _content_type(kind: str) -> str:
    return f"{HTML}; charset=utf-8" if kind == HTML else kind


def _headers(wording: Wording, kind: str) -> dict[str, str]:
    told = {"Content-Language": wording.spoken, "Vary": _VARY}
    if kind == HTML:
        return told | {"Content-Security-Policy": page_policy()}
    return told | {"Content-Disposition": f'inline; filename="report-{wording.spoken}.pdf"'}
