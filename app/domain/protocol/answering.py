"""What the answers to a checklist say: indicators, what they add up to, what to ask next.

What to do about it is `advising`. Nothing here knows who answered.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.domain.assessment import Alarms, Answers, Assessment, Result, assess
from app.domain.indicators import AgeGroup, AppliesTo, Catalogue, Element, Form, Sign
from app.domain.protocol.checklists import (
    CHILD_QUESTION,
    Answer,
    Checklist,
    Condition,
    Question,
    Step,
)

_AGES = {Answer.YES: AgeGroup.CHILD, Answer.NO: AgeGroup.ADULT}
_BEFORE_ALL = frozenset({Step.SAFETY, Step.CHILD})
_ELEMENTS = (Element.ACT, Element.MEANS, Element.PURPOSE)
_DECIDES_NOTHING = 2


class NextQuestion(NamedTuple):
    """A question to ask now. decides: whether it may lead to a sign of an
    element that is still unknown.
    """

    question: Question
    decides: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What a set of answers says.

    indicators: the codes reported, in the catalogue's order, each with the ids of the questions
        whose answers reported it.
    age: a child or an adult as answered, else unknown, with both readings in the assessment.
    child: whether to go by the rule for children: a child, or nobody knows and a sign speaks of
        one, so that a child is presumed (Directive 2011/36/EU, Article 13(2)).
    danger: whether an answer means immediate danger.
    next_questions: see `find_next`. set_aside: ids of questions that were answered although an
        earlier answer rules them out; these answers do not count.
    """

    indicators: Mapping[str, tuple[str, ...]]
    age: AgeGroup
    child: bool
    danger: bool
    assessment: Assessment
    next_questions: tuple[NextQuestion, ...]
    set_aside: tuple[str, ...]


def find(
    checklist: Checklist,
    answers: Mapping[str, Answer],
    *,
    catalogue: Catalogue,
    forms: frozenset[Form] = frozenset(),
) -> Finding:
    """Say what answers, by question id, add up to. The order of the answers changes nothing.

    forms: those that the one who answers has in mind; they choose lists and questions, as in
    `assess`. Raises KeyError for an id that is no question of the checklist.
    """
    for id_ in answers:
        if id_ not in checklist.by_id:
            raise KeyError(id_)
    counted, passed_over = _counted(checklist, answers)
    reported = _reported(checklist, counted, catalogue)
    age = _AGES.get(counted.get(CHILD_QUESTION, Answer.NOT_KNOWN), AgeGroup.UNKNOWN)
    danger = any(
        each.danger is not None and counted.get(each.id) is each.danger
        for each in checklist.questions
    )
    assessment = assess(
        [Sign(code) for code in reported],
        age=age,
        catalogue=catalogue,
        answers=Answers(
            _ruled_out(checklist, counted, reported), _asked_about(checklist, passed_over)
        ),
        forms=forms,
        alarms=Alarms(at_risk=danger),
    )
    presumed = age is AgeGroup.UNKNOWN and any(
        catalogue.get(code).applies_to is AppliesTo.CHILD for code in reported
    )
    return Finding(
        indicators=reported,
        age=age,
        child=presumed or age is AgeGroup.CHILD,
        danger=danger,
        assessment=assessment,
        next_questions=find_next(
            checklist, counted, assessment=assessment, danger=danger, catalogue=catalogue
        ),
        set_aside=tuple(
            each.id for each in checklist.questions if each.id in answers and each.id not in counted
        ),
    )


def find_next(
    checklist: Checklist,
    answers: Mapping[str, Answer],
    *,
    assessment: Assessment,
    danger: bool,
    catalogue: Catalogue,
) -> tuple[NextQuestion, ...]:
    """The questions that are still to be asked, in the order in which to ask them.

    Those of safety come first, then those for a child; then those that lead to a sign that would
    decide an element soonest, those that lead to another sign of an element that is still
    unknown, and the rest, each as they stand. A question is skipped unless its condition was
    answered so. In immediate danger only safety and child are left: nobody goes on with a list.
    """
    soonest: set[str] = set()
    unknown: set[Element] = set()
    for element, found in zip(_ELEMENTS, assessment.reading, strict=True):
        if found.required and found.result is Result.UNKNOWN:
            unknown.add(element)
            soonest.update(found.open_questions)
    leads_to = _leads_to(checklist)

    def place(question: Question) -> int:
        codes = leads_to[question.id]
        if not soonest.isdisjoint(codes):
            return 0
        return 1 if any(catalogue.get(code).element in unknown for code in codes) else 2

    open_ = [
        NextQuestion(each, decides=place(each) < _DECIDES_NOTHING)
        for each in checklist.questions
        if each.id not in answers
        and (each.when is None or answers.get(each.when.question) is each.when.answer)
        and (not danger or each.step in _BEFORE_ALL)
    ]
    return tuple(
        sorted(
            open_,
            key=lambda each: -1 if each.question.step in _BEFORE_ALL else place(each.question),
        )
    )


def _leads_to(checklist: Checklist) -> dict[str, set[str]]:
    """By question the codes that it reports, or that a question asked only after it does."""
    codes: dict[str, set[str]] = {}
    for each in reversed(checklist.questions):
        codes.setdefault(each.id, set()).update((*each.yes, *each.no))
        if each.when is not None:
            codes.setdefault(each.when.question, set()).update(codes[each.id])
    return codes


def _counted(
    checklist: Checklist, answers: Mapping[str, Answer]
) -> tuple[dict[str, Answer], set[str]]:
    """The answers that count, and the questions that an earlier answer rules out: answers to these
    do not count.

    An earlier answer of the step safety rules out nothing. It says that asking is not safe, not
    that nothing is known.
    """
    counted: dict[str, Answer] = {}
    ruled_out: set[str] = set()
    for each in checklist.questions:
        if each.when is not None and _is_ruled_out(each.when, checklist, counted, ruled_out):
            ruled_out.add(each.id)
        elif each.id in answers:
            counted[each.id] = answers[each.id]
    return counted, ruled_out


def _asked_about(checklist: Checklist, passed_over: Collection[str]) -> frozenset[str]:
    """The codes that some question is about which is not ruled out."""
    return frozenset(
        code
        for each in checklist.questions
        if each.id not in passed_over
        for code in (*each.yes, *each.no)
    )


def _is_ruled_out(
    when: Condition, checklist: Checklist, counted: Mapping[str, Answer], ruled_out: set[str]
) -> bool:
    if checklist.by_id[when.question].step is Step.SAFETY:
        return False
    given = counted.get(when.question, Answer.NOT_KNOWN)
    return when.question in ruled_out or given not in (when.answer, Answer.NOT_KNOWN)


def _reported(
    checklist: Checklist, counted: Mapping[str, Answer], catalogue: Catalogue
) -> dict[str, tuple[str, ...]]:
    because: dict[str, list[str]] = {}
    for each in checklist.questions:
        for code in each.reports(counted.get(each.id, Answer.NOT_KNOWN)):
            because.setdefault(code, []).append(each.id)
    return {code: tuple(because[code]) for code in catalogue.codes if code in because}


def _ruled_out(
    checklist: Checklist, counted: Mapping[str, Answer], reported: Collection[str]
) -> frozenset[str]:
    """The codes that were answered "no": every question that could report one got an answer that
    does not. A question that was skipped, or answered "not known", leaves its codes open.
    """
    open_ = {
        code
        for each in checklist.questions
        if counted.get(each.id, Answer.NOT_KNOWN) is Answer.NOT_KNOWN
        for code in (*each.yes, *each.no)
    }
    return checklist.reaches - open_ - frozenset(reported)
