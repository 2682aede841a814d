"""Checklists: the questions of one sector, in their order, and the indicators that answers report.

A checklist has no texts (see `texts`). What a set of answers adds up to is `answering`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from app.domain.indicators import Catalogue

SECTORS = (
    "labour_inspection", "health", "law_enforcement", "immigration", "local_government", "ngo",
    "diplomatic", "trade_union", "employment_agency", "online_platform", "public",
)  # fmt: skip
"""The sectors that have a checklist (contract, section 8)."""

CHILD_QUESTION = "under_18"
"""The question that says the age; every checklist asks it, and of everybody."""


class Step(StrEnum):
    """The parts of a checklist, in the order in which they are gone through: safety before all,
    and the rule for children (Directive 2011/36/EU, Article 13) before any sign.
    """

    SAFETY = "safety"
    CHILD = "child"
    SIGNS = "signs"
    PLACE_AND_PEOPLE = "place_and_people"


class Answer(StrEnum):
    """What may be answered."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


class Condition(NamedTuple):
    """Skip logic: ask only after this answer to an earlier question."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    yes, no: the indicators that this answer reports. when: None where it is always asked.
    danger: the answer that means immediate danger, None where neither does.
    """

    id: str
    step: Step
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    when: Condition | None = None
    danger: Answer | None = None

    def reports(self, answer: Answer) -> tuple[str, ...]:
        """The indicators that this answer reports."""
        return {Answer.YES: self.yes, Answer.NO: self.no}.get(answer, ())


@dataclass(frozen=True, eq=False, slots=True)
class Checklist:
    """The questions of one sector, in the order in which they are asked."""

    sector: str
    questions: tuple[Question, ...]
    by_id: Mapping[str, Question] = field(init=False, repr=False)
    reaches: frozenset[str] = field(init=False, repr=False)
    """All indicators that some answer reports."""

    def __post_init__(self) -> None:
        by_id = MappingProxyType({each.id: each for each in self.questions})
        reaches = frozenset(code for each in self.questions for code in (*each.yes, *each.no))
        object.__setattr__(self, "by_id", by_id)
        object.__setattr__(self, "reaches", reaches)


def parse_checklist(table: Mapping[str, object], *, sector: str, catalogue: Catalogue) -> Checklist:
    """Check a checklist, given as its file has it.

    Raises ValueError, naming the question, for anything unknown, missing, doubled or out of
    order: steps come in the order of `Step`, `when` names an earlier question, codes are in
    force, and `CHILD_QUESTION` is asked of everybody.
    """
    if unknown := sorted(table.keys() - {"sector", "questions"}):
        raise ValueError(f"{unknown[0]} is not one of questions, sector")
    if sector not in SECTORS or table.get("sector") != sector:
        raise ValueError("sector must be one of those with a checklist, and the name of the file")
    rows = table.get("questions")
    if not isinstance(rows, list) or not rows:
        raise ValueError("questions must be a list of tables, at least one")
    questions: dict[str, Question] = {}
    for number, row in enumerate(rows, start=1):
        question = _question(row, f"question {number}", catalogue)
        where = f"question {number} ({question.id})"
        if question.id in questions:
            raise ValueError(f"{where} is there twice")
        if question.when is not None and question.when.question not in questions:
            raise ValueError(f"{where}: when names no earlier question")
        questions[question.id] = question
    _check_order(tuple(questions.values()))
    return Checklist(sector, tuple(questions.values()))


def check_agreement(checklists: Sequence[Checklist]) -> None:
    """Raise ValueError where one question stands in two checklists and says different things: the
    same id has the same step, reports the same indicators and means the same danger everywhere.
    Only after which answer it is asked may differ.
    """
    seen: dict[str, tuple[str, tuple[object, ...]]] = {}
    for checklist in checklists:
        for each in checklist.questions:
            meaning = (each.step, set(each.yes), set(each.no), each.danger)
            sector, known = seen.setdefault(each.id, (checklist.sector, meaning))
            if known != meaning:
                raise ValueError(
                    f"question {each.id} means one thing for {sector}, another for "
                    f"{checklist.sector}"
                )


_FIELDS = frozenset({"id", "step", "yes", "no", "when", "danger"})
_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_ID_LENGTH = 60
_STEPS = tuple(Step)
_Code = TypeVar("_Code", bound=StrEnum)


def _question(row: object, where: str, catalogue: Catalogue) -> Question:
    if not isinstance(row, Mapping):
        raise ValueError(f"{where}: must be a table")  # noqa: TRY004 - all faults of data are ValueError
    id_ = row.get("id")
    if not isinstance(id_, str) or len(id_) > _ID_LENGTH or not _ID.fullmatch(id_):
        raise ValueError(f"{where}: id must be lower_snake, at most {_ID_LENGTH} characters")
    where = f"{where} ({id_})"
    if unknown := sorted(row.keys() - _FIELDS):
        raise ValueError(f"{where}: {unknown[0]} is not one of {', '.join(sorted(_FIELDS))}")
    yes, no = (_codes(row.get(name, []), f"{where}: {name}", catalogue) for name in ("yes", "no"))
    if both := sorted({*yes} & {*no}):
        raise ValueError(f"{where}: {both[0]} is reported by yes and by no")
    danger = _member(Answer, row["danger"], f"{where}: danger") if "danger" in row else None
    if danger is Answer.NOT_KNOWN:
        raise ValueError(f"{where}: what is not known is no danger")
    return Question(
        id=id_,
        step=_member(Step, row.get("step"), f"{where}: step"),
        yes=yes,
        no=no,
        when=_condition(row["when"], where) if "when" in row else None,
        danger=danger,
    )


def _codes(value: object, where: str, catalogue: Catalogue) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{where} must be a list of codes")  # noqa: TRY004 - as above
    for code in value:
        if not isinstance(code, str) or code not in catalogue:
            raise ValueError(f"{where}: {code!r} is not in the catalogue")
        if catalogue.get(code).retired is not None:
            raise ValueError(f"{where}: {code} is retired")
    if len(set(value)) != len(value):
        raise ValueError(f"{where}: a code is there twice")
    return tuple(value)


def _condition(value: object, where: str) -> Condition:
    if not isinstance(value, Mapping) or value.keys() != {"question", "answer"}:
        raise ValueError(f"{where}: when must have question and answer")
    return Condition(
        str(value["question"]), _member(Answer, value["answer"], f"{where}: when.answer")
    )


def _member(codes: type[_Code], value: object, where: str) -> _Code:
    if not isinstance(value, str) or value not in set(codes):
        raise ValueError(f"{where} is not one of {', '.join(codes)}")
    return codes(value)


def _check_order(questions: tuple[Question, ...]) -> None:
    for earlier, later in pairwise(questions):
        if _STEPS.index(later.step) < _STEPS.index(earlier.step):
            raise ValueError(f"question {later.id}: step {later.step} comes before {earlier.step}")
    child = [each for each in questions if each.id == CHILD_QUESTION]
    if not child or child[0].step is not Step.CHILD or child[0].when is not None:
        raise ValueError(f"{CHILD_QUESTION} must be asked of everybody, in the step child")
