"""Tell an organisation who read one of its reports."""

from datetime import datetime
from uuid import UUID

from app.domain.access import Principal
from app.domain.acting import AUDIT
from app.domain.audit import Action, Actor, By
from app.domain.errors import NotFoundError
from app.storage.repositories import audit, audit_log, reports
from app.storage.repositories.audit_log import AccessRow
from app.storage.session import WriteConnection, acting


async def read_accesses(
    connection: WriteConnection, report_id: UUID, *, principal: Principal, now: datetime
) -> list[AccessRow]:
    """How often which organisation has read the caller's report, also one that was withdrawn
    since, and for what. That this was asked is logged. Raises NotFoundError.
    """
    own = principal.organisation_id
    if await reports.find(connection, report_id, organisation_id=own) is None:
        raise NotFoundError
    audit.record(connection, By(Actor.of(principal), now), Action.ACCESSES_READ, [report_id])
    async with acting(connection, AUDIT):
        return await audit_log.count_accesses(connection, report_id)
