"""List pairs of leads that may belong together: evidence crosses them that did not join them."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app.crypto.sealing import Sealer
from app.domain.audit import Action
from app.domain.linkage.model import LinkageModel
from app.intake.content import Content
from app.intake.members import Visit, log_opened
from app.intake.readable import open_readable
from app.storage.repositories import audit, judgements, proposals, reports
from app.storage.repositories.lead_links import FullLink
from app.storage.repositories.links import Pair
from app.storage.repositories.proposals import Behind
from app.storage.session import WriteConnection

Reason = Literal["weak evidence", "large lead", "judged apart elsewhere"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two leads, the older first. link: the strongest between them. reason: what kept it from
    joining them.
    """

    leads: Pair
    link: FullLink
    link_count: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Proposals:
    """A page of proposals. contents: of the reports at the ends of their links. more: others come
    behind these.
    """

    items: list[Proposal]
    contents: dict[UUID, Content]
    more: bool


async def list_proposals(
    connection: WriteConnection,
    model: LinkageModel,
    *,
    visit: Visit,
    sealer: Sealer,
    behind: Behind | None,
    limit: int,
) -> Proposals:
    """Proposals, the strongest first. The access is logged in the same transaction: for both
    leads, and for every report that was opened (Directive (EU) 2016/680, Article 25).
    """
    found = await proposals.strongest(
        connection, visit.principal, core=model.leads.core, behind=behind, limit=limit + 1
    )
    more = len(found) > limit
    found = found[:limit]
    apart = await judgements.apart(connection, [each.leads for each in found])
    items = [
        Proposal(
            each.leads, each.link, each.link_count, _reason(each.link, model, each.leads in apart)
        )
        for each in found
    ]
    ends = {report for each in items for report in each.link.reports}
    records = await reports.find_many(connection, list(ends))
    opened = {
        id_: open_readable(record, visit.principal, sealer) for id_, record in records.items()
    }
    contents = {id_: content for id_, content in opened.items() if content is not None}
    leads = {lead for each in items for lead in each.leads}
    audit.record(connection, visit.by, Action.PROPOSALS_READ, sorted(leads))
    log_opened(connection, [records[each] for each in sorted(contents)], visit)
    return Proposals(items, contents, more)


def _reason(link: FullLink, model: LinkageModel, apart: bool) -> Reason:  # noqa: FBT001
    """What kept a link from joining two leads. Strong evidence does, unless a judgement stands
    between them or they would be too large together.
    """
    if apart:
        return "judged apart elsewhere"
    if link.strong and link.weight >= model.thresholds.link:
        return "large lead"
    return "weak evidence"
