"""Leads, for agencies: what was found, why, what happened, and what came of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic_core import to_json
from starlette.responses import Response

from app.api.answers import MOVED, json_answer, moved
from app.api.auth import LeadReader, LeadWriter
from app.api.bodies import json_body, json_request, parse
from app.api.deps import Now, Parts, StatedPurpose, WriteTx
from app.api.pagination import After, Limit, decode_cursor, encode_cursor
from app.api.v1 import lead_views
from app.api.v1.schemas.explaining import PastLeadOut
from app.api.v1.schemas.leads import (
    HistoryOut,
    LeadOut,
    LeadPage,
    LeadReportsOut,
    LinksOut,
    OutcomeIn,
    OutcomeOut,
)
from app.api.v1.schemas.report import Code, Country, Moment, Nuts, moment_of
from app.domain.acting import caller
from app.domain.audit import Action, Actor, By
from app.domain.errors import NotFoundError
from app.domain.indicators import Catalogue, Form
from app.domain.leads import LeadStatus
from app.domain.reports import ReportStatus
from app.intake.members import Member, Page, Visit
from app.linking.restricted import seen_by
from app.services.explain_links import explain_links
from app.services.read_lead import read_lead
from app.services.read_past_lead import PastLead, read_past_lead
from app.services.record_outcome import Outcome, record_outcome
from app.storage.repositories import audit, feedback, leads, nearby
from app.storage.repositories.leads import LeadFilter
from app.storage.session import writing

router = APIRouter(prefix="/v1/leads", tags=["leads"])
Sort = Literal["-score", "-updated_at"]
AsOf = Annotated[
    Moment | None,
    Query(description="the reports that it had at this time; a date means midnight UTC"),
]


@router.get("", operation_id="listLeads", response_model=LeadPage)
async def list_leads(
    principal: LeadReader,
    parts: Parts,
    connection: WriteTx,
    now: Now,
    status: LeadStatus | None = None,
    form: Form | None = None,
    country: Annotated[Country | None, Query()] = None,
    nuts: Annotated[Nuts | None, Query(description="a NUTS code or the beginning of one")] = None,
    indicator: Annotated[Code | None, Query()] = None,
    min_score: Annotated[float | None, Query(ge=0, le=100, allow_inf_nan=False)] = None,
    min_reports: Annotated[int, Query(ge=1, le=10_000)] = 1,
    updated_since: Annotated[Moment | None, Query()] = None,
    has_children: bool | None = None,
    sort: Sort = "-score",
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """Leads that you may know of, strongest or newest first. Persons and values are not shown in
    lists. What a lead is found by and shows is what you may read of its reports; its score is one
    for all, of what everybody may read who may know of the lead.
    """
    wanted = LeadFilter(
        status=status.value if status else None,
        form=form.value if form else None,
        country=country,
        nuts=nuts,
        indicator=(parts.catalogue.common(indicator) or indicator) if indicator else None,
        min_score=min_score,
        min_reports=min_reports,
        updated_since=moment_of(updated_since) if updated_since else None,
        has_children=has_children,
    )
    column = sort.removeprefix("-")
    kind = f"leads:{column}"
    key = parts.keyring.cursor
    behind = lead_views.position(column, decode_cursor(key, kind, after)) if after else None
    found = await leads.list_leads(
        connection, wanted, principal, sort=column, after=behind, limit=limit + 1
    )
    following = None
    if len(found) > limit:
        last = found[limit - 1]
        following = encode_cursor(key, kind, [getattr(last, column), str(last.id)])
    seen = await seen_by(connection, found[:limit], principal, parts.catalogue)
    items = [lead_views.summary(lead) for lead in seen]
    shown = [lead.id for lead in seen]
    audit.record(connection, By(Actor.of(principal), now), Action.LEADS_LISTED, shown)
    return json_answer({"items": items, "next": following})


@router.get(
    "/{lead_id:uuid}",
    operation_id="readLead",
    response_model=LeadOut | PastLeadOut,
    responses=MOVED,
)
async def get_lead(
    lead_id: UUID,
    principal: LeadReader,
    purpose: StatedPurpose,
    parts: Parts,
    connection: WriteTx,
    now: Now,
    as_of: AsOf = None,
) -> Response:
    """A lead: score, assessment, persons and values of the reports that you may read. With `as_of`
    which reports it had at that time, and nothing else, for nothing else is kept of the past.
    """
    visit = Visit(principal, purpose, now)
    if as_of is not None:
        past = await read_past_lead(
            connection, lead_id, moment_of(as_of), visit=visit, sealer=parts.sealer
        )
        return _moved_then(past) if past.merged_into is not None else json_answer(_past(past))
    opened = await read_lead(connection, lead_id, visit=visit, sealer=parts.sealer)
    if opened.lead.merged_into is not None:
        return moved(opened.lead.merged_into)
    [seen] = await seen_by(connection, [opened.lead], principal, parts.catalogue)
    texts = lead_views.visible_values(opened.members, parts.keyring)
    near = await nearby.of_lead(connection, lead_id, principal, values=texts)
    if near:
        audit.record(connection, visit.by, Action.LEADS_LISTED, [each.lead_id for each in near])
    body = lead_views.whole(replace(opened, lead=seen), parts.catalogue)
    body["nearby"] = [lead_views.near(each, texts) for each in near]
    return json_answer(body, headers={"ETag": f'"{opened.lead.version}"'})


@router.get(
    "/{lead_id:uuid}/reports",
    operation_id="readLeadReports",
    response_model=LeadReportsOut,
    responses=MOVED,
)
async def get_lead_reports(
    lead_id: UUID,
    principal: LeadReader,
    purpose: StatedPurpose,
    parts: Parts,
    connection: WriteTx,
    now: Now,
    limit: Limit = 50,
    after: After = None,
    as_of: AsOf = None,
) -> Response:
    """The member reports: whole where you may read them, else a stub that says whom to ask. With
    `as_of` those that it had at that time, as they read today; one that was withdrawn since is
    a stub with `withdrawn`.
    """
    then = None if as_of is None else moment_of(as_of)
    key, kind = parts.keyring.cursor, f"lead-reports:{lead_id}"
    if then is not None:
        kind += f":{then.isoformat()}"
    page = Page(UUID(decode_cursor(key, kind, after)) if after else None, limit + 1)
    visit, sealer = Visit(principal, purpose, now), parts.sealer
    if then is not None:
        past = await read_past_lead(
            connection, lead_id, then, visit=visit, sealer=sealer, page=page
        )
        if past.merged_into is not None:
            return _moved_then(past, "/reports")
        found, items = past.members, [_past_member(m, parts.catalogues) for m in past.members]
    else:
        opened = await read_lead(connection, lead_id, visit=visit, sealer=sealer, page=page)
        if opened.lead.merged_into is not None:
            return moved(opened.lead.merged_into, "/reports")
        found = opened.members
        items = [lead_views.member(member, parts.catalogues) for member in found]
    more = len(found) > limit
    following = encode_cursor(key, kind, str(found[limit - 1].record.id)) if more else None
    return json_answer({"items": items[:limit], "next": following})


@router.get(
    "/{lead_id:uuid}/links", operation_id="explainLead", response_model=LinksOut, responses=MOVED
)
async def get_lead_links(
    lead_id: UUID,
    principal: LeadReader,
    purpose: StatedPurpose,
    parts: Parts,
    connection: WriteTx,
    now: Now,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """Why these reports are together: each link with its parts in bits, adding up to the total."""
    key, kind = parts.keyring.cursor, f"lead-links:{lead_id}"
    behind = int(decode_cursor(key, kind, after)) if after else 0
    explanation = await explain_links(
        connection, lead_id, principal, parts.model, behind=behind, limit=limit + 1
    )
    opened = await read_lead(
        connection,
        lead_id,
        visit=Visit(principal, purpose, now),
        sealer=parts.sealer,
        only=explanation.reports(),
    )
    if opened.lead.merged_into is not None:
        return moved(opened.lead.merged_into, "/links")
    body = lead_views.links(opened, explanation, parts.keyring)
    more = len(body["items"]) > limit
    return json_answer(
        {
            "items": body["items"][:limit],
            "not_linking": body["not_linking"],
            "threshold": parts.model.thresholds.link,
            "attach_threshold": parts.model.thresholds.attach,
            "model_version": parts.model.version,
            "next": encode_cursor(key, kind, behind + limit) if more else None,
        }
    )


@router.get(
    "/{lead_id:uuid}/history",
    operation_id="readLeadHistory",
    response_model=HistoryOut,
    responses=MOVED,
)
async def get_lead_history(
    lead_id: UUID,
    principal: LeadReader,
    parts: Parts,
    connection: WriteTx,
    now: Now,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """What happened to the lead, oldest first: created, grew, merged, split, and the outcomes
    with their messages and internal notes, those of leads merged into it included.
    """
    lead = await leads.find(connection, lead_id, principal)
    if lead is None:
        raise NotFoundError
    if lead.merged_into is not None:
        return moved(lead.merged_into, "/history")
    events = await leads.history(connection, lead_id, principal)
    outcomes = await feedback.outcomes_of(connection, lead_id)
    audit.record(connection, By(Actor.of(principal), now), Action.LEAD_HISTORY_READ, [lead_id])
    told = [lead_views.outcome(each, parts.sealer) for each in outcomes]
    items = lead_views.told_history(events, told)
    return json_answer(_slice(items, parts, f"lead-history:{lead_id}", limit, after))


@router.post(
    "/{lead_id:uuid}/outcomes",
    operation_id="recordOutcome",
    status_code=201,
    response_model=OutcomeOut,
    openapi_extra=json_request("OutcomeIn"),
)
async def post_outcome(
    request: Request, lead_id: UUID, principal: LeadWriter, parts: Parts, now: Now
) -> Response:
    """Record what became of a lead. Every contributing reporter is told the status and
    `message`; `internal_note` stays with agencies.
    """
    outcome = parse(OutcomeIn, await json_body(request, limit=parts.body_limit))
    async with writing(parts.database.engine, caller(principal)) as connection:
        row = await record_outcome(
            connection,
            lead_id,
            Outcome(LeadStatus(outcome.status), outcome.message, outcome.internal_note, None),
            principal=principal,
            sealer=parts.sealer,
            now=now,
        )
    body = {"id": str(row.id), "lead_id": str(lead_id), "status": row.status, "at": row.at}
    return json_answer(body, 201)


def _slice(
    items: list[Any], parts: Parts, kind: str, limit: int, after: str | None
) -> dict[str, Any]:
    """One page of a list that is at hand as a whole."""
    start = int(decode_cursor(parts.keyring.cursor, kind, after)) if after else 0
    end = start + limit
    following = encode_cursor(parts.keyring.cursor, kind, end) if end < len(items) else None
    return {"items": items[start:end], "next": following}


def _moved_then(past: PastLead, suffix: str = "") -> Response:
    """To the lead that stood in the place of this one at the time that was asked for."""
    heir = str(past.merged_into)
    at = to_json(past.at).decode().strip('"')
    location = f"/v1/leads/{heir}{suffix}?as_of={at}"
    return json_answer({"merged_into": heir}, 301, {"Location": location})


def _past(past: PastLead) -> dict[str, Any]:
    return {
        "id": str(past.lead.id),
        "as_of": past.at,
        "created_at": past.lead.created_at,
        "report_count": len(past.reports),
        "members": [str(report_id) for report_id in past.reports],
    }


def _past_member(member: Member, catalogues: Mapping[str, Catalogue]) -> dict[str, Any]:
    """A member of the past: of one that was withdrawn since nothing is left but that it was."""
    if member.record.status == ReportStatus.WITHDRAWN:
        return {"id": str(member.record.id), "withheld": True, "withdrawn": True}
    return {**lead_views.member(member, catalogues), "withdrawn": False}
