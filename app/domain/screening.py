"""Screening of a report or a lead: from its stored facts to the assessment's questions.

Which signs count and what they add up to is decided in `assessment`.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from app.domain.assessment import Assessment, assess
from app.domain.counting import reason_to_set_aside
from app.domain.elements import outline
from app.domain.figures import Alarms
from app.domain.indicators import AgeGroup, Catalogue, Element, Form, Sign
from app.domain.leads import ACT, MEANS, PURPOSE

_FORM_VALUES = frozenset(form.value for form in Form)


def age_of(groups: Collection[str]) -> AgeGroup:
    """One age for all persons concerned, whose ages or mixes of ages these are: mixed where adults
    and children are known; a child where any is, for of the others it may be presumed (Directive
    2011/36/EU, Article 13(2)); adult if all are; else unknown.
    """
    known = set(groups)
    if AgeGroup.MIXED in known or known >= {AgeGroup.ADULT, AgeGroup.CHILD}:
        return AgeGroup.MIXED
    if AgeGroup.CHILD in known:
        return AgeGroup.CHILD
    return AgeGroup.ADULT if known == {AgeGroup.ADULT} else AgeGroup.UNKNOWN


class Told(NamedTuple):
    """What one report of a lead says that bears on the lead's assessment.

    credibility: of its information. age: of all its persons. codes: its indicators.
    """

    credibility: int | None
    age: str
    at_risk: bool
    forms: tuple[str, ...]
    codes: tuple[str, ...]


class Concerned(NamedTuple):
    """What the signs of a lead are read by. Age and forms are taken from reports whose information
    counts, as signs are: else a rumour of a child would put aside what the case of an adult lacks.
    """

    age: AgeGroup
    forms: tuple[str, ...]
    alarms: Alarms


def concerned_by(reports: Collection[Told], catalogue: Catalogue) -> Concerned:
    """What the reports of a lead say of age, forms and danger."""
    additions = catalogue.rules.additions
    counted = [each for each in reports if reason_to_set_aside(each.credibility, additions) is None]
    return Concerned(
        age_of({each.age for each in counted}),
        tuple(sorted({form for each in counted for form in each.forms})),
        Alarms(
            child=any(each.age in (AgeGroup.CHILD, AgeGroup.MIXED) for each in reports),
            at_risk=any(each.at_risk for each in reports),
        ),
    )


@lru_cache(maxsize=4096)
def screen_report(told: Told, catalogue: Catalogue) -> Assessment:
    """The assessment of one report by itself, whatever the grade of its information. Remembered:
    few combinations of signs are common, and none of this is personal.
    """
    signs = signs_of(told.codes, credibility=told.credibility, catalogue=catalogue)
    concerned = Concerned(AgeGroup(told.age), told.forms, Alarms(at_risk=told.at_risk))
    return screen(signs, concerned, catalogue)


@lru_cache(maxsize=4096)
def screening_of_report(told: Told, catalogue: Catalogue) -> Mapping[str, object]:
    """The same as plain JSON values, to be read only."""
    return screen_report(told, catalogue).as_dict()


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


def screen(signs: Collection[Sign], concerned: Concerned, catalogue: Catalogue) -> Assessment:
    """The assessment of these signs."""
    age, forms, alarms = concerned
    named = [Form(form) for form in forms if form in _FORM_VALUES]
    return assess(signs, age=age, catalogue=catalogue, forms=named, alarms=alarms)


class Figures(NamedTuple):
    """What lists show of an assessment. elements: those indicated, as bits; completeness: 0 to 1;
    urgency: a value of `Urgency`.
    """

    elements: int
    completeness: float
    urgency: str


def figures_of(signs: Collection[Sign], concerned: Concerned, catalogue: Catalogue) -> Figures:
    """What `screen` would say of these, for less."""
    age, forms, alarms = concerned
    named = [Form(form) for form in forms if form in _FORM_VALUES]
    found = outline(signs, age=age, catalogue=catalogue, forms=named, alarms=alarms)
    bits = sum(_BITS[element] for element in found.elements if element in _BITS)
    return Figures(bits, found.completeness, found.urgency.value)


_BITS = {Element.ACT: ACT, Element.MEANS: MEANS, Element.PURPOSE: PURPOSE}
