"""The evidence that two reports speak of the same thing: parts in bits that add up."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from app.domain.attributes import AttributeKind
from app.domain.linkage.blocking import BlockKey, BlockKind
from app.domain.linkage.circumstances import compare_circumstances
from app.domain.linkage.model import COMPOSED, LinkageModel
from app.domain.linkage.parts import Part
from app.domain.linkage.persons import WHOLE_NAMES, compare_persons
from app.domain.linkage.things import FIRM, PLACE, compare_buildings, compare_firms
from app.domain.linkage.traits import Traits


class SharedValue(NamedTuple):
    """A value that two reports carry. spread: in how many circumstances it was seen, a power of
    two. of_firm: whether it is the contact of an employer in one of them.
    """

    value: bytes
    kind: AttributeKind
    spread: int
    of_firm: bool = False


class Evidence(NamedTuple):
    """All that speaks for and against one pair. `weight` is the sum of the parts' bits.

    strong: whether it may link two reports by itself: one strong kind, or two different ones of
    some weight each. things: whether it rests on an address or a firm alone, which many share.
    """

    weight: float
    strong: bool
    parts: tuple[Part, ...]
    things: bool = False


_THINGS = frozenset({FIRM, PLACE})
_NOTHING = Evidence(0.0, strong=False, parts=())


def compare(
    pair: tuple[Traits, Traits],
    values: Sequence[SharedValue],
    keys: Mapping[BlockKey, int],
    model: LinkageModel,
    *,
    least: float = 0.0,
) -> Evidence:
    """The evidence of one pair.

    values: the linking values that both carry, hubs left out. keys: the block keys that both
    have, with their spread; persons, firms and buildings are compared where they share one.
    least: a pair that cannot reach so many bits is not looked at closely. Nothing agrees, or
    that: no parts, weight 0.
    """
    a, b = pair
    circumstances = compare_circumstances(a, b, model)
    if least > 0 and _most(pair, values, keys, model) + circumstances.bits < least:
        return _NOTHING
    found = [_exact(value, model) for value in values if value.kind not in COMPOSED]
    found += compare_persons(a, b, keys, model)
    firm, building = compare_firms(a, b, keys, model), compare_buildings(a, b, keys, model)
    found += [part for part in (firm, building) if part is not None]
    found += _as_tokens(values, {part.comparison for part in found}, model)
    agreeing = _by_family([part for part in found if part.bits > 0], model)
    if not agreeing:
        return _NOTHING
    kinds = {part.family for part in agreeing if part.bits >= model.second}
    strong = any(not part.weak for part in agreeing) or len(kinds) > 1
    parts = (*agreeing, *circumstances.parts())
    things = all(part.family in _THINGS for part in agreeing)
    return Evidence(round(sum(part.bits for part in parts), 2), strong, parts, things)


def _most(
    pair: tuple[Traits, Traits],
    values: Sequence[SharedValue],
    keys: Mapping[BlockKey, int],
    model: LinkageModel,
) -> float:
    """The most that what two reports share can weigh, in bits: cheap, and never too little."""
    rarest: dict[BlockKind, int] = {}
    for key, spread in keys.items():
        rarest[key.kind] = min(rarest.get(key.kind, spread), spread)
    most = sum(
        model.weight(model.kinds[value.kind].term, value.spread)
        for value in values
        if value.kind not in COMPOSED
    )
    unmatched = model.person.unmatched
    if rarest.keys() & WHOLE_NAMES or any(v.kind is AttributeKind.PERSON for v in values):
        tokens = (v.spread for v in values if v.kind is AttributeKind.PERSON)
        spread = min(rarest.get(BlockKind.NAME, unmatched), unmatched, *tokens)
        persons = max(1, min(len(pair[0].persons), len(pair[1].persons)))
        most += persons * (model.weight(model.person.name, spread) + model.person.same_date)
    elif BlockKind.GIVEN in rarest:
        best = model.weight(model.person.given, rarest[BlockKind.GIVEN])
        persons = min(len(pair[0].persons), len(pair[1].persons))
        most += persons * (best + model.person.most_beside_one_word)
    if BlockKind.FIRM in rarest:
        most += model.weight(model.firm.name, min(rarest[BlockKind.FIRM], model.firm.unmatched))
    if BlockKind.BUILDING in rarest:
        most += model.weight(model.address.whole, rarest[BlockKind.BUILDING])
    addresses = (v.spread for v in values if v.kind is AttributeKind.ADDRESS)
    return most + sum(model.weight(model.address.whole, spread) for spread in addresses)


def _exact(value: SharedValue, model: LinkageModel) -> Part:
    kind = model.kinds[value.kind]
    bits = model.weight(kind.term, value.spread)
    family = FIRM if value.of_firm else kind.family
    weak = kind.weak
    return Part(value.kind.value, "same value", bits, family, weak, value.value)


def _as_tokens(
    values: Iterable[SharedValue], compared: set[str], model: LinkageModel
) -> Iterable[Part]:
    """Names with dates and addresses that agree as a whole where their parts are not known, as
    in reports without identity.
    """
    for value in values:
        if value.kind is AttributeKind.PERSON and "person" not in compared:
            bits = model.weight(model.person.name, value.spread) + model.person.same_date
            level = "same name, same birth date"
            yield Part("person", level, round(bits, 2), "person", weak=False, value=value.value)
        elif value.kind is AttributeKind.ADDRESS and "address" not in compared:
            bits = model.weight(model.address.whole, value.spread)
            yield Part("address", "same address", bits, PLACE, weak=True, value=value.value)


def _by_family(found: Sequence[Part], model: LinkageModel) -> list[Part]:
    """The strongest part of each family in full, the others of it by a share or not at all."""
    kept: list[Part] = []
    families: set[str] = set()
    for part in sorted(found, key=lambda each: (-each.bits, each.comparison, each.value or b"")):
        if part.family not in families:
            families.add(part.family)
            kept.append(part)
        elif part.family not in model.single:
            kept.append(part._replace(bits=round(part.bits * model.further, 2)))
    return kept
