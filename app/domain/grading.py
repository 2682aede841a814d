"""How far the information of a report can be relied on."""

from app.domain.access import OrganisationKind
from app.domain.codes import Channel
from app.domain.indicators import LOWEST_GRADE


def grade_of(
    given: int | None, *, channel: Channel | None, sender: OrganisationKind | None
) -> int | None:
    """Europol information credibility of a report, 1 to 4: what its sender says of it; where that
    is nothing, 4 for an anonymous source (channel `anonymous`) and for the public, whom nobody
    has enrolled; else None, which is read as of an enrolled partner (`Additions`).

    A report without identity is none without source: an enrolled organisation answers for it.
    """
    if given is None and (channel is Channel.ANONYMOUS or sender is OrganisationKind.PUBLIC):
        return LOWEST_GRADE
    return given
