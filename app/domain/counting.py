"""How often a sign counts: which signs of a lead count at all, and each once, however many reports
say it. What the counts amount to is `delphi`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from app.domain.indicators import HIGHEST_GRADE_COUNTED, Additions, Catalogue, Sign


class SetAside(NamedTuple):
    """A sign that was not counted, and why.

    reason: `not_in_catalogue`, `low_grade`, `not_graded` or `not_for_this_age`.
    """

    code: str
    reason: str
    report_id: str | None


class Evidence(NamedTuple):
    """Signs, counted.

    times: how often each code counts; per_report: the same for each report alone.
    counted: the signs behind it. seen: all codes of the catalogue, counted or not.
    prompted: codes that observations bring up.
    repeated: whether some sign came from several reports and was counted once.
    """

    times: Mapping[str, int]
    per_report: tuple[Mapping[str, int], ...]
    counted: list[Sign]
    seen: AbstractSet[str]
    prompted: tuple[str, ...]
    set_aside: tuple[SetAside, ...]
    repeated: bool


def count_signs(signs: Iterable[Sign], catalogue: Catalogue, additions: Additions) -> Evidence:
    """Count signs for the rule: each code once for each subject, however many reports say it; one
    that names no subject adds nothing to one that does.

    A lead is about an operation, so the same sign of two persons counts twice, where it is known
    whom it is about (see `Sign`).
    """
    seen: set[str] = set()
    set_aside: set[SetAside] = set()
    by_report: dict[str | None, list[Sign]] = {}
    for sign in signs:
        reason: str | None = "not_in_catalogue"
        if sign.code in catalogue.by_code:
            seen.add(sign.code)
            of_a_lead = sign.report_id is not None
            reason = reason_to_set_aside(sign.grade, additions) if of_a_lead else None
        if reason is None:
            by_report.setdefault(sign.report_id, []).append(sign)
        else:
            set_aside.add(SetAside(sign.code, reason, sign.report_id))
    counted = [sign for each in by_report.values() for sign in each]
    per_report = tuple(_times(each) for each in by_report.values())
    once = every = per_report[0] if per_report else {}
    if len(per_report) > 1:
        once = _times(counted)
        every = {code: sum(each.get(code, 0) for each in per_report) for code in once}
    prompts = catalogue.rules.prompts
    return Evidence(
        times=once if additions.once_per_subject else every,
        per_report=per_report,
        counted=counted,
        seen=seen,
        prompted=tuple([code for each in sorted(seen & prompts.keys()) for code in prompts[each]]),
        set_aside=tuple(sorted(set_aside, key=lambda each: (each[0], each[1], each[2] or ""))),
        repeated=once != every,
    )


def times_of(signs: Iterable[Sign], *, once: bool) -> Mapping[str, int]:
    """How often each code counts in all these signs: once per subject, or else per report too."""
    if once:
        return _times(signs)
    by_report: dict[str | None, list[Sign]] = {}
    for sign in signs:
        by_report.setdefault(sign.report_id, []).append(sign)
    times: Counter[str] = Counter()
    for each in by_report.values():
        times.update(_times(each))
    return times


def reason_to_set_aside(grade: int | None, additions: Additions) -> str | None:
    """Why a sign of a lead whose information has this grade does not count; None if it does."""
    if not additions.graded_only:
        return None
    if grade is None:
        grade = additions.grade_if_missing
    if grade is None:
        return "not_graded"
    return "low_grade" if grade > HIGHEST_GRADE_COUNTED else None


def _times(signs: Iterable[Sign]) -> dict[str, int]:
    subjects: dict[str, set[str | None]] = {}
    for sign in signs:
        subjects.setdefault(sign.code, set()).add(sign.subject)
    return {code: len(whom - {None}) or 1 for code, whom in subjects.items()}
