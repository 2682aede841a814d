"""Explain why the reports of a lead are together: what speaks for and against every link."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.access import Principal
from app.domain.acting import LINKER
from app.domain.linkage.model import LinkageModel
from app.intake.hits import as_read
from app.storage.repositories import lead_links
from app.storage.repositories.lead_links import FullLink, NotLinking
from app.storage.session import ReadConnection, acting


@dataclass(frozen=True, slots=True)
class Explanation:
    """One page of the links of a lead, strongest first, and the values its reports share that
    link nobody. carriers: of the shared values, how many reports of the network carry each.
    """

    links: list[FullLink]
    not_linking: list[NotLinking]
    carriers: dict[bytes, int]

    def reports(self) -> set[UUID]:
        """The reports whose content shows what is shared."""
        shown = {report for link in self.links for report in link.reports}
        return shown | {each.shown_by for each in self.not_linking}


async def explain_links(
    connection: ReadConnection,
    lead_id: UUID,
    reader: Principal,
    model: LinkageModel,
    *,
    behind: int,
    limit: int,
) -> Explanation:
    """The links of a lead as this reader may see them, `limit` of them behind `behind`."""
    # That two reports are linked is a hit; what links them is for who may read both.
    async with acting(connection, LINKER):
        links = await lead_links.of_lead(connection, lead_id, reader, behind=behind, limit=limit)
    links = await as_read(connection, links, model)
    values = {part.value for link in links for part in link.parts if part.value is not None}
    not_linking = await lead_links.not_linking(connection, lead_id, reader)
    carriers = await lead_links.count_carriers(
        connection, values | {each.value_index for each in not_linking}
    )
    return Explanation(links, not_linking, carriers)
