"""The protocol, for everybody: catalogue, checklists, and what answers to them add up to.

Nothing of the answers is kept.
"""

import csv
import io
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic_core import to_json
from starlette.responses import Response

from app.api.answers import json_answer
from app.api.bodies import json_body, json_request, parse
from app.api.deps import Parts
from app.api.negotiation import language_for, media_type_for
from app.api.publishing import NOT_MODIFIED, published
from app.api.v1 import indicator_views, protocol_views
from app.api.v1.protocol_views import Voice
from app.api.v1.schemas.protocol import (
    AnsweredOut,
    AnswersIn,
    ChecklistOut,
    IndicatorsOut,
    ProtocolOut,
)
from app.domain.codes import LANGUAGE_PATTERN
from app.domain.errors import Fault, InvalidInputError, MalformedInputError, NotFoundError
from app.domain.indicators import Form
from app.domain.protocol.answering import find
from app.domain.protocol.checklists import Checklist
from app.domain.protocol.protocol import Protocol
from app.domain.protocol.texts import LANGUAGES, MASTER

router = APIRouter(prefix="/v1/protocol", tags=["protocol"])
_JSON = "application/json"
_CSV = "text/csv"
_BODY_LIMIT = 64 << 10
_Part = TypeVar("_Part")


async def _voice(
    parts: Parts,
    lang: Annotated[
        str | None,
        Query(
            description=f"one of {', '.join(LANGUAGES)}; goes before Accept-Language",
            json_schema_extra={"pattern": LANGUAGE_PATTERN},
            examples=["sk"],
        ),
    ] = None,
    version: Annotated[
        str | None, Query(description="a version of the protocol; without it the one in force")
    ] = None,
    accept_language: Annotated[
        str | None, Header(description="RFC 9110, 12.5.4; English where none of it is there")
    ] = None,
) -> Voice:
    language = language_for(lang, accept_language, offered=LANGUAGES, default=MASTER)
    if version is not None and version not in parts.protocols:
        raise NotFoundError
    protocol = parts.protocol if version is None else parts.protocols[version]
    return Voice(protocol, language)


InLanguage = Annotated[Voice, Depends(_voice)]


@router.get("", operation_id="readProtocol", response_model=ProtocolOut, responses=NOT_MODIFIED)
async def get_protocol(request: Request, voice: InLanguage) -> Response:
    """The version, its languages and their review, sectors, words, advice and rules."""
    return _told(request, protocol_views.overview(voice), voice)


@router.get(
    "/indicators",
    operation_id="listIndicators",
    response_model=IndicatorsOut,
    responses={
        **NOT_MODIFIED,
        200: {
            "description": "The catalogue; as CSV by `Accept: text/csv`",
            "content": {_CSV: {"schema": {"type": "string"}}},
        },
    },
)
async def get_indicators(
    request: Request,
    voice: InLanguage,
    form: Form | None = None,
    sector: Annotated[
        str | None, Query(description="those that the checklist of this sector reaches")
    ] = None,
    extension: Annotated[
        str | None, Query(description="the own codes of this extension", examples=["sk"])
    ] = None,
    profile: Annotated[
        str | None,
        Query(description="those of this profile, in its own words", examples=["helpline"]),
    ] = None,
) -> Response:
    """The indicators of the catalogue, retired ones included, all on one page; or the own codes
    of an extension, or those of a profile.
    """
    if extension is not None and profile is not None:
        detail = "extension and profile do not go together"
        raise MalformedInputError(detail)
    among = _reached_by(sector, voice.protocol)
    items = list(
        indicator_views.indicators(
            voice,
            form=form,
            among=among,
            extension=_named("extension", extension, voice.protocol.extensions),
            profile=_named("profile", profile, voice.protocol.profiles),
        )
    )
    headers = _headers(voice, vary="Accept, Accept-Language")
    if media_type_for(request.headers.get("accept"), (_JSON, _CSV)) == _CSV:
        return published(request, _as_csv(items), f"{_CSV}; charset=utf-8; header=present", headers)
    body = {
        "version": voice.protocol.version,
        "language": voice.language,
        "items": items,
        "next": None,
    }
    return published(request, to_json(body), _JSON, headers)


@router.get(
    "/checklists/{sector}",
    operation_id="readChecklist",
    response_model=ChecklistOut,
    responses=NOT_MODIFIED,
)
async def get_checklist(request: Request, sector: str, voice: InLanguage) -> Response:
    """The checklist of a sector: safety first, then the rule for children, then signs."""
    body = protocol_views.checklist(voice, _checklist_of(sector, voice.protocol))
    return _told(request, body, voice)


@router.post(
    "/checklists/{sector}/answers",
    operation_id="answerChecklist",
    response_model=AnsweredOut,
    openapi_extra=json_request("AnswersIn"),
)
async def post_answers(request: Request, sector: str, voice: InLanguage, parts: Parts) -> Response:
    """What answers add up to: indicators, assessment, what to ask next, what to do now, and a
    body for a report. Any part of a checklist may be answered. Nothing is stored.
    """
    checklist = _checklist_of(sector, voice.protocol)
    limit = min(parts.body_limit, _BODY_LIMIT)
    given = parse(AnswersIn, await json_body(request, limit=limit))
    faults = tuple(
        Fault(f"/answers/{each}", "not a question of this checklist")
        for each in given.answers
        if each not in checklist.by_id
    )
    if faults:
        raise InvalidInputError(faults=faults)
    finding = find(
        checklist,
        given.answers,
        catalogue=voice.protocol.catalogue,
        forms=frozenset(given.forms),
    )
    body = protocol_views.answered(voice, checklist.sector, finding, given.forms)
    return json_answer(body, headers=_headers(voice))


def _checklist_of(sector: str, protocol: Protocol) -> Checklist:
    if sector not in protocol.checklists:
        raise NotFoundError
    return protocol.checklists[sector]


def _named(parameter: str, name: str | None, known: Mapping[str, _Part]) -> _Part | None:
    if name is None:
        return None
    if name not in known:
        detail = f"{parameter} is one of {', '.join(known)}"
        raise MalformedInputError(detail)
    return known[name]


def _reached_by(sector: str | None, protocol: Protocol) -> frozenset[str] | None:
    if sector is None:
        return None
    if sector not in protocol.checklists:
        raise MalformedInputError(f"sector is one of {', '.join(protocol.checklists)}")
    return protocol.checklists[sector].reaches


def _told(request: Request, body: dict[str, Any], voice: Voice) -> Response:
    return published(request, to_json(body), _JSON, _headers(voice))


def _headers(voice: Voice, *, vary: str = "Accept-Language") -> dict[str, str]:
    return {"Content-Language": voice.content_language, "Vary": vary}


def _as_csv(items: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(indicator_views.CSV_COLUMNS)
    writer.writerows(indicator_views.csv_row(each) for each in items)
    return text.getvalue().encode()
