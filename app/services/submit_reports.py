"""Accept prepared reports: store what is new, recognise what was sent before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.errors import NotFoundError
from app.storage.repositories import reports
from app.storage.repositories.reports import NewReport, ReportRecord, Verdict
from app.storage.session import WriteConnection


@dataclass(frozen=True, slots=True)
class Accepted:
    """The verdict on a submission, and the stored report: None where the reference is taken."""

    verdict: Verdict
    record: ReportRecord | None


async def submit_reports(
    connection: WriteConnection, submissions: Sequence[NewReport], now: datetime
) -> list[Accepted]:
    """Store the new ones among `submissions`, with their place in the queue; answer in order."""
    verdicts = await reports.accept(connection, submissions, now)
    earlier = [report_id for verdict, report_id in verdicts if verdict is Verdict.REPEATED]
    stored = await reports.find_many(connection, earlier) if earlier else {}
    return [
        _accepted(submission, verdict, report_id, stored)
        for submission, (verdict, report_id) in zip(submissions, verdicts, strict=True)
    ]


def _accepted(
    submission: NewReport, verdict: Verdict, report_id: UUID, stored: dict[UUID, ReportRecord]
) -> Accepted:
    if verdict is Verdict.CREATED:
        return Accepted(verdict, submission.record)
    if verdict is Verdict.CONFLICT:
        return Accepted(verdict, None)
    if report_id not in stored:
        raise NotFoundError
    return Accepted(verdict, stored[report_id])
