"""Withdraw a report: its content is erased at once, its links are undone by the linker."""

from datetime import datetime
from uuid import UUID

from app.domain.access import Principal
from app.domain.acting import RETENTION
from app.domain.audit import Action, Actor, By
from app.domain.errors import NotFoundError
from app.domain.reports import ReportStatus
from app.storage.repositories import audit, feedback, reports
from app.storage.session import WriteConnection, acting


async def withdraw_report(
    connection: WriteConnection,
    report_id: UUID,
    *,
    principal: Principal,
    now: datetime,
) -> None:
    """Erase the caller's report. Doing it again changes nothing. Raises NotFoundError."""
    own = principal.organisation_id
    await reports.lock(connection, report_id, organisation_id=own)
    old = await reports.find(connection, report_id, organisation_id=own)
    if old is None:
        raise NotFoundError
    if old.status == ReportStatus.WITHDRAWN:
        return
    async with acting(connection, RETENTION):
        await reports.erase(connection, old, now=now)
        await feedback.erase_messages(connection, report_id)
    by = By(Actor.of(principal), now)
    audit.record(connection, by, Action.REPORT_WITHDRAWN, [report_id])
