"""Who brings what to a lead: which reports and organisations said a sign, what each of them shows
by itself, and what only all of them together show.
"""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from app.domain.assessed import Contribution, Reading
from app.domain.counting import Evidence, times_of
from app.domain.elements import ELEMENTS, Case
from app.domain.indicators import AgeGroup, Element, Sign


class Alone(NamedTuple):
    """The elements that single reports, and all reports of single organisations, show for an age.

    organisations: by id; a report of which no organisation is known is one of its own.
    Both are empty where one report is assessed by itself.
    """

    reports: list[AbstractSet[Element]]
    organisations: Mapping[str, AbstractSet[Element]]

    def and_also(self, other: "Alone") -> "Alone":
        """What they show here and there, of the same reports."""
        pairs = zip(self.reports, other.reports, strict=True)
        found = {each: self.organisations[each] & other.organisations[each]
                 for each in self.organisations}  # fmt: skip
        return Alone([left & right for left, right in pairs], found)


NOBODY = Alone([], {})


def only_together(elements: AbstractSet[Element], alone: Collection[AbstractSet[Element]]) -> bool:
    """Whether none of them shows all these elements by itself."""
    return bool(alone) and not any(elements <= each for each in alone)


@dataclass(slots=True)
class Sources:
    """Where the signs that counted come from. Without ids of reports there is nothing to say."""

    of_organisation: dict[str, list[Sign]] = field(default_factory=dict)
    reports: dict[str, set[str]] = field(default_factory=dict)
    organisations: dict[str, set[str]] = field(default_factory=dict)

    def alone(self, case: Case, evidence: Evidence, age: AgeGroup) -> Alone:
        """What each shows by itself, when read for this age: that of the whole."""
        if not self.of_organisation:
            return NOBODY
        once = case.additions.once_per_subject
        return Alone(
            reports=[case.shown(each, age) for each in evidence.per_report],
            organisations={
                organisation: case.shown(times_of(signs, once=once), age)
                for organisation, signs in self.of_organisation.items()
            },
        )

    def reports_of(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The ids of the reports that said any of these codes."""
        return _named(codes, self.reports)

    def organisations_of(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The ids of the organisations that said any of these codes."""
        return _named(codes, self.organisations)

    def said_by(self) -> dict[str, tuple[str, ...]]:
        """Per sign the reports that said it, both in order."""
        return {code: tuple(sorted(self.reports[code])) for code in sorted(self.reports)}

    def contributions(self, reading: Reading, alone: Alone) -> tuple[Contribution, ...]:
        """What each known organisation brings to this reading."""
        known = sorted({each for named in self.organisations.values() for each in named})
        found = []
        for organisation in known:
            signs = self.of_organisation[organisation]
            shown = alone.organisations[organisation]
            found.append(
                Contribution(
                    organisation=organisation,
                    reports=tuple(sorted({each.report_id for each in signs if each.report_id})),
                    indicators=tuple(sorted({each.code for each in signs})),
                    elements=tuple(
                        element
                        for element, result in zip(ELEMENTS, reading, strict=True)
                        if organisation in result.organisations
                    ),
                    shows_alone=tuple(each for each in ELEMENTS if each in shown),
                )
            )
        return tuple(found)


def sources_of(evidence: Evidence) -> Sources:
    """Where the signs come from that counted."""
    sources = Sources()
    if all(each.report_id is None for each in evidence.counted):
        return sources
    for sign in evidence.counted:
        owner = sign.organisation_id or sign.report_id or ""
        sources.of_organisation.setdefault(owner, []).append(sign)
        if sign.report_id is not None:
            sources.reports.setdefault(sign.code, set()).add(sign.report_id)
        if sign.organisation_id is not None:
            sources.organisations.setdefault(sign.code, set()).add(sign.organisation_id)
    return sources


def _named(codes: Iterable[str], by_code: Mapping[str, set[str]]) -> tuple[str, ...]:
    if not by_code:
        return ()
    return tuple(sorted({id_ for code in codes for id_ in by_code.get(code, ())}))
