"""What the signs of a lead's reports indicate when they are taken together, how complete that is
and how urgent.
"""

from collections.abc import Sequence
from functools import lru_cache

from app.domain.indicators import Catalogue
from app.domain.screening import Concerned, Figures, Told, concerned_by, figures_of, signs_of


def screen_lead(reports: Sequence[Told], *, catalogue: Catalogue) -> Figures:
    """The elements of the crime that are indicated over these reports of a lead, how complete that
    is and how urgent.
    """
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
