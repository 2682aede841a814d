"""What the signs of a lead's reports indicate when they are taken together."""

from collections.abc import Sequence

from app.domain.indicators import AgeGroup, Catalogue
from app.domain.leads import Summary
from app.domain.screening import elements_of, screen, signs_of
from app.storage.repositories.lead_changes import SignsOfReport


def elements_together(
    summary: Summary, reports: Sequence[SignsOfReport], *, catalogue: Catalogue
) -> int:
    """The elements of the crime that are indicated over all reports of a lead, as bits."""
    signs = [
        sign
        for place, report in enumerate(reports)
        for sign in signs_of(
            report.codes,
            credibility=report.credibility,
            catalogue=catalogue,
            report=str(place),
        )
    ]
    if summary.has_children:
        age = AgeGroup.CHILD
    else:
        age = AgeGroup.ADULT if summary.all_adults else AgeGroup.UNKNOWN
    return elements_of(screen(signs, age=age, forms=summary.forms, catalogue=catalogue))
