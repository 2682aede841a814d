"""Decisions, for agencies: two reports belong together or apart, whatever linking finds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.answers import MOVED, json_answer, moved
from app.api.auth import LeadReader, LeadWriter
from app.api.bodies import json_body, json_request, parse
from app.api.deps import Now, Parts, WriteTx
from app.api.pagination import After, Limit, decode_cursor, encode_cursor
from app.api.v1.schemas.decisions import DecisionIn, DecisionOut, DecisionPage
from app.crypto.sealing import Sealer
from app.domain.acting import caller
from app.domain.audit import Action, Actor, By
from app.domain.errors import NotFoundError
from app.services.judge_reports import JUDGEMENT_TABLE, Judgement, judge_reports
from app.services.list_decisions import Decision, list_decisions
from app.storage.repositories import audit, leads
from app.storage.repositories.judgements import JudgementRow
from app.storage.session import writing

router = APIRouter(prefix="/v1/leads", tags=["decisions"])


@router.post(
    "/{lead_id:uuid}/decisions",
    operation_id="decide",
    status_code=201,
    response_model=DecisionOut,
    openapi_extra=json_request("DecisionIn"),
)
async def post_decision(
    request: Request, lead_id: UUID, principal: LeadWriter, parts: Parts, now: Now
) -> Response:
    """Judge that two reports belong together (`join`) or apart (`separate`). It is kept over any
    relinking; a later decision on the same two reports takes its place.
    """
    given = parse(DecisionIn, await json_body(request, limit=parts.body_limit))
    one, other = given.reports
    async with writing(parts.database.engine, caller(principal)) as connection:
        row = await judge_reports(
            connection,
            lead_id,
            Judgement(given.kind, (one, other), given.reason),
            principal=principal,
            sealer=parts.sealer,
            now=now,
        )
    return json_answer(decision(row), 201)


@router.get(
    "/{lead_id:uuid}/decisions",
    operation_id="listDecisions",
    response_model=DecisionPage,
    responses=MOVED,
)
async def get_decisions(
    lead_id: UUID,
    principal: LeadReader,
    parts: Parts,
    connection: WriteTx,
    now: Now,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """The decisions on reports of this lead, newest first, wherever they were made."""
    lead = await leads.find(connection, lead_id, principal)
    if lead is None:
        raise NotFoundError
    if lead.merged_into is not None:
        return moved(lead.merged_into, "/decisions")
    key, kind = parts.keyring.cursor, f"lead-decisions:{lead_id}"
    found = await list_decisions(
        connection,
        lead_id,
        principal=principal,
        behind=_position(decode_cursor(key, kind, after)) if after else None,
        limit=limit + 1,
    )
    audit.record(connection, By(Actor.of(principal), now), Action.DECISIONS_READ, [lead_id])
    following = None
    if len(found) > limit:
        last = found[limit - 1].row
        following = encode_cursor(key, kind, [last.at, last.id])
    items = [_listed(each, parts.sealer) for each in found[:limit]]
    return json_answer({"items": items, "next": following})


def decision(row: JudgementRow) -> dict[str, Any]:
    """A decision as the one who made it is answered."""
    return {
        "id": str(row.id),
        "kind": row.kind,
        "reports": [str(report_id) for report_id in row.pair],
        "lead_id": str(row.lead_id),
        "at": row.at,
        "organisation": str(row.organisation_id),
    }


def _listed(one: Decision, sealer: Sealer) -> dict[str, Any]:
    row, reason = one.row, None
    if one.readable:
        reason = sealer.unseal(row.sealed, table=JUDGEMENT_TABLE, record=row.id).decode()
    return {
        **decision(row),
        "in_force": one.in_force,
        "reason": reason,
        "withheld": not one.readable,
    }


def _position(cursor: list[str]) -> tuple[datetime, UUID]:
    at, id_ = cursor
    return datetime.fromisoformat(at), UUID(id_)
