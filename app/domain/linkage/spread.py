"""How widely a value or key is spread: a trafficker's phone is seen in few circumstances however
often it is reported, a helpline's in as many as there are cases.

Two carriers in the same place and half-year count once, so that what several organisations
pass on of one case is one source.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from app.domain.linkage.blocking import BlockKind
from app.domain.linkage.model import Spread, power_step
from app.domain.linkage.traits import Traits


class Linking(StrEnum):
    """What a value or key does: bring its carriers together pair by pair; through representatives
    where there are many; not at all, but it counts where something else brings two together; or
    nothing whatever.
    """

    PAIRS = "pairs"
    STAR = "star"
    CROWD = "crowd"
    HUB = "hub"


class Standing(NamedTuple):
    """Where a value stands. spread: how widely it is spread, or how common it is; a power of
    two, at least 2, for less makes no difference. divided: carriers say different issuing
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
    circumstances: Sequence[int],
    qualifiers: Sequence[str | None],
    model: Spread,
    *,
    weak: bool = False,
) -> Standing:
    """The standing of a value by its carriers: of all, or where they are more than `model.sample`,
    of the sample that stands for them. weak: it never links by itself, and so many who share it
    are not worth comparing.
    """
    spread, carriers = len(set(circumstances)), len(circumstances)
    divided = len(set(qualifiers) - {None}) > 1
    is_hub = (
        carriers > model.hub_carriers
        and spread > model.hub_spread
        and spread > model.hub_share * carriers
    )
    if is_hub:
        linking = Linking.HUB
    elif carriers <= model.pairs:
        linking = Linking.PAIRS
    else:
        linking = Linking.CROWD if weak else Linking.STAR
    return Standing(linking, max(2, power_step(spread)), divided)


def pairs_of_key(kind: BlockKind, model: Spread) -> int:
    """How many carriers of a block key are compared with each other."""
    return model.firm_pairs if kind is BlockKind.FIRM else model.pairs


def standing_of_key(
    kind: BlockKind, carriers: int, circumstances: Sequence[int], model: Spread
) -> Standing:
    """The standing of a block key by the number of its carriers and the circumstances of each;
    these may be left out where the carriers are too many to be compared.

    Many who bear one name in one place and half-year are more often several persons than one who
    is reported several times: a name is at least as common as half its carriers, and a word of
    one in one place as common as all of them. What a date weighs does not depend on how many
    were born on it. A word of a name in a place brings together through those of whose name
    nothing else is known.
    """
    most = pairs_of_key(kind, model)
    if carriers > most:
        return Standing(Linking.CROWD, power_step(most + 1))
    match kind:
        case BlockKind.NAME:
            common = max(len(set(circumstances)), carriers // 2)
        case BlockKind.GIVEN:
            return Standing(Linking.STAR, max(2, power_step(carriers)))
        case BlockKind.BIRTH:
            common = 1
        case _:
            common = len(set(circumstances))
    return Standing(Linking.PAIRS, max(2, power_step(common)))
