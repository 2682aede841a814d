"""The two figures of an assessment: how complete it is, and how urgent. They are never made one:
much may be known of what can wait, and next to nothing of what cannot.
"""

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from enum import StrEnum

from app.domain.indicators import AgeGroup, AppliesTo, Catalogue


class Urgency(StrEnum):
    """How soon somebody should act, apart from how much is known."""

    DANGER_NOW = "danger_now"
    SOON = "soon"
    NONE_KNOWN = "none_known"


def share(decided: Collection[bool]) -> float:
    """The share of the required elements that are decided, 0 to 1."""
    return round(sum(decided) / len(decided), 2)


def urgency_of(seen: AbstractSet[str], age: AgeGroup, catalogue: Catalogue) -> Urgency:
    """One level for the gravest sign, of any grade; one more for a child, known or presumed."""
    rules = catalogue.rules
    child = age is AgeGroup.CHILD or (
        age is AgeGroup.UNKNOWN and speaks_of_a_child(seen, catalogue)
    )
    if seen & rules.danger_now or (child and seen & rules.soon):
        return Urgency.DANGER_NOW
    return Urgency.SOON if child or seen & rules.soon else Urgency.NONE_KNOWN


def speaks_of_a_child(codes: Iterable[str], catalogue: Catalogue) -> bool:
    """Whether any of these indicators is of children only."""
    return any(catalogue.by_code[code].applies_to is AppliesTo.CHILD for code in codes)
