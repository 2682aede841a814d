"""The access log: all of it for auditors, and for an organisation who read its reports."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.api.answers import json_answer
from app.api.auth import AuditReader, ReportReader
from app.api.deps import Now, Parts, WriteTx
from app.api.pagination import After, Limit, decode_cursor, encode_cursor
from app.api.v1.schemas.audit import AccessesOut, AuditPage
from app.api.v1.schemas.report import Moment, moment_of
from app.crypto.audit_chain import LoggedEntry
from app.domain.audit import Action, Actor, By
from app.services.read_accesses import read_accesses
from app.services.read_audit import EntriesShown, read_audit
from app.storage.repositories.audit_log import EntryFilter

router = APIRouter(prefix="/v1", tags=["audit"])
_CURSOR = "audit"


@router.get("/audit", operation_id="readAudit", response_model=AuditPage)
async def get_audit(
    principal: AuditReader,
    parts: Parts,
    connection: WriteTx,
    now: Now,
    action: Action | None = None,
    organisation: Annotated[UUID | None, Query(description="who acted")] = None,
    object_: Annotated[
        UUID | None, Query(alias="object", description="what was acted on: a report, a lead …")
    ] = None,
    since: Annotated[Moment | None, Query(description="that time or later")] = None,
    until: Annotated[Moment | None, Query(description="before that time")] = None,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """Who collected, altered, read, was told, combined or erased what, newest first. Ids and codes
    alone. That you read it is logged too.
    """
    key = parts.keyring.cursor
    page = await read_audit(
        connection,
        EntryFilter(
            action,
            organisation,
            object_,
            None if since is None else moment_of(since),
            None if until is None else moment_of(until),
        ),
        by=By(Actor.of(principal), now),
        after=_position(decode_cursor(key, _CURSOR, after)) if after else None,
        limit=limit,
    )
    following = None
    if page.more:
        last = page.entries[-1]
        following = encode_cursor(key, _CURSOR, [last.at, last.id])
    return json_answer({"items": [_item(each, page) for each in page.entries], "next": following})


@router.get(
    "/reports/{report_id:uuid}/accesses", operation_id="readAccesses", response_model=AccessesOut
)
async def get_accesses(
    report_id: UUID, principal: ReportReader, connection: WriteTx, now: Now
) -> Response:
    """Who has read one of your reports, how often and for what; without times and persons."""
    rows = await read_accesses(connection, report_id, principal=principal, now=now)
    return json_answer(
        {
            "total": sum(row.count for row in rows),
            "last_day": max((row.last_day for row in rows), default=None),
            "items": [asdict(row) for row in rows],
        }
    )


def _item(entry: LoggedEntry, page: EntriesShown) -> dict[str, Any]:
    acting = entry.organisation_id
    return {
        "id": str(entry.id),
        "at": entry.at,
        "operation": Action(entry.action).operation.value,
        "action": entry.action,
        "actor": {
            "kind": entry.actor,
            "organisation": acting and {"id": str(acting), "name": page.names.get(acting)},
            "client_id": entry.client_id,
        },
        "purpose": entry.purpose,
        "object_kind": entry.object_kind,
        "objects": [str(each) for each in entry.objects],
        "subject": entry.subject,
        "chain": entry.chain,
        "sequence": entry.sequence,
    }


def _position(cursor: list[str]) -> tuple[datetime, UUID]:
    at, id_ = cursor
    return datetime.fromisoformat(at), UUID(id_)
