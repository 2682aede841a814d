"""How alike firms and buildings of two reports are: names without legal form, street and number."""

from collections.abc import Mapping, Sequence
from itertools import product

from rapidfuzz.distance import OSA

from app.domain.linkage.blocking import BlockKey, BlockKind, building_key, firm_key
from app.domain.linkage.model import LinkageModel
from app.domain.linkage.parts import Part
from app.domain.linkage.traits import Traits

FIRM, PLACE = "firm", "place"
_LONG = 8
_LEAST_LETTERS = 4
_LEAST_WORDS = 2


def compare_firms(
    a: Traits, b: Traits, shared: Mapping[BlockKey, int], model: LinkageModel
) -> Part | None:
    """The two names of firms that agree most, by their rarest common word; None if none do or no
    key is shared.
    """
    if not any(key.kind is BlockKind.FIRM for key in shared):
        return None
    parts = (_firm(x, y, shared, model) for x, y in product(a.firms, b.firms))
    return max((part for part in parts if part), key=lambda part: part.bits, default=None)


def _firm(
    x: Sequence[str], y: Sequence[str], shared: Mapping[BlockKey, int], model: LinkageModel
) -> Part | None:
    if x != y and not _alike(x, y):
        return None
    keys = (firm_key(word) for word in (*x, *y))
    spreads = [shared[key] for key in keys if key in shared]
    bits = model.weight(model.firm.name, min(spreads, default=model.firm.unmatched))
    if x == y:
        return Part("firm", "same firm name", bits, FIRM, weak=True)
    return Part("firm", "similar firm name", bits + model.firm.near_name, FIRM, weak=True)


def _alike(x: Sequence[str], y: Sequence[str]) -> bool:
    """Each word a letter apart at most, written in one word, or one name within the other.
    Numbers, and words of few letters, are the same or are not.
    """
    if len(x) == len(y) and all(_nearly(word, other) for word, other in zip(x, y, strict=True)):
        return True
    one, other = "".join(x), "".join(y)
    if one == other or (min(len(one), len(other)) >= _LONG and _nearly(one, other)):
        return True
    return min(len(x), len(y)) >= _LEAST_WORDS and (set(x) <= set(y) or set(y) <= set(x))


def _nearly(word: str, other: str) -> bool:
    if word == other:
        return True
    if min(len(word), len(other)) < _LEAST_LETTERS or not (word + other).isalpha():
        return False
    return OSA.distance(word, other, score_cutoff=1) <= 1


def compare_buildings(
    a: Traits, b: Traits, shared: Mapping[BlockKey, int], model: LinkageModel
) -> Part | None:
    """The two addresses that agree most: street and number, and town where both say it."""
    found: list[Part] = []
    for x, y in product(a.addresses, b.addresses):
        spread = shared.get(building_key(x.building))
        if x.building != y.building or spread is None:
            continue
        same = bool(x.town) and x.town == y.town
        term = model.address.whole if same else model.address.street
        level = "same address" if same else "same street and number"
        found.append(Part("address", level, model.weight(term, spread), PLACE, weak=True))
    return max(found, key=lambda part: part.bits, default=None)
