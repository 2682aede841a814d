"""Screening of a report or a lead: from its stored facts to the assessment's questions.

Which signs count and what they add up to is decided in `assessment`.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from app.domain.assessment import Assessment, Result, assess
from app.domain.indicators import AgeGroup, Catalogue, Form, Sign
from app.domain.leads import ACT, MEANS, PURPOSE

_FORM_VALUES = frozenset(form.value for form in Form)


def age_of(groups: Collection[str]) -> AgeGroup:
    """One age for all persons concerned: a child if any is, adult if all are, else unknown."""
    if AgeGroup.CHILD.value in groups:
        return AgeGroup.CHILD
    return AgeGroup.ADULT if set(groups) == {AgeGroup.ADULT.value} else AgeGroup.UNKNOWN


@lru_cache(maxsize=4096)
def screen_report(
    codes: tuple[str, ...],
    *,
    credibility: int | None,
    age: AgeGroup,
    forms: tuple[str, ...],
    catalogue: Catalogue,
) -> Assessment:
    """The assessment of one report by itself. Remembered: few combinations of signs are common,
    and none of this is personal.
    """
    signs = signs_of(codes, credibility=credibility, catalogue=catalogue)
    return screen(signs, age=age, forms=forms, catalogue=catalogue)


@lru_cache(maxsize=4096)
def screening_of_report(
    codes: tuple[str, ...],
    *,
    credibility: int | None,
    age: AgeGroup,
    forms: tuple[str, ...],
    catalogue: Catalogue,
) -> Mapping[str, object]:
    """The same as plain JSON values, to be read only."""
    return screen_report(
        codes, credibility=credibility, age=age, forms=forms, catalogue=catalogue
    ).as_dict()


def signs_of(
    codes: Iterable[str],
    *,
    credibility: int | None,
    catalogue: Catalogue,
    report: str | None = None,
) -> list[Sign]:
    """The signs of one report that the catalogue knows."""
    return [
        Sign(code=code, report_id=report, grade=credibility) for code in codes if code in catalogue
    ]


def screen(
    signs: Collection[Sign], *, age: AgeGroup, forms: Iterable[str], catalogue: Catalogue
) -> Assessment:
    """The assessment of these signs."""
    named = [Form(form) for form in forms if form in _FORM_VALUES]
    return assess(signs, age=age, catalogue=catalogue, forms=named)


def elements_of(assessment: Assessment) -> int:
    """The elements that are indicated, as bits."""
    elements = 0
    for bit, element in (
        (ACT, assessment.act),
        (MEANS, assessment.means),
        (PURPOSE, assessment.purpose),
    ):
        if element.result is Result.INDICATED:
            elements |= bit
    return elements
