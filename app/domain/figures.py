"""The two figures of an assessment: how complete it is, and how urgent. They are never made one:
much may be known of what can wait, and next to nothing of what cannot.
"""

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import NamedTuple

from app.domain.indicators import AgeGroup, AppliesTo, Catalogue


class Urgency(StrEnum):
    """How soon somebody should act, apart from how much is known."""

    DANGER_NOW = "danger_now"
    SOON = "soon"
    NONE_KNOWN = "none_known"


class Alarms(NamedTuple):
    """What raises the urgency beside the signs, from whatever source: a rumour of a child or of
    danger is looked at sooner, though it proves nothing.

    child: somebody speaks of a child. at_risk: a reporter says that somebody is in danger.
    """

    child: bool = False
    at_risk: bool = False


NO_ALARMS = Alarms()


def share(decided: Collection[bool]) -> float:
    """The share of the required elements that are decided, 0 to 1."""
    return round(sum(decided) / len(decided), 2)


def urgency_of(
    seen: AbstractSet[str], age: AgeGroup, catalogue: Catalogue, alarms: Alarms = NO_ALARMS
) -> Urgency:
    """One level for the gravest sign, of any grade; one more for a child, known or presumed.
    That somebody is in danger is said of now.
    """
    rules = catalogue.rules
    child = (
        alarms.child
        or age in (AgeGroup.CHILD, AgeGroup.MIXED)
        or (age is AgeGroup.UNKNOWN and speaks_of_a_child(seen, catalogue))
    )
    if alarms.at_risk or seen & rules.danger_now or (child and seen & rules.soon):
        return Urgency.DANGER_NOW
    return Urgency.SOON if child or seen & rules.soon else Urgency.NONE_KNOWN


def speaks_of_a_child(codes: Iterable[str], catalogue: Catalogue) -> bool:
    """Whether any of these indicators is of children only."""
    return any(catalogue.by_code[code].applies_to is AppliesTo.CHILD for code in codes)
