"""Proposals, for agencies: leads that may belong together, for a person to judge."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.answers import json_answer
from app.api.auth import LeadReader, LeadWriter
from app.api.bodies import json_body, json_request, parse
from app.api.deps import Installation, Now, Parts, StatedPurpose, WriteTx
from app.api.pagination import After, Limit, decode_cursor, encode_cursor
from app.api.v1 import lead_views
from app.api.v1.decisions import decision
from app.api.v1.schemas.decisions import AnswerIn, DecisionOut, ProposalPage
from app.domain.access import Principal
from app.domain.acting import caller
from app.domain.errors import InvalidInputError, LeadMergedError, NotFoundError
from app.intake.members import Visit
from app.services.find_proposal import find_proposal
from app.services.judge_reports import Judgement, judge_reports
from app.services.list_proposals import Proposals, list_proposals
from app.storage.repositories import lead_links
from app.storage.repositories.links import Pair
from app.storage.repositories.proposals import Behind
from app.storage.session import ReadConnection, writing

router = APIRouter(prefix="/v1/proposals", tags=["decisions"])
_KIND = "proposals"
_UUID = 16


@router.get("", operation_id="listProposals", response_model=ProposalPage)
async def get_proposals(
    principal: LeadReader,
    purpose: StatedPurpose,
    parts: Parts,
    connection: WriteTx,
    now: Now,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """Pairs of leads that links cross which did not join them, the strongest first, each with
    its strongest link as in the links of a lead. Only links between reports that you may read.
    """
    key = parts.keyring.cursor
    page = await list_proposals(
        connection,
        parts.model,
        visit=Visit(principal, purpose, now),
        sealer=parts.sealer,
        behind=_position(decode_cursor(key, _KIND, after)) if after else None,
        limit=limit,
    )
    following = None
    if page.more:
        last = page.items[-1].link
        following = encode_cursor(key, _KIND, [last.weight, *last.reports])
    items = await _shown(connection, page, parts)
    return json_answer({"items": items, "next": following})


@router.post(
    "/{proposal_id}/accept",
    operation_id="acceptProposal",
    status_code=201,
    response_model=DecisionOut,
    openapi_extra=json_request("AnswerIn"),
)
async def accept_proposal(
    request: Request, proposal_id: str, principal: LeadWriter, parts: Parts, now: Now
) -> Response:
    """Judge that the two reports of the strongest link belong together, which joins the leads."""
    given = parse(AnswerIn, await json_body(request, limit=parts.body_limit))
    leads = _leads_of(proposal_id)
    return await _answer(parts, leads, "join", given.reason, principal=principal, now=now)


@router.post(
    "/{proposal_id}/reject",
    operation_id="rejectProposal",
    status_code=201,
    response_model=DecisionOut,
    openapi_extra=json_request("AnswerIn"),
)
async def reject_proposal(
    request: Request, proposal_id: str, principal: LeadWriter, parts: Parts, now: Now
) -> Response:
    """Judge that the two reports of the strongest link belong apart. The leads are proposed again
    only if a stronger link turns up.
    """
    given = parse(AnswerIn, await json_body(request, limit=parts.body_limit))
    leads = _leads_of(proposal_id)
    return await _answer(parts, leads, "separate", given.reason, principal=principal, now=now)


async def _answer(
    parts: Installation,
    leads: Pair,
    kind: Literal["join", "separate"],
    reason: str,
    *,
    principal: Principal,
    now: datetime,
) -> Response:
    async with writing(parts.database.engine, caller(principal)) as connection:
        pair = await find_proposal(connection, leads, parts.model, reader=principal)
        try:
            row = await judge_reports(
                connection,
                leads[0],
                Judgement(kind, pair, reason),
                principal=principal,
                sealer=parts.sealer,
                now=now,
            )
        except (InvalidInputError, LeadMergedError):
            # A report that the caller may not read, or leads that changed in this moment: either
            # way there is nothing here that the caller could decide.
            raise NotFoundError from None
    return json_answer(decision(row), 201)


async def _shown(
    connection: ReadConnection, page: Proposals, parts: Installation
) -> list[dict[str, Any]]:
    links = [each.link for each in page.items]
    shared = {part.value for link in links for part in link.parts if part.value is not None}
    carriers = await lead_links.count_carriers(connection, shared)
    texts = lead_views.values_in(page.contents.values(), parts.keyring)
    return [
        {
            "id": _id_of(proposal.leads),
            "leads": [str(lead_id) for lead_id in proposal.leads],
            "match_weight": link.weight,
            "link_count": proposal.link_count,
            "link": lead_views.link(link, carriers, texts),
            "reason": proposal.reason,
        }
        for proposal, link in zip(page.items, links, strict=True)
    ]


def _id_of(leads: Pair) -> str:
    """The id of a proposal: that of its two leads, in base64url."""
    return urlsafe_b64encode(leads[0].bytes + leads[1].bytes).rstrip(b"=").decode()


def _leads_of(proposal_id: str) -> Pair:
    """The two leads of a proposal. Raises NotFoundError for what is no id of one."""
    try:
        data = urlsafe_b64decode(proposal_id.encode() + b"=" * (-len(proposal_id) % 4))
    except (Base64Error, ValueError):
        raise NotFoundError from None
    if len(data) != 2 * _UUID:
        raise NotFoundError
    return UUID(bytes=data[:_UUID]), UUID(bytes=data[_UUID:])


def _position(cursor: list[Any]) -> Behind:
    weight, lo, hi = cursor
    return Behind(float(weight), UUID(lo), UUID(hi))
