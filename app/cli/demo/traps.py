"""The traps of the sample data, as their description lists them, and whether each held.

What a trap hides and which reports it is laid in is read from the description; whether it held
is judged by the truth and by what the service answered.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from app.cli.demo.findings import Findings, Seen

_CODE = re.compile(r"`([^`]+)`")
_COLUMNS = ("trap", "values", "what is hidden", "reports")


@dataclass(frozen=True, slots=True)
class Trap:
    """values: as the description writes them. hidden: what is hidden. reports: where it is laid."""

    name: str
    values: Sequence[str]
    hidden: str
    reports: Sequence[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a trap held. seen: what the answers show of it; failures: what went wrong."""

    trap: Trap
    seen: str
    failures: Sequence[str]

    @property
    def held(self) -> bool:
        return not self.failures


def read_traps(description: str) -> list[Trap]:
    """The table of traps in the description. Raises ValueError where there is none."""
    lines = description.splitlines()
    heading = "| " + " | ".join(_COLUMNS) + " |"
    if heading not in lines:
        raise ValueError("the description has no table of traps")
    traps = []
    for line in lines[lines.index(heading) + 2 :]:
        if not line.startswith("|"):
            break
        name, values, hidden, reports = (cell.strip() for cell in line.strip("| ").split(" | "))
        traps.append(
            Trap(name, _CODE.findall(values), hidden.replace("`", ""), _CODE.findall(reports))
        )
    return traps


def judge(trap: Trap, findings: Findings, truth: Mapping[str, str]) -> Verdict:
    """Judge a trap: reports that do not belong together are apart, those that belong with none
    stand alone, and what else its kind demands.
    """
    laid = [findings.reports[ref] for ref in trap.reports]
    apart = [pair for pair in combinations(trap.reports, 2) if not _together(pair, truth)]
    joined = [pair for pair in apart if _in_one_lead(pair, findings)]
    alone = [ref for ref in trap.reports if not truth[ref]]
    taken = [ref for ref in alone if findings.lead_of(ref)]
    shared = _shared(laid, truth)
    failures = [f"{one} and {other} are in one lead" for one, other in joined]
    failures += [f"{ref} does not stand alone" for ref in taken]
    seen = [f"{len(apart) - len(joined)} of {len(apart)} pairs apart"]
    if alone:
        seen.append(f"{len(alone) - len(taken)} of {len(alone)} alone")
    for value in sorted(shared):
        links = findings.linked_by(value)
        carriers = sum(value in report.values() for report in laid)
        seen.append(f"{value[0]} in {carriers} reports, counted in {len(links)} links")
        if trap.name in _NEVER_COUNTED:
            failures += [f"{value[0]} counts between {one} and {other}" for one, other in links]
    more = _DEMANDS.get(trap.name)
    if more:
        told, broken = more(trap, laid)
        seen.append(told)
        failures += broken
    return Verdict(trap, "; ".join(seen), failures)


def _together(pair: tuple[str, str], truth: Mapping[str, str]) -> bool:
    first, second = (truth[ref] for ref in pair)
    return bool(first) and first == second


def _in_one_lead(pair: tuple[str, str], findings: Findings) -> bool:
    lead = findings.lead_of(pair[0])
    return lead is not None and pair[1] in lead.members


def _shared(laid: Sequence[Seen], truth: Mapping[str, str]) -> set[tuple[str, str]]:
    """The values that reports of the trap share though they do not belong together."""
    return {
        value
        for one, other in combinations(laid, 2)
        if not _together((one.reference, other.reference), truth)
        for value in one.values() & other.values()
    }


_NEVER_COUNTED = frozenset({"helpline", "toll_free", "interpreter", "portal"})
"""Traps whose value is no evidence at all, even between reports that something else links."""

_Demand = Callable[[Trap, Sequence[Seen]], tuple[str, list[str]]]


def _no_value(trap: Trap, laid: Sequence[Seen]) -> tuple[str, list[str]]:
    """No value is made of what stands for "unknown"."""
    made = [
        f"{report.reference}: a {kind} was made of a placeholder"
        for report in laid
        for kind, form in report.values()
        if {part for part in re.split(r"[:,\s]+", form or "") if part} & set(trap.values)
    ]
    return f"{len(made)} values made of them", made


def _warned(trap: Trap, laid: Sequence[Seen]) -> tuple[str, list[str]]:
    """Each value is kept as sent, and its sender is warned of its place."""
    texts = [text for report in laid for text in report.warned()]
    unwarned = [value for value in trap.values if value not in texts]
    told = f"{len(trap.values) - len(unwarned)} of {len(trap.values)} values kept and warned of"
    return told, [f"nobody is warned of {value}" for value in unwarned]


def _unrepaired(trap: Trap, laid: Sequence[Seen]) -> tuple[str, list[str]]:
    """Each value stands as it was written, none was made like its neighbour."""
    forms = {_bare(form) for report in laid for _, form in report.values() if form}
    forms |= {_bare(text) for report in laid for text in report.warned()}
    changed = [value for value in trap.values if _bare(value) not in forms]
    told = f"{len(trap.values) - len(changed)} of {len(trap.values)} values unchanged"
    return told, [f"{value} is found nowhere" for value in changed]


def _bare(form: str) -> str:
    """A value without spaces and without the country before it."""
    return form.replace(" ", "").rpartition(":")[2].casefold()


_DEMANDS: Mapping[str, _Demand] = {
    "placeholder": _no_value,
    "unnormalisable": _warned,
    "one_digit": _unrepaired,
}
