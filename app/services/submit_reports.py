"""Accept prepared reports: store what is new, recognise what was sent before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.crypto.sealing import Sealer
from app.domain.audit import Action, Actor, By
from app.domain.errors import NotFoundError
from app.intake.content import open_content
from app.storage.repositories import audit, reports
from app.storage.repositories.report_record import ReportRecord
from app.storage.repositories.reports import NewReport, Verdict
from app.storage.session import WriteConnection


@dataclass(frozen=True, slots=True)
class Accepted:
    """The verdict on a submission, and the stored report: None where the reference is taken."""

    verdict: Verdict
    record: ReportRecord | None


async def submit_reports(
    connection: WriteConnection, submissions: Sequence[NewReport], now: datetime, *, sealer: Sealer
) -> list[Accepted]:
    """Store the new ones among `submissions`, with their place in the queue; answer in order.

    The same content is one that says the same, whatever its spacing and the order of its keys.
    What is stored enters the access log, in one entry for each sender.
    """
    verdicts = await reports.accept(connection, submissions, now)
    _log(connection, submissions, verdicts, now)
    earlier = [report_id for verdict, report_id in verdicts if verdict is not Verdict.CREATED]
    stored = await reports.find_many(connection, earlier) if earlier else {}
    return [
        _accepted(submission, verdict, report_id, stored, sealer)
        for submission, (verdict, report_id) in zip(submissions, verdicts, strict=True)
    ]


def _log(
    connection: WriteConnection,
    submissions: Sequence[NewReport],
    verdicts: Sequence[tuple[Verdict, UUID]],
    now: datetime,
) -> None:
    stored: dict[Actor, list[UUID]] = {}
    for submission, (verdict, report_id) in zip(submissions, verdicts, strict=True):
        if verdict is Verdict.CREATED:
            stored.setdefault(submission.sender, []).append(report_id)
    for sender, reports_ in stored.items():
        audit.record(connection, By(sender, now), Action.REPORTS_SUBMITTED, reports_)


def _accepted(
    submission: NewReport,
    verdict: Verdict,
    report_id: UUID,
    stored: Mapping[UUID, ReportRecord],
    sealer: Sealer,
) -> Accepted:
    if verdict is Verdict.CREATED:
        return Accepted(verdict, submission.record)
    earlier = stored.get(report_id)
    if earlier is None:
        raise NotFoundError
    if verdict is Verdict.REPEATED or _say_the_same(submission.record, earlier, sealer):
        return Accepted(Verdict.REPEATED, earlier)
    return Accepted(verdict, None)


def _say_the_same(new: ReportRecord, earlier: ReportRecord, sealer: Sealer) -> bool:
    """Whether two texts that differ byte for byte are one JSON value. Both are opened: this is
    rare, and so costs nothing where nothing is sent twice.
    """
    old_content, new_content = open_content(earlier, sealer), open_content(new, sealer)
    if old_content is None or new_content is None:
        return False
    return old_content.report == new_content.report
