"""List what was judged of the reports of a lead, with the reasons that the reader may read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.access import Principal
from app.intake.readable import is_readable
from app.storage.repositories import judgements, reports
from app.storage.repositories.judgements import JudgementRow
from app.storage.session import ReadConnection


@dataclass(frozen=True, slots=True)
class Decision:
    """A judgement. in_force: no later one on the same pair. readable: the reader may read both
    reports, and so why it was judged.
    """

    row: JudgementRow
    in_force: bool
    readable: bool


async def list_decisions(
    connection: ReadConnection,
    lead_id: UUID,
    *,
    principal: Principal,
    behind: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Decision]:
    """The decisions on reports that the lead holds now, newest first, wherever they were made.

    A reason may repeat what a report says: it is kept from those who may not read both reports,
    and from everybody once one of them was withdrawn.
    """
    found = await judgements.of_lead(connection, lead_id, principal, behind=behind, limit=limit)
    concerned = {report for judged in found for report in judged.row.pair}
    records = await reports.find_many(connection, list(concerned))
    readable = {id_ for id_, record in records.items() if is_readable(record, principal)}
    return [
        Decision(judged.row, judged.in_force, readable.issuperset(judged.row.pair))
        for judged in found
    ]
