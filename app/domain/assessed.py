"""What an assessment says, and its plain JSON. How it is found is `assessment`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from app.domain.counting import SetAside
from app.domain.figures import Urgency
from app.domain.indicators import Dimension, Element

SCREENING_NOTE = (
    "Screening aid: it sums up reported signs by published rules. It is no finding about any "
    "person, and calls nobody a victim or a perpetrator. Unknown means not asked or not answered; "
    "not indicated, that the questions asked could have shown it and the answers do not."
)


class Result(StrEnum):
    """What is known of an element. `NOT_INDICATED` needs answers of "no" that leave no way: only a
    checklist has them, no report does.
    """

    INDICATED = "indicated"
    NOT_INDICATED = "not_indicated"
    UNKNOWN = "unknown"


class ElementResult(NamedTuple):
    """What is known of one element.

    indicators: the codes that count for it, in the catalogue's order. dimensions: those positive.
    reports, organisations: the ids of those that such a sign comes from; empty where one report
    is assessed by itself. open_questions: codes to ask about, best first; empty once the element
    is decided or not needed. by_combination: it stands over all reports of the lead and in none
    of them alone. across_organisations: nor do all reports of any one organisation show it.
    required: False for the means of a child (Directive 2011/36/EU, Article 2(5)), where they only
    add weight.
    """

    result: Result
    indicators: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    reports: tuple[str, ...]
    organisations: tuple[str, ...]
    open_questions: tuple[str, ...]
    by_combination: bool
    across_organisations: bool
    required: bool

    def as_dict(self) -> dict[str, object]:
        """Return plain JSON values."""
        return {
            "result": self.result.value,
            "indicators": list(self.indicators),
            "dimensions": [each.value for each in self.dimensions],
            "reports": list(self.reports),
            "organisations": list(self.organisations),
            "open_questions": list(self.open_questions),
            "by_combination": self.by_combination,
            "across_organisations": self.across_organisations,
            "required": self.required,
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """The three elements, read for one age; iterating gives them in this order.

    all_elements: all required elements together: indicated if each is, not indicated if one is
        not. Of two readings in common: what both say, else unknown.
    by_combination: all required elements are indicated, and neither a single report nor all
        reports of a single organisation show them all.
    """

    act: ElementResult
    means: ElementResult
    purpose: ElementResult
    all_elements: Result
    by_combination: bool

    def __iter__(self) -> Iterator[ElementResult]:
        return iter((self.act, self.means, self.purpose))

    def as_dict(self) -> dict[str, object]:
        """Return plain JSON values."""
        return {
            "act": self.act.as_dict(),
            "means": self.means.as_dict(),
            "purpose": self.purpose.as_dict(),
            "all_elements": self.all_elements.value,
            "by_combination": self.by_combination,
        }


class Contribution(NamedTuple):
    """What the reports of one organisation bring to a lead, of signs that count.

    elements: those that they have a sign of. shows_alone: those that they show without the rest.
    """

    organisation: str
    reports: tuple[str, ...]
    indicators: tuple[str, ...]
    elements: tuple[Element, ...]
    shows_alone: tuple[Element, ...]

    def as_dict(self) -> dict[str, object]:
        """Return plain JSON values."""
        return {
            "organisation": self.organisation,
            "reports": list(self.reports),
            "indicators": list(self.indicators),
            "elements": [each.value for each in self.elements],
            "shows_alone": [each.value for each in self.shows_alone],
        }


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole result.

    reading: for the age; where it is not known, or adults and children are concerned, an element
        stands as both readings have it and is unknown where they differ. adult, child: those
        readings, None where one age is known.
    completeness: share of the required elements that are decided, 0 to 1.
    said_by: per sign that counted, the reports that said it. contributions: the same by
        organisation, in order of their ids. Both empty where one report is assessed by itself.
    additions_used: those that bore on this result, by name.
    without_additions: result of each element with every addition switched off.
    """

    reading: Reading
    adult: Reading | None
    child: Reading | None
    completeness: float
    urgency: Urgency
    said_by: Mapping[str, tuple[str, ...]]
    contributions: tuple[Contribution, ...]
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
            "said_by": {code: list(reports) for code, reports in self.said_by.items()},
            "contributions": [each.as_dict() for each in self.contributions],
            "note": SCREENING_NOTE,
            "catalogue_version": self.catalogue_version,
            "additions": list(self.additions_used),
            "without_additions": {
                element.value: result.value for element, result in self.without_additions.items()
            },
            "set_aside": [each._asdict() for each in self.set_aside],
        }
