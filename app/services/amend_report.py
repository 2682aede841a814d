"""Amend a report: the new content takes the place of the old, which is kept."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from app.domain.audit import Action, By
from app.domain.errors import ConflictError, NotFoundError, PreconditionFailedError, WithdrawnError
from app.domain.reports import ReportStatus
from app.storage.repositories import audit, reports
from app.storage.repositories.report_record import ReportRecord
from app.storage.repositories.reports import NewReport
from app.storage.session import WriteConnection


async def amend_report(
    connection: WriteConnection,
    report_id: UUID,
    *,
    organisation_id: UUID,
    expected_version: int | None,
    amended: Callable[[ReportRecord], NewReport],
    now: datetime,
) -> NewReport:
    """Replace the organisation's report by what `amended` makes of the present one.

    expected_version: from If-Match; None for "whatever it is". Raises NotFoundError,
    WithdrawnError, PreconditionFailedError, and ConflictError where the reference differs.
    """
    await reports.lock(connection, report_id, organisation_id=organisation_id)
    old = await reports.find(connection, report_id, organisation_id=organisation_id)
    if old is None:
        raise NotFoundError
    if old.status == ReportStatus.WITHDRAWN:
        raise WithdrawnError
    if expected_version is not None and old.version != expected_version:
        raise PreconditionFailedError
    new = amended(old)
    if new.record.external_ref != old.external_ref:
        raise ConflictError("external_ref of a report cannot be changed")
    await reports.replace(connection, old, new, now=now)
    audit.record(connection, By(new.sender, now), Action.REPORT_AMENDED, [report_id])
    return new
