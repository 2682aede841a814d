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
    # Each combination once and in one order, for neither order nor repetition counts: a common
    # one is then met again, and a large lead costs no more than it has different reports.
    signs = tuple(sorted({(report.credibility or 0, report.codes) for report in reports}))
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
