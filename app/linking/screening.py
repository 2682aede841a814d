"""What the signs of a lead's reports indicate when they are taken together, how complete that is
and how urgent.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache

from app.domain.indicators import AgeGroup, Catalogue
from app.domain.screening import Figures, age_of, figures_of, figures_of_one, signs_of
from app.storage.repositories.lead_changes import SignsOfReport


def screen_lead(reports: Sequence[SignsOfReport], *, catalogue: Catalogue) -> Figures:
    """The elements of the crime that are indicated over all reports of a lead, by which it is put
    in order; completeness and urgency over those that every agency may read, as these are shown to
    all of them.
    """
    whole = _screen(reports, catalogue)
    for_all = [each for each in reports if each.for_all]
    if len(for_all) == len(reports):
        return whole
    return _screen(for_all, catalogue)._replace(elements=whole.elements)


def _screen(reports: Collection[SignsOfReport], catalogue: Catalogue) -> Figures:
    if len(reports) == 1:
        [only] = reports
        return figures_of_one(
            only.elements,
            only.codes,
            credibility=only.credibility,
            age=AgeGroup(only.age),
            catalogue=catalogue,
        )
    # Each combination once and in one order, for neither order nor repetition counts: a common
    # one is then met again, and a large lead costs no more than it has different reports.
    return _figures(
        tuple(sorted({(each.credibility or 0, each.codes) for each in reports})),
        age_of({each.age for each in reports}),
        tuple(sorted({form for each in reports for form in each.forms})),
        catalogue,
    )


@lru_cache(maxsize=4096)
def _figures(
    reports: tuple[tuple[int, tuple[str, ...]], ...],
    age: AgeGroup,
    forms: tuple[str, ...],
    catalogue: Catalogue,
) -> Figures:
    signs = [
        sign
        for place, (credibility, codes) in enumerate(reports)
        for sign in signs_of(
            codes, credibility=credibility or None, catalogue=catalogue, report=str(place)
        )
    ]
    return figures_of(signs, age=age, forms=forms, catalogue=catalogue)
