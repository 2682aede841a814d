"""Feedback: what a reporting organisation is told about its own reports."""

import json
import time
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic_core import to_json
from starlette.responses import Response

from app.api.auth import FeedbackReader
from app.api.deps import Installation, Parts
from app.api.pagination import After, Limit, decode_cursor, encode_cursor
from app.api.v1.schemas.feedback import FeedbackPage
from app.crypto.sealing import Sealer
from app.domain.access import Principal
from app.domain.acting import caller
from app.domain.errors import NotFoundError
from app.services.record_outcome import OUTCOME_TABLE
from app.storage.repositories import feedback, reports
from app.storage.repositories.feedback import FeedbackRow
from app.storage.session import reading

router = APIRouter(prefix="/v1", tags=["feedback"])
_CURSOR = "feedback"
_LOOK_AGAIN_SECONDS = 10.0
Wait = Annotated[int, Query(ge=0, le=30, description="seconds to wait for something new")]


@router.get("/feedback", operation_id="readFeedback", response_model=FeedbackPage)
async def read_feedback(
    principal: FeedbackReader, parts: Parts, after: After = None, wait: Wait = 0, limit: Limit = 50
) -> Response:
    """Your organisation's feed, in one order; each event once, none skipped.

    `next` is the cursor to go on from, also when nothing is there yet. `wait` holds the answer
    until there is something.
    """
    return await _page(parts, principal, after, wait, limit)


@router.get(
    "/reports/{report_id:uuid}/feedback",
    operation_id="readReportFeedback",
    response_model=FeedbackPage,
)
async def read_report_feedback(
    report_id: UUID,
    principal: FeedbackReader,
    parts: Parts,
    after: After = None,
    wait: Wait = 0,
    limit: Limit = 50,
) -> Response:
    """The feedback on one of your reports."""
    own = principal.organisation_id
    async with reading(parts.database.engine, caller(principal)) as connection:
        if await reports.find(connection, report_id, organisation_id=own) is None:
            raise NotFoundError
    return await _page(parts, principal, after, wait, limit, report_id)


async def _page(
    parts: Installation,
    principal: Principal,
    after: str | None,
    wait: int,
    limit: int,
    report_id: UUID | None = None,
) -> Response:
    key = parts.keyring.cursor
    kind = f"{_CURSOR}:{principal.organisation_id}"
    position = int(decode_cursor(key, kind, after)) if after else 0
    rows = await _rows(parts, principal, position, wait, limit, report_id)
    items = [_item(row, parts.sealer, encode_cursor(key, kind, row.position)) for row in rows]
    last = items[-1]["cursor"] if items else encode_cursor(key, kind, position)
    return Response(to_json({"items": items, "next": last}), media_type="application/json")


async def _rows(
    parts: Installation,
    principal: Principal,
    position: int,
    wait: float,
    limit: int,
    report_id: UUID | None,
) -> list[FeedbackRow]:
    """The rows behind a position. No connection is held while there is nothing to read."""
    until = time.monotonic() + wait
    organisation_id = principal.organisation_id
    with parts.listener.expect(feedback.CHANNEL, str(organisation_id)) as news:
        while True:
            async with reading(parts.database.engine, caller(principal)) as connection:
                rows = await feedback.read_feed(
                    connection, organisation_id, after=position, limit=limit, report_id=report_id
                )
            left = until - time.monotonic()
            if rows or left <= 0 or parts.listener.is_closing:
                return rows
            await news.wait(min(left, _LOOK_AGAIN_SECONDS))


def _item(row: FeedbackRow, sealer: Sealer, cursor: str) -> dict[str, Any]:
    told = None
    if row.sealed is not None:
        told = json.loads(sealer.unseal(row.sealed, table=OUTCOME_TABLE, record=row.outcome_id))
    return {
        "cursor": cursor,
        "report_id": str(row.report_id),
        "external_ref": row.external_ref,
        "status": row.status,
        "message": told["message"] if told else None,
        "at": row.at,
    }
