"""Why two reports are together or apart, for agencies: the chain between them, and the pair itself
compared anew.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.api.answers import MOVED, json_answer, moved
from app.api.auth import LeadReader
from app.api.bodies import json_body, json_request, parse
from app.api.deps import Installation, Now, Parts, StatedPurpose, WriteTx
from app.api.v1 import lead_views
from app.api.v1.schemas.explaining import PairExplanation, PairIn, PathOut
from app.crypto.blind_index import open_index
from app.domain.acting import LINKER, caller
from app.domain.errors import Fault, InvalidInputError, NotFoundError
from app.domain.linkage.reasons import Reason
from app.intake.members import Member, Visit, log_read
from app.linking.comparing import Comparing
from app.services.explain_pair import ExplainedPair, explain_pair
from app.services.find_path import Chain, Search, find_path
from app.services.read_lead import OpenedLead, read_lead
from app.services.read_reports import read_reports
from app.storage.repositories import lead_links, leads
from app.storage.repositories.lead_links import FullLink
from app.storage.session import acting, reading, writing

router = APIRouter(prefix="/v1", tags=["leads"])
_DETAIL = {
    Reason.LINKED: "Strong evidence between the two reaches the threshold.",
    Reason.ATTACHED: "Weak evidence attaches the small group of one to the lead of the other.",
    Reason.JOINED: "An analyst joined the two.",
    Reason.SAME_LEAD_BY_OTHERS: "They do not link each other; other reports of the lead link "
    "both. The path between them shows how.",
    Reason.NOTHING_IN_COMMON: "They have nothing in common that could link them.",
    Reason.BELOW_THRESHOLD: "What speaks for a link, less what speaks against it, does not reach "
    "the threshold.",
    Reason.WEAK_ALONE: "All that agrees is of kinds that never link two reports by themselves.",
    Reason.ONLY_SHARED_VALUES: "All that they share is values that link nobody.",
    Reason.SEPARATED: "An analyst's judgement keeps them, or the leads that they are in, apart.",
    Reason.CUT: "The links between them were a weak bridge between large groups of reports, "
    "and were cut.",
    Reason.NOT_COMPARED: "They have not been compared with each other: so many share what they "
    "share that not every pair is looked at, or they were linked under another model.",
    Reason.OTHER_CIRCLE: "Not the same agencies may know of the two, so they are never linked; a "
    "lead names those near it that share a value.",
    Reason.WAITING: "One of them, or a change that concerns them, is still waiting to be linked.",
}

_NO_EVIDENCE: Mapping[str, Any] = {
    "match_weight": None, "strong": None, "withheld": False, "model_version": None, "parts": [],
}  # fmt: skip


@router.get(
    "/leads/{lead_id:uuid}/path",
    operation_id="findPath",
    response_model=PathOut,
    responses=MOVED,
)
async def get_path(
    lead_id: UUID,
    principal: LeadReader,
    purpose: StatedPurpose,
    parts: Parts,
    connection: WriteTx,
    now: Now,
    start: Annotated[UUID, Query(alias="from", description="a report of the lead")],
    end: Annotated[UUID, Query(alias="to", description="another one")],
) -> Response:
    """The chain of links between two reports of the lead: the shortest, and of several of these
    the one whose weakest link is strongest. Of links with reports that you may not read only the
    hits are shown.
    """
    lead = await leads.find(connection, lead_id, principal)
    if lead is None:
        raise NotFoundError
    if lead.merged_into is not None:
        return moved(lead.merged_into, f"/path?from={start}&to={end}")
    search = Search(lead_id, start, end, principal)
    chain = await find_path(connection, search, model=parts.model)
    opened = await read_lead(
        connection,
        lead_id,
        visit=Visit(principal, purpose, now),
        sealer=parts.sealer,
        only=set(chain.reports),
    )
    links = [hop.link for hop in chain.hops]
    values = {part.value for link in links if link for part in link.parts if part.value}
    carriers = await lead_links.count_carriers(connection, values)
    return json_answer(_path(opened, chain, links, carriers, parts))


@router.post(
    "/links/explain",
    operation_id="explainPair",
    response_model=PairExplanation,
    openapi_extra=json_request("PairIn"),
)
async def post_explain(
    request: Request, principal: LeadReader, purpose: StatedPurpose, parts: Parts, now: Now
) -> Response:
    """Why two reports that you may read are, or are not, in one lead. They are compared at this
    moment; nothing is changed by it.
    """
    pair = parse(PairIn, await json_body(request, limit=parts.body_limit))
    comparing = Comparing(parts.model, parts.keyring, parts.sealer)
    one, other = pair.reports
    if one == other:
        raise InvalidInputError(faults=(Fault("/reports/1", "must be another report"),))
    # One state of the data, which a transaction that writes would not see.
    async with reading(parts.database.engine, caller(principal)) as connection:
        members = await read_reports(connection, pair.reports, principal, parts.sealer)
        # Compared as the linker compares, among reports that the caller may not read.
        async with acting(connection, LINKER):
            found = await explain_pair(connection, one, other, comparing=comparing)
    async with writing(parts.database.engine, caller(principal)) as connection:
        log_read(connection, members, Visit(principal, purpose, now))
    return json_answer(_explanation(pair, found, members, parts))


def _path(
    opened: OpenedLead,
    chain: Chain,
    links: Sequence[FullLink | None],
    carriers: Mapping[bytes, int],
    parts: Installation,
) -> dict[str, Any]:
    texts = lead_views.visible_values(opened.members, parts.keyring)
    hops = []
    for hop, found in zip(chain.hops, links, strict=True):
        shown = lead_views.link(found, carriers, texts) if found else _NO_EVIDENCE
        kind = "judgement" if hop.judged else "link"
        hops.append({**shown, "kind": kind, "reports": [str(each) for each in hop.reports]})
    return {
        "reports": [str(report_id) for report_id in chain.reports],
        "links": hops,
        "weakest": chain.weakest,
    }


def _explanation(
    pair: PairIn, found: ExplainedPair, members: Sequence[Member], parts: Installation
) -> dict[str, Any]:
    texts = lead_views.visible_values(members, parts.keyring)
    judgement = found.judgement
    return {
        "reports": [str(report_id) for report_id in pair.reports],
        "together": found.together,
        "leads": [None if lead is None else str(lead) for lead in found.leads],
        "reason": found.reason.value,
        "detail": _DETAIL[found.reason],
        "match_weight": found.evidence.weight,
        "strong": found.evidence.strong,
        "threshold": parts.model.thresholds.link,
        "attach_threshold": parts.model.thresholds.attach,
        "parts": [lead_views.part(each, found.carriers, texts) for each in found.evidence.parts],
        "not_linking": [
            {
                "kind": each.kind,
                "value": texts.get(open_index(each.value_index)),
                "carriers": found.carriers.get(each.value_index, 0),
                "reason": each.reason,
                "note": each.note,
            }
            for each in found.not_linking
        ],
        "judgement": judgement and {"kind": judgement.kind, "at": judgement.at},
        "model_version": parts.model.version,
    }
