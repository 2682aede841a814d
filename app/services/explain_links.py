"""Explain why the reports of a lead are together: the shared values and what each weighs."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.linkage.evidence import Link, SharedValue, links_of
from app.domain.linkage.model import LinkageModel
from app.storage.repositories import linking
from app.storage.session import ReadConnection


@dataclass(frozen=True, slots=True)
class Explanation:
    """The links of a lead, and the values its reports share without being linked by them."""

    links: list[Link]
    not_linking: list[SharedValue]
    model_version: str
    threshold: float


async def explain_links(
    connection: ReadConnection, lead_id: UUID, *, model: LinkageModel
) -> Explanation:
    """The links that hold a lead together, under the present model and numbers of carriers."""
    shared = await linking.shared_in_lead(connection, lead_id)
    return Explanation(
        links=links_of(shared, model),
        not_linking=[
            value
            for value in shared
            if value.stopped is not None or value.carriers > model.most_carriers(value.kind)
        ],
        model_version=model.version,
        threshold=model.threshold,
    )
