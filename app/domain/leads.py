"""A case lead: what is known of a cluster of reports, and how strongly it asks to be looked at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import log2

ACT, MEANS, PURPOSE = 1, 2, 4
"""Bits of `elements`: which elements of the crime are indicated (Directive 2011/36/EU, Art. 2)."""

_EACH_ORGANISATION, _MOST_CORROBORATION = 10.0, 30.0
_EACH_SECTOR, _MOST_SECTORS = 10.0, 20.0
_EACH_ELEMENT = 10.0
_CHILD = 10.0
_EACH_DOUBLING, _MOST_EXTENT = 2.0, 10.0


class LeadStatus(StrEnum):
    """What became of a lead. `new` until an analyst records something."""

    NEW = "new"
    UNDER_ASSESSMENT = "under_assessment"
    INFORMATION_REQUESTED = "information_requested"
    INVESTIGATION_OPENED = "investigation_opened"
    VICTIM_REFERRED = "victim_referred"
    NO_FURTHER_ACTION = "no_further_action"
    PROSECUTION = "prosecution"
    CONVICTION = "conviction"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of a lead's reports taken together.

    elements: bits of the elements indicated over all its reports.
    """

    report_count: int
    organisation_count: int
    sector_count: int
    first_observed: date | None
    last_observed: date | None
    forms: Sequence[str]
    countries: Sequence[str]
    nuts: Sequence[str]
    indicators: Sequence[str]
    has_children: bool
    elements: int


def regions_of(nuts: Iterable[str]) -> list[str]:
    """These NUTS codes and all regions that they lie in, for a code begins with that of the region
    around it (Regulation (EC) No 1059/2003, Article 2): of SK031 also SK03, SK0 and SK.
    """
    return sorted({code[:end] for code in nuts for end in range(2, len(code) + 1)})


def score_parts(summary: Summary) -> dict[str, float]:
    """The parts of a lead's score, 0 to 100 together: how much independent organisations and
    sectors corroborate each other, which elements of the crime are indicated, whether a
    child may be concerned, and how many reports there are. The strength of links does not enter:
    it says that reports belong together, not that they matter.
    """
    if summary.report_count == 0:
        return {}
    return {
        "corroboration": min(
            _EACH_ORGANISATION * (summary.organisation_count - 1), _MOST_CORROBORATION
        ),
        "sectors": min(_EACH_SECTOR * (summary.sector_count - 1), _MOST_SECTORS),
        "elements": _EACH_ELEMENT * summary.elements.bit_count(),
        "children": _CHILD if summary.has_children else 0.0,
        "extent": round(min(_EACH_DOUBLING * log2(summary.report_count), _MOST_EXTENT), 2),
    }
