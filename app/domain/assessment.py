"""What the signs of a report, or of all reports of a lead, add up to: act, means and purpose.

A screening aid by stated rules: the ILO/EC Delphi rule for each dimension (`delphi`), put
together under Directive 2011/36/EU, Article 2, as amended by Directive (EU) 2024/1712, and the
additions of this project, each of which can be switched off. What may be shown to whom, and who
is at fault, are not here.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from app.domain.assessed import (
    SCREENING_NOTE,
    Assessment,
    Contribution,
    ElementResult,
    Reading,
    Result,
)
from app.domain.combining import NOBODY, Alone, Sources, only_together, sources_of
from app.domain.counting import Evidence, SetAside, count_signs
from app.domain.delphi import (
    Counts,
    DelphiList,
    dimensions_of,
    is_positive,
    positive_dimensions,
    questions_that_decide,
    tally,
)
from app.domain.elements import ELEMENTS, NO_ANSWERS, Answers, Case
from app.domain.figures import (
    NO_ALARMS,
    Alarms,
    Urgency,
    share,
    speaks_of_a_child,
    urgency_of,
)
from app.domain.indicators import (
    NO_ADDITIONS,
    Additions,
    AgeGroup,
    Catalogue,
    Dimension,
    Element,
    Form,
    Sign,
)

__all__ = [
    "MOST_QUESTIONS",
    "SCREENING_NOTE",
    "Additions",
    "Alarms",
    "Answers",
    "Assessment",
    "Contribution",
    "ElementResult",
    "Reading",
    "Result",
    "Sign",
    "Urgency",
    "assess",
]

MOST_QUESTIONS = 5
"""So many open questions are given per element; the answers bring the next."""


def assess(
    signs: Collection[Sign],
    *,
    age: AgeGroup,
    catalogue: Catalogue,
    answers: Answers = NO_ANSWERS,
    forms: Collection[Form] = (),
    alarms: Alarms = NO_ALARMS,
) -> Assessment:
    """Say what the signs add up to, for one report or for all reports of a lead. Of a lead it is
    said too who brings what, and what only all together show.

    A dimension is positive by the Delphi rule under the list for age and form; one positive
    dimension of the means, one of the purpose, or one act makes the element indicated
    (Directive 2011/36/EU, Article 2(1) and (3), as amended by Directive (EU) 2024/1712). For a
    child act and purpose are enough (Article 2(5)); where the age is not known and a sign speaks
    of a child, a child is presumed (Article 13(2)). Where adults and children are concerned, what
    is missing in the case of the adults is not made good by the rule for the children: only what
    both readings show stands.

    answers: an element is not indicated only if some question about it was answered "no", the
    questions asked could have shown it, and "yes" to all that is still open (for the forms named)
    would not.
    forms: those the reporter named; they choose the lists and the questions, not what counts.
    The order of the signs and repeated ones change nothing.
    """
    additions = catalogue.rules.additions
    case = Case(catalogue, frozenset(forms), answers, additions)
    evidence = count_signs(signs, catalogue, additions)
    sources = sources_of(evidence)
    both = age in (AgeGroup.UNKNOWN, AgeGroup.MIXED) and additions.both_ages
    adult = child = None
    if age is not AgeGroup.CHILD:
        adult = _read(case, evidence, sources, AgeGroup.ADULT)
    if both or age is AgeGroup.CHILD:
        child = _read(case, evidence, sources, AgeGroup.CHILD)
    presumed = age is AgeGroup.UNKNOWN and speaks_of_a_child(evidence.times, catalogue)
    reading, alone = _top(adult, child, presumed=presumed)
    return Assessment(
        reading=reading,
        adult=adult.reading if adult and both else None,
        child=child.reading if child and both else None,
        completeness=share(
            [each.result is not Result.UNKNOWN for each in reading if each.required]
        ),
        urgency=urgency_of(evidence.seen, age, catalogue, alarms),
        said_by=sources.said_by(),
        contributions=sources.contributions(reading, alone),
        set_aside=(*evidence.set_aside, *_not_for(age, evidence, catalogue)),
        additions_used=_used(additions, evidence, [adult, child], reading),
        without_additions=_without_additions(signs, evidence, age, case),
        catalogue_version=catalogue.version,
    )


_NO_QUESTIONS: tuple[str, ...] = ()


class _Aged(NamedTuple):
    """A reading for one age, and what parts of the lead show by themselves.

    by_defining_sign: the purpose stands by addition (b) only.
    """

    reading: Reading
    alone: Alone
    by_defining_sign: bool


def _read(case: Case, evidence: Evidence, sources: Sources, age: AgeGroup) -> _Aged:
    times = evidence.times
    lists = [(each, tally(times, each)) for each in case.lists(times, age)]
    positive = {found for each in lists for found in positive_dimensions(*each, times)}
    alone = sources.alone(case, evidence, age)
    settled = case.answers.no.union(times)
    places = lists[0][0].places
    codes: dict[Element, list[str]] = {each: [] for each in ELEMENTS}
    for code in sorted(times):
        if code in places:
            codes[places[code].element].append(code)
    results = []
    for element in ELEMENTS:
        dimensions = tuple([each for each in dimensions_of(element) if each in positive])
        required = element is not Element.MEANS or age is not AgeGroup.CHILD
        result, questions = Result.INDICATED, _NO_QUESTIONS
        if not (dimensions or required or case.answers.no):
            result = Result.UNKNOWN if case.additions.three_valued else Result.NOT_INDICATED
        elif not dimensions:
            result, questions = _undecided(case, evidence, element, lists, settled)
        results.append(
            ElementResult(
                result=result,
                indicators=tuple(codes[element]),
                dimensions=dimensions,
                reports=sources.reports_of(codes[element]),
                organisations=sources.organisations_of(codes[element]),
                open_questions=questions if required else (),
                by_combination=False,
                across_organisations=False,
                required=required,
            )
        )
    return _Aged(
        reading=_combined(_reading(results), alone),
        alone=alone,
        by_defining_sign=Dimension.EXPLOITATION in positive
        and not any(is_positive(*each.get(Dimension.EXPLOITATION, (0, 0, 0))) for _, each in lists),
    )


def _combined(reading: Reading, alone: Alone) -> Reading:
    """The same reading, saying what stands by combination only."""
    if alone is NOBODY:
        return reading
    organisations = alone.organisations.values()
    results = []
    for element, each in zip(ELEMENTS, reading, strict=True):
        stands = each.result is Result.INDICATED
        results.append(
            each._replace(
                by_combination=stands and only_together({element}, alone.reports),
                across_organisations=stands and only_together({element}, organisations),
            )
        )
    required = {element for element, each in zip(ELEMENTS, reading, strict=True) if each.required}
    return replace(
        _reading(results, reading.all_elements),
        by_combination=reading.all_elements is Result.INDICATED
        and only_together(required, organisations),
    )


def _reading(results: list[ElementResult], all_elements: Result | None = None) -> Reading:
    act, means, purpose = results
    return Reading(act, means, purpose, all_elements or _all_of(results), by_combination=False)


def _all_of(results: list[ElementResult]) -> Result:
    found = [each.result for each in results if each.required]
    if Result.NOT_INDICATED in found:
        return Result.NOT_INDICATED
    return Result.UNKNOWN if Result.UNKNOWN in found else Result.INDICATED


def _undecided(
    case: Case,
    evidence: Evidence,
    element: Element,
    lists: list[tuple[DelphiList, dict[Dimension, Counts]]],
    settled: frozenset[str],
) -> tuple[Result, tuple[str, ...]]:
    """Tell unknown from not indicated, and what to ask: first what observations bring up."""
    if not case.additions.three_valued:
        return Result.NOT_INDICATED, ()
    askable = lists[0][0].asked[element]
    unasked: frozenset[str] = frozenset()
    if case.answers.asked_about is not None:
        unasked = askable - case.answers.asked_about
        settled |= unasked
    found = [questions_that_decide(*each, element, settled) for each in lists]
    ways = [each for each in found if each is not None]
    if not ways and askable & case.answers.no and _could_show(element, lists, unasked):
        return Result.NOT_INDICATED, ()
    fewest = min([length for length, _ in ways], default=0)
    asked = [each for each in evidence.prompted if each in askable and each not in settled]
    for length, codes in ways:
        if length == fewest:
            asked.extend(codes[:MOST_QUESTIONS])
    return Result.UNKNOWN, tuple(dict.fromkeys(asked))[:MOST_QUESTIONS]


def _could_show(
    element: Element,
    lists: list[tuple[DelphiList, dict[Dimension, Counts]]],
    unasked: frozenset[str],
) -> bool:
    """Whether what is asked about at all could show the element: else "no" to it says nothing."""
    return any(questions_that_decide(each, {}, element, unasked) for each, _ in lists)


def _not_for(age: AgeGroup, evidence: Evidence, catalogue: Catalogue) -> list[SetAside]:
    """Signs that cannot be about somebody of the known age: perhaps the age is wrong."""
    found = {
        SetAside(each.code, "not_for_this_age", each.report_id)
        for each in evidence.counted
        if not catalogue.by_code[each.code].applies_at(age)
    }
    return sorted(found, key=lambda each: (each.code, each.report_id or ""))


def _top(adult: _Aged | None, child: _Aged | None, *, presumed: bool) -> tuple[Reading, Alone]:
    """The reading to go by: the only one, the presumed child's, or what both have in common."""
    if adult is None or child is None:
        (only,) = (each for each in (adult, child) if each is not None)
        return only.reading, only.alone
    if presumed:
        return child.reading, child.alone
    pairs = zip(adult.reading, child.reading, strict=True)
    common = [_in_common(two, three) for two, three in pairs]
    alone = adult.alone if adult.alone is NOBODY else adult.alone.and_also(child.alone)
    agree = adult.reading.all_elements is child.reading.all_elements
    together = _all_of(common) if agree else Result.UNKNOWN
    return _combined(_reading(common, together), alone), alone


def _in_common(adult: ElementResult, child: ElementResult) -> ElementResult:
    if adult == child:
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
        organisations=_either(adult.organisations, child.organisations),
        open_questions=questions if result is Result.UNKNOWN else (),
        by_combination=False,
        across_organisations=False,
        required=True,
    )


def _either(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    return left if left == right else tuple(sorted({*left, *right}))


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
    signs: Collection[Sign], evidence: Evidence, age: AgeGroup, case: Case
) -> dict[Element, Result]:
    is_lead = len(evidence.per_report) > 1 or evidence.set_aside
    plain = count_signs(signs, case.catalogue, NO_ADDITIONS) if is_lead else evidence
    read_as = AgeGroup.CHILD if age is AgeGroup.CHILD else AgeGroup.ADULT
    bare = Case(case.catalogue, case.forms, case.answers, NO_ADDITIONS)
    shown = bare.shown(plain.times, read_as)
    return {each: Result.INDICATED if each in shown else Result.NOT_INDICATED for each in ELEMENTS}
