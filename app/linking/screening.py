"""What the signs of a lead's reports indicate when they are taken together."""

from collections.abc import Sequence
from functools import lru_cache

from app.domain.indicators import AgeGroup, Catalogue
from app.domain.leads import Summary
from app.domain.screening import elements_of, screen, signs_of
from app.storage.repositories.lead_changes import SignsOfReport


def elements_together(
    summary: Summary, reports: Sequence[SignsOfReport], *, catalogue: Catalogue
) -> int:
    """The elements of the crime that are indicated over all reports of a lead, as bits."""
    if summary.has_children:
        age = AgeGroup.CHILD
    else:
        age = AgeGroup.ADULT if summary.all_adults else AgeGroup.UNKNOWN
    # In no order, for order does not count and a common combination is then met again.
    signs = tuple(sorted((report.credibility or 0, report.codes) for report in reports))
    return _elements(signs, age, tuple(summary.forms), catalogue)


@lru_cache(maxsize=4096)
def _elements(
    reports: tuple[tuple[int, tuple[str, ...]], ...],
    age: AgeGroup,
    forms: tuple[str, ...],
    catalogue: Catalogue,
) -> int:
    signs = [
        sign
        for place, (credibility, codes) in enumerate(reports)
        for sign in signs_of(
            codes, credibility=credibility or None, catalogue=catalogue, report=str(place)
        )
    ]
    return elements_of(screen(signs, age=age, forms=forms, catalogue=catalogue))
