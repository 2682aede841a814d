"""Links as one reader may see them. Of a link with a report that the reader may not read only the
hits are shown: values that both reports carry. What else was compared is not, nor what it weighs.
"""

from collections.abc import Sequence

from app.domain.attributes import AttributeKind
from app.domain.linkage.model import LinkageModel
from app.domain.linkage.parts import Part
from app.storage.repositories import pairs
from app.storage.repositories.lead_links import FullLink
from app.storage.session import ReadConnection

_RAREST = 2
"""The least spread there is; see `app.domain.linkage.spread`."""


async def as_read(
    connection: ReadConnection, links: Sequence[FullLink], model: LinkageModel
) -> list[FullLink]:
    """These links, those that the reader may not read whole reduced to their hits.

    A hit is given what a value of its kind weighs at most: how it was weighed between the two, by
    its spread and beside what else they share, would tell of what is withheld.
    """
    withheld = [link.reports for link in links if not link.readable]
    shared = await pairs.shared_values(connection, withheld) if withheld else {}
    return [
        link
        if link.readable
        else link._replace(
            parts=tuple(
                _hit(index, kind, model)
                for index, kind in shared.get(link.reports, ())
                if kind in model.kinds
            )
        )
        for link in links
    ]


def _hit(index: bytes, kind: str, model: LinkageModel) -> Part:
    known = model.kinds[AttributeKind(kind)]
    return Part(
        kind, "same value", model.weight(known.term, _RAREST), known.family, known.weak, index
    )
