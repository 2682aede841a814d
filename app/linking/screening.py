"""What the signs of a lead's reports indicate when they are taken together, how complete that is
and how urgent.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache

from app.domain.indicators import Catalogue
from app.domain.screening import Concerned, Figures, Told, concerned_by, figures_of, signs_of
from app.storage.repositories.lead_changes import SignsOfReport


def screen_lead(reports: Sequence[SignsOfReport], *, catalogue: Catalogue) -> Figures:
    """The elements of the crime that are indicated over all reports of a lead, by which it is put
    in order; completeness and urgency over those that every agency may read, as these are shown to
    all of them.
    """
    whole = _screen([each.told for each in reports], catalogue)
    for_all = [each.told for each in reports if each.for_all]
    if len(for_all) == len(reports):
        return whole
    return _screen(for_all, catalogue)._replace(elements=whole.elements)


def _screen(reports: Collection[Told], catalogue: Catalogue) -> Figures:
    # Each combination once and in one order, for neither order nor repetition counts: a common
    # one is then met again, and a large lead costs no more than it has different reports.
    return _figures(
        tuple(sorted({(each.credibility or 0, each.codes) for each in reports})),
        concerned_by(reports, catalogue),
        catalogue,
    )


@lru_cache(maxsize=4096)
def _figures(
    reports: tuple[tuple[int, tuple[str, ...]], ...], concerned: Concerned, catalogue: Catalogue
) -> Figures:
    signs = [
        sign
        for place, (credibility, codes) in enumerate(reports)
        for sign in signs_of(
            codes, credibility=credibility or None, catalogue=catalogue, report=str(place)
        )
    ]
    return figures_of(signs, concerned, catalogue)
