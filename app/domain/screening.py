"""Screening of a report or a lead: from its stored facts to the assessment's questions.

Which signs count and what they add up to is decided in `assessment`.
"""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

from app.domain.assessment import Assessment, Result, assess
from app.domain.counting import reason_to_set_aside
from app.domain.elements import outline
from app.domain.figures import share, speaks_of_a_child, urgency_of
from app.domain.indicators import ALL_ADDITIONS, AgeGroup, Catalogue, Element, Form, Sign
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
    organisation: str | None = None,
) -> list[Sign]:
    """The signs of one report that the catalogue knows."""
    return [
        Sign(code=code, report_id=report, grade=credibility, organisation_id=organisation)
        for code in codes
        if code in catalogue
    ]


def screen(
    signs: Collection[Sign], *, age: AgeGroup, forms: Iterable[str], catalogue: Catalogue
) -> Assessment:
    """The assessment of these signs."""
    named = [Form(form) for form in forms if form in _FORM_VALUES]
    return assess(signs, age=age, catalogue=catalogue, forms=named)


def elements_of(assessment: Assessment) -> int:
    """The elements that are indicated, as bits."""
    found = {
        element
        for element, result in zip(_BITS, assessment.reading, strict=True)
        if result.result is Result.INDICATED
    }
    return _bits(found)


class Figures(NamedTuple):
    """What lists show of an assessment. elements: those indicated, as bits; completeness: 0 to 1;
    urgency: a value of `Urgency`.
    """

    elements: int
    completeness: float
    urgency: str


def figures_of(
    signs: Collection[Sign], *, age: AgeGroup, forms: Iterable[str], catalogue: Catalogue
) -> Figures:
    """What `screen` would say of these, for less."""
    named = [Form(form) for form in forms if form in _FORM_VALUES]
    found = outline(signs, age=age, catalogue=catalogue, forms=named)
    return Figures(_bits(found.elements), found.completeness, found.urgency.value)


def figures_of_one(
    elements: int,
    codes: Iterable[str],
    *,
    credibility: int | None,
    age: AgeGroup,
    catalogue: Catalogue,
) -> Figures:
    """The same for a lead of one report, of which it is known already what it shows by itself, as
    bits: of a lead that counts only where its information is reliable enough.
    """
    seen = catalogue.by_code.keys() & codes
    is_graded = reason_to_set_aside(credibility, ALL_ADDITIONS) is None
    counted: AbstractSet[str] = seen if is_graded else frozenset()
    found = elements if counted else 0
    child = age is AgeGroup.UNKNOWN and speaks_of_a_child(counted, catalogue)
    required = (ACT, PURPOSE) if child or age is AgeGroup.CHILD else (ACT, MEANS, PURPOSE)
    return Figures(
        found,
        share([bool(found & each) for each in required]),
        urgency_of(seen, age, catalogue).value,
    )


_BITS = {Element.ACT: ACT, Element.MEANS: MEANS, Element.PURPOSE: PURPOSE}


def _bits(elements: Iterable[Element]) -> int:
    return sum(_BITS[element] for element in elements if element in _BITS)
