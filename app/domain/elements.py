"""Which elements of the crime a set of signs shows, by the Delphi rule and no more: without the
reasons, the questions and the wording of `assessment`.
"""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from app.domain.counting import count_signs
from app.domain.delphi import (
    DelphiList,
    delphi_lists,
    positive_dimensions,
    tally,
)
from app.domain.figures import (
    NO_ALARMS,
    Alarms,
    Urgency,
    share,
    speaks_of_a_child,
    urgency_of,
)
from app.domain.indicators import (
    ELEMENT_OF,
    Additions,
    AgeGroup,
    Catalogue,
    Element,
    Form,
    Sign,
)

ELEMENTS = (Element.ACT, Element.MEANS, Element.PURPOSE)
"""The elements of the crime (Directive 2011/36/EU, Article 2), in their order."""

_OF_A_CHILD = (Element.ACT, Element.PURPOSE)


class Outline(NamedTuple):
    """The elements that are indicated, and the two figures."""

    elements: AbstractSet[Element]
    completeness: float
    urgency: Urgency


def outline(
    signs: Collection[Sign],
    *,
    age: AgeGroup,
    catalogue: Catalogue,
    forms: Collection[Form] = (),
    alarms: Alarms = NO_ALARMS,
) -> Outline:
    """What `assess` says is indicated, how complete and how urgent, without reasons and questions:
    leads are put in order and listed by it, which is done for many at once. No answers of "no" are
    known here, so that an element is decided where it is indicated.
    """
    case = Case(catalogue, frozenset(forms), NO_ANSWERS, catalogue.rules.additions)
    evidence = count_signs(signs, catalogue, case.additions)
    found, of_a_child = _shown(case, evidence.times, age)
    required = _OF_A_CHILD if of_a_child else ELEMENTS
    return Outline(
        elements=found,
        completeness=share([each in found for each in required]),
        urgency=urgency_of(evidence.seen, age, catalogue, alarms),
    )


class Answers(NamedTuple):
    """What is known of signs that were asked about and not found.

    no: codes answered "no". asked_about: the codes that the checklist has a question for at all;
        None where there is no checklist, so that anything may still be asked.
    """

    no: frozenset[str] = frozenset()
    asked_about: frozenset[str] | None = None


NO_ANSWERS = Answers()


class Case(NamedTuple):
    """All that is given beside signs and age."""

    catalogue: Catalogue
    forms: frozenset[Form]
    answers: Answers
    additions: Additions

    def lists(self, codes: Collection[str], age: AgeGroup) -> tuple[DelphiList, ...]:
        """The Delphi lists by which these codes are read."""
        return delphi_lists(
            self.catalogue, age, forms=self.forms, codes=codes, additions=self.additions
        )

    def shown(self, times: Mapping[str, int], age: AgeGroup) -> set[Element]:
        """Return the elements that stand under any of the lists."""
        return {
            ELEMENT_OF[dimension]
            for each in self.lists(times, age)
            for dimension in positive_dimensions(each, tally(times, each), times)
        }


def _shown(case: Case, times: Mapping[str, int], age: AgeGroup) -> tuple[set[Element], bool]:
    """The elements that stand, and whether those of a child are asked for."""
    if age in (AgeGroup.UNKNOWN, AgeGroup.MIXED) and case.additions.both_ages:
        child = case.shown(times, AgeGroup.CHILD)
        if age is AgeGroup.UNKNOWN and speaks_of_a_child(times, case.catalogue):
            return child, True
        return child & case.shown(times, AgeGroup.ADULT), False
    of_a_child = age is AgeGroup.CHILD
    return case.shown(times, AgeGroup.CHILD if of_a_child else AgeGroup.ADULT), of_a_child
