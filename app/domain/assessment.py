"""What the signs of a report, or of all reports of a lead, add up to: act, means and purpose.

A screening aid by stated rules: the ILO/EC Delphi rule for each dimension (`delphi`), put
together under Directive 2011/36/EU, Article 2, as amended by Directive (EU) 2024/1712, and the
additions of this project, each of which can be switched off. What may be shown to whom, and who
is at fault, are not here.
"""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from app.domain.delphi import (
    Counts,
    DelphiList,
    Evidence,
    SetAside,
    count_signs,
    delphi_lists,
    dimensions_of,
    is_positive,
    positive_dimensions,
    questions_that_decide,
    tally,
)
from app.domain.indicators import (
    ALL_ADDITIONS,
    ELEMENT_OF,
    NO_ADDITIONS,
    Additions,
    AgeGroup,
    AppliesTo,
    Catalogue,
    Dimension,
    Element,
    Form,
    Sign,
)

__all__ = ["Additions", "Assessment", "Sign", "assess"]

SCREENING_NOTE = (
    "Screening aid: it sums up reported signs by published rules. It is no finding about any "
    "person, and calls nobody a victim or a perpetrator. Unknown means not asked or not answered."
)
MOST_QUESTIONS = 5
"""So many open questions are given per element; the answers bring the next."""


class Result(StrEnum):
    """What is known of an element. `NOT_INDICATED` needs answers of "no" that leave no way."""

    INDICATED = "indicated"
    NOT_INDICATED = "not_indicated"
    UNKNOWN = "unknown"


class Urgency(StrEnum):
    """How soon somebody should act, apart from how much is known."""

    DANGER_NOW = "danger_now"
    SOON = "soon"
    NONE_KNOWN = "none_known"


class ElementResult(NamedTuple):
    """What is known of one element.

    indicators: the codes seen for it, in the catalogue's order. dimensions: those positive.
    reports: the ids of the reports of those signs. by_combination: it stands over all reports
    of the lead and in none of them alone. open_questions: codes to ask about, best first; empty
    once the element is decided or not needed. required: False for the means of a child
    (Directive 2011/36/EU, Article 2(5)), where they only add weight.
    """

    result: Result
    indicators: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    reports: tuple[str, ...]
    open_questions: tuple[str, ...]
    by_combination: bool
    required: bool

    def as_dict(self) -> dict[str, object]:
        """Return plain JSON values."""
        return {
            "result": self.result.value,
            "indicators": list(self.indicators),
            "dimensions": [each.value for each in self.dimensions],
            "reports": list(self.reports),
            "open_questions": list(self.open_questions),
            "by_combination": self.by_combination,
            "required": self.required,
        }


class Reading(NamedTuple):
    """The three elements, read for one age."""

    act: ElementResult
    means: ElementResult
    purpose: ElementResult

    @property
    def all_elements(self) -> Result:
        """All required elements together: indicated if each is, not indicated if one is not."""
        results = [each.result for each in self if each.required]
        if Result.NOT_INDICATED in results:
            return Result.NOT_INDICATED
        return Result.UNKNOWN if Result.UNKNOWN in results else Result.INDICATED

    def as_dict(self) -> dict[str, object]:
        """Return plain JSON values."""
        return {
            "act": self.act.as_dict(),
            "means": self.means.as_dict(),
            "purpose": self.purpose.as_dict(),
            "all_elements": self.all_elements.value,
        }


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole result.

    reading: for the age; where it is not known, an element stands as both readings have it and
        is unknown where they differ. adult, child: those readings, None where the age is known.
    completeness: share of the required elements that are decided, 0 to 1.
    additions_used: those that bore on this result, by name.
    without_additions: result of each element with every addition switched off.
    """

    reading: Reading
    adult: Reading | None
    child: Reading | None
    completeness: float
    urgency: Urgency
    set_aside: tuple[SetAside, ...]
    additions_used: tuple[str, ...]
    without_additions: Mapping[Element, Result]
    catalogue_version: str

    @property
    def act(self) -> ElementResult:
        return self.reading.act

    @property
    def means(self) -> ElementResult:
        return self.reading.means

    @property
    def purpose(self) -> ElementResult:
        return self.reading.purpose

    def as_dict(self) -> dict[str, object]:
        """Return plain JSON values; the keys are always the same."""
        return {
            **self.reading.as_dict(),
            "adult": self.adult.as_dict() if self.adult else None,
            "child": self.child.as_dict() if self.child else None,
            "completeness": self.completeness,
            "urgency": self.urgency.value,
            "note": SCREENING_NOTE,
            "catalogue_version": self.catalogue_version,
            "additions": list(self.additions_used),
            "without_additions": {
                element.value: result.value for element, result in self.without_additions.items()
            },
            "set_aside": [each._asdict() for each in self.set_aside],
        }


def assess(
    signs: Collection[Sign],
    *,
    age: AgeGroup,
    catalogue: Catalogue,
    additions: Additions = ALL_ADDITIONS,
    answers_no: Collection[str] = (),
    forms: Collection[Form] = (),
) -> Assessment:
    """Say what the signs add up to, for one report or for all reports of a lead.

    A dimension is positive by the Delphi rule under the list for age and form; one positive
    dimension of the means, one of the purpose, or one act makes the element indicated
    (Directive 2011/36/EU, Article 2(1) and (3), as amended by Directive (EU) 2024/1712). For a
    child act and purpose are enough (Article 2(5)); where the age is not known and a sign speaks
    of a child, a child is presumed (Article 13(2)).

    answers_no: codes of questions answered "no". An element is not indicated only if some were,
    and if "yes" to all that is still open (for the forms named) would not show it.
    forms: those the reporter named; they choose the lists and the questions, not what counts.
    The order of the signs and repeated ones change nothing.
    """
    case = _Case(catalogue, frozenset(forms), frozenset(answers_no), additions)
    evidence = count_signs(signs, catalogue, additions)
    both = age is AgeGroup.UNKNOWN and additions.both_ages
    adult = None if age is AgeGroup.CHILD else _read(case, evidence, AgeGroup.ADULT)
    child = _read(case, evidence, AgeGroup.CHILD) if both or age is AgeGroup.CHILD else None
    reading = _top(evidence, adult, child, catalogue)
    decided = [each.result is not Result.UNKNOWN for each in reading if each.required]
    return Assessment(
        reading=reading,
        adult=adult.reading if adult and both else None,
        child=child.reading if child and both else None,
        completeness=round(sum(decided) / len(decided), 2),
        urgency=_urgency(evidence.seen, age, catalogue),
        set_aside=evidence.set_aside,
        additions_used=_used(additions, evidence, [adult, child], reading),
        without_additions=_without_additions(signs, evidence, age, case),
        catalogue_version=catalogue.version,
    )


_NO_QUESTIONS: tuple[str, ...] = ()
_ELEMENTS = (Element.ACT, Element.MEANS, Element.PURPOSE)


class _Case(NamedTuple):
    """All that is given beside signs and age."""

    catalogue: Catalogue
    forms: frozenset[Form]
    answers_no: frozenset[str]
    additions: Additions

    def lists(self, codes: Collection[str], age: AgeGroup) -> tuple[DelphiList, ...]:
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


class _Aged(NamedTuple):
    """A reading for one age, and which elements each report of the lead shows alone.

    by_defining_sign: the purpose stands by addition (b) only.
    """

    reading: Reading
    alone: list[set[Element]]
    by_defining_sign: bool


def _read(case: _Case, evidence: Evidence, age: AgeGroup) -> _Aged:
    times = evidence.times
    lists = [(each, tally(times, each)) for each in case.lists(times, age)]
    positive = {found for each in lists for found in positive_dimensions(*each, times)}
    alone = []
    if len(evidence.per_report) > 1:
        alone = [case.shown(one, age) for one in evidence.per_report]
    settled = case.answers_no.union(times)
    places = lists[0][0].places
    codes: dict[Element, list[str]] = {each: [] for each in _ELEMENTS}
    for code in sorted(times):
        if code in places:
            codes[places[code].element].append(code)
    results = []
    for element in _ELEMENTS:
        dimensions = tuple([each for each in dimensions_of(element) if each in positive])
        required = element is not Element.MEANS or age is not AgeGroup.CHILD
        result, questions = Result.INDICATED, _NO_QUESTIONS
        if not (dimensions or required or case.answers_no):
            result = Result.UNKNOWN if case.additions.three_valued else Result.NOT_INDICATED
        elif not dimensions:
            result, questions = _undecided(case, evidence, element, lists, settled)
        results.append(
            ElementResult(
                result=result,
                indicators=tuple(codes[element]),
                dimensions=dimensions,
                reports=evidence.reports_of(codes[element]),
                open_questions=questions if required else (),
                by_combination=bool(dimensions) and _none_shows(element, alone),
                required=required,
            )
        )
    return _Aged(
        reading=Reading(*results),
        alone=alone,
        by_defining_sign=Dimension.EXPLOITATION in positive
        and not any(is_positive(*each.get(Dimension.EXPLOITATION, (0, 0, 0))) for _, each in lists),
    )


def _none_shows(element: Element, alone: list[set[Element]]) -> bool:
    return bool(alone) and not any(element in each for each in alone)


def _undecided(
    case: _Case,
    evidence: Evidence,
    element: Element,
    lists: list[tuple[DelphiList, dict[Dimension, Counts]]],
    settled: frozenset[str],
) -> tuple[Result, tuple[str, ...]]:
    """Tell unknown from not indicated, and what to ask: first what observations bring up."""
    if not case.additions.three_valued:
        return Result.NOT_INDICATED, ()
    askable = lists[0][0].asked[element]
    found = [questions_that_decide(*each, element, settled) for each in lists]
    ways = [each for each in found if each is not None]
    if not ways and askable & case.answers_no:
        return Result.NOT_INDICATED, ()
    fewest = min([length for length, _ in ways], default=0)
    asked = [each for each in evidence.prompted if each in askable and each not in settled]
    for length, codes in ways:
        if length == fewest:
            asked.extend(codes[:MOST_QUESTIONS])
    return Result.UNKNOWN, tuple(dict.fromkeys(asked))[:MOST_QUESTIONS]


def _top(
    evidence: Evidence, adult: _Aged | None, child: _Aged | None, catalogue: Catalogue
) -> Reading:
    """The reading to go by: the only one, the presumed child's, or what both have in common."""
    if adult is None or child is None:
        (only,) = (each for each in (adult, child) if each is not None)
        return only.reading
    if _speaks_of_a_child(evidence.times, catalogue):
        return child.reading
    alone = [left & right for left, right in zip(adult.alone, child.alone, strict=True)]
    elements = zip(_ELEMENTS, adult.reading, child.reading, strict=True)
    common = [
        _in_common(two, three, combined=_none_shows(one, alone)) for one, two, three in elements
    ]
    return Reading(*common)


def _in_common(adult: ElementResult, child: ElementResult, *, combined: bool) -> ElementResult:
    if adult == child and not combined:
        return adult
    result = adult.result if adult.result is child.result else Result.UNKNOWN
    questions = adult.open_questions
    if child.open_questions not in (questions, ()):
        questions = tuple(dict.fromkeys(questions + child.open_questions))[:MOST_QUESTIONS]
    return ElementResult(
        result=result,
        indicators=_either(adult.indicators, child.indicators),
        dimensions=tuple(each for each in adult.dimensions if each in child.dimensions),
        reports=_either(adult.reports, child.reports),
        open_questions=questions if result is Result.UNKNOWN else (),
        by_combination=result is Result.INDICATED and combined,
        required=True,
    )


def _either(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    return left if left == right else tuple(sorted({*left, *right}))


def _speaks_of_a_child(codes: Iterable[str], catalogue: Catalogue) -> bool:
    return any(catalogue.by_code[code].applies_to is AppliesTo.CHILD for code in codes)


def _urgency(seen: AbstractSet[str], age: AgeGroup, catalogue: Catalogue) -> Urgency:
    """One level for the gravest sign, of any grade; one more for a child, known or presumed."""
    rules = catalogue.rules
    child = age is AgeGroup.CHILD or (
        age is AgeGroup.UNKNOWN and _speaks_of_a_child(seen, catalogue)
    )
    if seen & rules.danger_now or (child and seen & rules.soon):
        return Urgency.DANGER_NOW
    return Urgency.SOON if child or seen & rules.soon else Urgency.NONE_KNOWN


def _used(
    additions: Additions, evidence: Evidence, aged: list[_Aged | None], reading: Reading
) -> tuple[str, ...]:
    bears = {
        "observations_only_prompt": bool(evidence.prompted),
        "defining_purpose": True in [each.by_defining_sign for each in aged if each],
        "once_per_subject": evidence.repeated,
        "graded_only": not {each.reason for each in evidence.set_aside} <= {"not_in_catalogue"},
        "both_ages": None not in aged,
        "three_valued": Result.UNKNOWN in [each.result for each in reading],
    }
    return tuple([name for name in bears if bears[name] and getattr(additions, name)])


def _without_additions(
    signs: Collection[Sign], evidence: Evidence, age: AgeGroup, case: _Case
) -> dict[Element, Result]:
    is_lead = len(evidence.per_report) > 1 or evidence.set_aside
    plain = count_signs(signs, case.catalogue, NO_ADDITIONS) if is_lead else evidence
    read_as = AgeGroup.CHILD if age is AgeGroup.CHILD else AgeGroup.ADULT
    bare = _Case(case.catalogue, case.forms, case.answers_no, NO_ADDITIONS)
    shown = bare.shown(plain.times, read_as)
    return {each: Result.INDICATED if each in shown else Result.NOT_INDICATED for each in _ELEMENTS}
