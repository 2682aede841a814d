"""How widely a value or key is spread: a trafficker's phone is seen in few circumstances however
often it is reported, a helpline's in as many as there are cases.

Two carriers in the same place and half-year count once, so that what several organisations
pass on of one case is one source.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from app.domain.linkage.model import Spread, power_step
from app.domain.linkage.traits import Traits


class Linking(StrEnum):
    """What a value does: bring its carriers together pair by pair, through representatives
    where there are many, or not at all.
    """

    PAIRS = "pairs"
    STAR = "star"
    HUB = "hub"


class Standing(NamedTuple):
    """Where a value stands. spread: a power of two, at least 2, for less makes no difference.
    divided: carriers say different issuing
    countries, so only those who say the same one share the thing.
    """

    linking: Linking
    spread: int
    divided: bool = False


def circumstances_of(traits: Traits, model: Spread) -> str:
    """Place and half-year of an observation, as one text; of the place what is most exact."""
    place = traits.nuts or traits.town or traits.country or ""
    return f"{place}|{traits.first // model.period_days}"


def representatives_of(circumstances: Sequence[int], model: Spread) -> list[int]:
    """Which of the sample of a value with many carriers stand for the others, by their places in
    it: the first from each circumstances, and others until there are enough.
    """
    first: dict[int, int] = {}
    for place, where in enumerate(circumstances):
        first.setdefault(where, place)
    chosen = set(first.values())
    for place in range(len(circumstances)):
        if len(chosen) >= model.representatives:
            break
        chosen.add(place)
    return sorted(chosen)


def standing_of(
    circumstances: Sequence[int], qualifiers: Sequence[str | None], model: Spread, *, pairs: int
) -> Standing:
    """The standing of a value by its carriers: of all, or where they are more than `pairs`, of
    the sample that stands for them.
    """
    spread, carriers = len(set(circumstances)), len(circumstances)
    divided = len(set(qualifiers) - {None}) > 1
    is_hub = (
        carriers > model.hub_carriers
        and spread > model.hub_spread
        and spread > model.hub_share * carriers
    )
    if is_hub:
        return Standing(Linking.HUB, max(2, power_step(spread)), divided)
    linking = Linking.PAIRS if carriers <= pairs else Linking.STAR
    return Standing(linking, max(2, power_step(spread)), divided)
