"""Searching a value, for agencies: hit or no hit, in which leads, and whom to ask."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.answers import json_answer
from app.api.auth import AttributeSearcher
from app.api.bodies import json_body, json_request, parse
from app.api.deps import Now, Parts, StatedPurpose, WriteTx
from app.api.pagination import After, Limit, decode_cursor, encode_cursor
from app.api.v1 import lead_views
from app.api.v1.lead_assessment import sender
from app.api.v1.schemas.searching import SearchIn, SearchOut
from app.domain.attributes import Context
from app.intake.members import Visit
from app.linking.restricted import seen_by
from app.services.search_attribute import Found, Sought, search_attribute
from app.storage.repositories.nearby import Hit

router = APIRouter(prefix="/v1/attributes", tags=["leads"])
_KIND = "attribute-search"


@router.post(
    "/search",
    operation_id="searchAttribute",
    response_model=SearchOut,
    openapi_extra=json_request("SearchIn"),
)
async def post_search(
    request: Request,
    principal: AttributeSearcher,
    purpose: StatedPurpose,
    parts: Parts,
    connection: WriteTx,
    now: Now,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """Whether the network knows a value. Of each report that carries it you are told its lead, and
    whom to ask where you may not read it. Values of witnesses, helpers and reporters, and those of
    the stop-list, are not found.
    """
    asked = parse(SearchIn, await json_body(request, limit=parts.body_limit))
    key = parts.keyring.cursor
    sought = Sought(
        asked.kind,
        asked.value,
        asked.token,
        Context(country=asked.country, platform=asked.platform),
        UUID(decode_cursor(key, _KIND, after)) if after else None,
        limit,
    )
    found = await search_attribute(
        connection, sought, visit=Visit(principal, purpose, now), keyring=parts.keyring
    )
    leads = await seen_by(connection, found.leads, principal, parts.catalogue)
    following = encode_cursor(key, _KIND, str(found.hits[-1].report_id)) if found.more else None
    return json_answer(
        {
            "hit": bool(found.hits),
            "leads": [lead_views.summary(lead) for lead in leads],
            "reports": [_hit(hit, found) for hit in found.hits],
            "next": following,
        }
    )


def _hit(hit: Hit, found: Found) -> dict[str, Any]:
    withheld = not hit.readable
    return {
        "id": str(hit.report_id),
        "lead": None if hit.lead_id is None else str(hit.lead_id),
        "withheld": withheld,
        "ask": sender(found.senders[hit.organisation_id]) if withheld else None,
        "handling": {"code": hit.handling_code, "tlp": hit.tlp} if withheld else None,
    }
