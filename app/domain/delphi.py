"""The ILO/EC Delphi rule: when a dimension is positive, and what would still make it so.

Here stand the rule, the catalogue seen as one of the four Delphi lists, and the search for the
fewest further signs. How often a sign counts is `counting`; putting dimensions together into
elements of the crime is `assessment`.
"""

from collections.abc import Callable, Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from app.domain.indicators import (
    ELEMENT_OF,
    UNSPECIFIC_FORMS,
    Additions,
    AgeGroup,
    Catalogue,
    Dimension,
    Element,
    Form,
    Indicator,
    Profile,
    Strength,
)

Counts = tuple[int, int, int]
"""How many strong, medium and weak signs."""


def is_positive(strong: int, medium: int, weak: int) -> bool:
    """Whether a dimension with so many different signs is positive.

    Two strong, or one strong and one other, or three medium, or two medium and one weak
    (ILO and European Commission, Operational indicators of trafficking in human beings, 2009).
    """
    if strong:
        return strong + medium + weak >= _WITH_A_STRONG_ONE
    return medium >= _MEDIUM_ALONE or (medium >= _MEDIUM_WITH_A_WEAK_ONE and weak > 0)


class Place(NamedTuple):
    """Where a sign counts: for what, and in which column (strong, medium, weak)."""

    element: Element
    dimension: Dimension
    column: int


@dataclass(frozen=True, eq=False, slots=True)
class DelphiList:
    """The catalogue as one list for one set of forms.

    places: of every sign that can count for that age, whatever its form: what was seen was seen.
    defining: those of which one is enough for the purpose; none with addition (b) off.
    asked: per element the codes worth asking about for the forms.
    pools: the same per dimension and by column.
    ranks: the order in which to ask, lower first.
    """

    places: Mapping[str, Place]
    defining: frozenset[str]
    asked: Mapping[Element, frozenset[str]]
    pools: Mapping[Dimension, tuple[frozenset[str], frozenset[str], frozenset[str]]]
    ranks: Mapping[str, int]


def delphi_lists(
    catalogue: Catalogue,
    age: AgeGroup,
    *,
    forms: frozenset[Form],
    codes: Collection[str],
    additions: Additions,
) -> tuple[DelphiList, ...]:
    """Return the lists to read the signs by: an element stands where it does under one of them.

    The sexual list where that form is named, the labour list where another is. Where no form is
    named, or only `OTHER` or `UNKNOWN`, the labour list, and the sexual one beside it as soon as
    a sign speaks of that form alone. `age` must be adult or child.
    """
    sexual = not _sexual_only(catalogue).isdisjoint(codes)
    observe, define = not additions.observations_only_prompt, additions.defining_purpose
    return _lists(catalogue, age, forms, (sexual, observe, define))


@lru_cache(maxsize=16)
def _sexual_only(catalogue: Catalogue) -> frozenset[str]:
    only = frozenset({Form.SEXUAL_EXPLOITATION})
    return frozenset(each.code for each in catalogue.indicators if each.forms == only)


@lru_cache(maxsize=2048)
def _lists(
    catalogue: Catalogue, age: AgeGroup, forms: frozenset[Form], switches: tuple[bool, bool, bool]
) -> tuple[DelphiList, ...]:
    sexual_sign, observe, define = switches
    named = forms - UNSPECIFIC_FORMS
    sexual = Form.SEXUAL_EXPLOITATION in named
    labour = len(named) > sexual or not named
    return tuple(
        _delphi_list(catalogue, Profile(f"{name}_{age}"), forms, observe=observe, define=define)
        for name, wanted in (("labour", labour), ("sexual", sexual or (sexual_sign and not named)))
        if wanted
    )


@lru_cache(maxsize=1024)
def _delphi_list(
    catalogue: Catalogue, profile: Profile, forms: frozenset[Form], *, observe: bool, define: bool
) -> DelphiList:
    child = profile in (Profile.LABOUR_CHILD, Profile.SEXUAL_CHILD)
    age = AgeGroup.CHILD if child else AgeGroup.ADULT
    entries = [each for each in catalogue.indicators if each.applies_at(age)]
    strengths = catalogue.rules.strengths.get(profile, {})
    places = {
        each.code: Place(
            each.element, each.dimension, _COLUMN[strengths.get(each.code, each.strength)]
        )
        for each in entries
        if each.element is not Element.CONTEXT
    }
    known = [each for each in entries if each.code in places and each.retired is None]
    asked = [each for each in known if _is_within(each, forms)]
    if not any(each.element is Element.PURPOSE for each in asked):
        asked = known  # a form that has no signs for this age: ask as if none were named
    asked.sort(
        key=lambda each: (
            places[each.code].column,
            _ASKED_FIRST.index(each.dimension),
            -len(each.forms),
        )
    )
    pools = {
        dimension: _by_column(asked, lambda each: places[each.code], dimension)
        for dimension in _ASKED_FIRST
    }
    if observe:
        places.update(_observations(catalogue, entries))
    return DelphiList(
        places=places,
        defining=catalogue.rules.defining & places.keys() if define else frozenset(),
        asked={
            element: frozenset(each.code for each in asked if each.element is element)
            for element in Element
        },
        pools=pools,
        ranks={each.code: rank for rank, each in enumerate(asked)},
    )


def dimensions_of(element: Element) -> tuple[Dimension, ...]:
    """Return the dimensions that speak for an element, the most reliable first."""
    return _DIMENSIONS[element]


def tally(times: Mapping[str, int], table: DelphiList) -> dict[Dimension, Counts]:
    """Count the signs of each dimension that has any; those not for this age do not count."""
    counts: dict[Dimension, list[int]] = {}
    for code, each in times.items():
        place = table.places.get(code)
        if place is not None:
            counts.setdefault(place.dimension, [0, 0, 0])[place.column] += each
    return {each: (columns[0], columns[1], columns[2]) for each, columns in counts.items()}


def positive_dimensions(
    table: DelphiList, counts: Mapping[Dimension, Counts], codes: Collection[str]
) -> set[Dimension]:
    """Return the dimensions positive by the rule, of acts one being enough, or by definition."""
    positive = {
        each for each, three in counts.items() if each is Dimension.ACT or is_positive(*three)
    }
    if not table.defining.isdisjoint(codes):
        positive.add(Dimension.EXPLOITATION)
    return positive


@lru_cache(maxsize=4096)
def shortest_way(seen: Counts, still_open: Counts) -> tuple[int, Counts] | None:
    """Return how few further signs would make a dimension positive, and of which columns.

    The second part has 1 where a sign of that column takes part in some shortest way, else 0.
    None where no answers to the open questions can make it positive. Counts beyond three change
    nothing, so cap them there. A dimension that is positive already needs 0.
    """
    if is_positive(*seen):
        return 0, (0, 0, 0)
    for length, ways in _WAYS.items():
        good = [way for way in ways if _fits(way, seen, still_open)]
        if good:
            strong, medium, weak = (int(any(column)) for column in zip(*good, strict=True))
            return length, (strong, medium, weak)
    return None


def questions_that_decide(
    table: DelphiList,
    counts: Mapping[Dimension, Counts],
    element: Element,
    settled: frozenset[str],
) -> tuple[int, tuple[str, ...]] | None:
    """Return the fewest further signs that would show the element, and what to ask, best first.

    counts: of the signs seen, by dimension. settled: codes seen or answered "no", not to be asked
    again. None where nothing that is still open could show the element. The element must not
    stand already.
    """
    seen = tuple([counts.get(each, _NOTHING) for each in _DIMENSIONS[element]])
    return _decide(table, element, seen, table.asked[element] & settled)


@lru_cache(maxsize=32768)
def _decide(
    table: DelphiList, element: Element, seen: tuple[Counts, ...], settled: frozenset[str]
) -> tuple[int, tuple[str, ...]] | None:
    fewest = _TOO_FAR
    asked: set[str] = set()
    for dimension, counts in zip(_DIMENSIONS[element], seen, strict=True):
        found = _way(table, dimension, _capped(counts), settled)
        if found is None or found[0] > fewest:
            continue
        if found[0] < fewest:
            fewest, asked = found[0], set()
        asked |= found[1]
    if fewest == _TOO_FAR:
        return None
    return fewest, tuple(sorted(asked, key=table.ranks.__getitem__))


_WITH_A_STRONG_ONE = 2
_MEDIUM_ALONE = 3
_MEDIUM_WITH_A_WEAK_ONE = 2
_NOTHING: Counts = (0, 0, 0)
_TOO_FAR = 4  # no dimension ever needs more than three further signs
_COLUMN = {Strength.STRUCTURAL: 0, Strength.STRONG: 0, Strength.MEDIUM: 1, Strength.WEAK: 2}
# Signs of the exploitation phase are more reliable than those of recruitment (UNODC SHERLOC,
# teaching module 6), so they are asked first.
_ASKED_FIRST = (
    Dimension.ACT,
    Dimension.EXPLOITATION,
    Dimension.COERCION_DESTINATION,
    Dimension.VULNERABILITY_DESTINATION,
    Dimension.DECEPTIVE_RECRUITMENT,
    Dimension.COERCIVE_RECRUITMENT,
    Dimension.VULNERABILITY_RECRUITMENT,
)
_DIMENSIONS = {
    element: tuple(each for each in _ASKED_FIRST if ELEMENT_OF[each] is element)
    for element in Element
}
_WAYS: Mapping[int, list[Counts]] = {
    length: [
        (strong, medium, length - strong - medium)
        for strong in range(length + 1)
        for medium in range(length - strong + 1)
    ]
    for length in (1, 2, 3)
}


def _fits(way: Counts, seen: Counts, still_open: Counts) -> bool:
    return all(more <= left for more, left in zip(way, still_open, strict=True)) and is_positive(
        *(more + had for more, had in zip(way, seen, strict=True))
    )


def _is_within(indicator: Indicator, forms: frozenset[Form]) -> bool:
    return not forms or bool(forms & UNSPECIFIC_FORMS) or bool(forms & indicator.forms)


def _by_column(
    entries: list[Indicator], place: Callable[[Indicator], Place], dimension: Dimension
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    columns: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    for each in entries:
        if each.dimension is dimension:
            columns[place(each).column].add(each.code)
    return frozenset(columns[0]), frozenset(columns[1]), frozenset(columns[2])


def _observations(catalogue: Catalogue, entries: list[Indicator]) -> dict[str, Place]:
    observed = [each for each in entries if each.code in catalogue.rules.prompts]
    asked = [catalogue.by_code[catalogue.rules.prompts[each.code][0]] for each in observed]
    return {
        each.code: Place(first.element, first.dimension, _COLUMN[each.strength])
        for each, first in zip(observed, asked, strict=True)
    }


def _way(
    table: DelphiList, dimension: Dimension, seen: Counts, settled: frozenset[str]
) -> tuple[int, AbstractSet[str]] | None:
    """Do the same as `_decide`, for one dimension and in no order."""
    strong, medium, weak = (pool - settled for pool in table.pools[dimension])
    if dimension is Dimension.ACT:
        return (1, strong) if strong else None
    enough = table.defining & strong.union(medium, weak)
    way = shortest_way(seen, _capped((len(strong), len(medium), len(weak))))
    if way is None or (enough and way[0] > 1):
        return (1, enough) if enough else None
    length, useful = way
    columns = zip((strong, medium, weak), useful, strict=True)
    return length, enough.union(*(codes for codes, is_useful in columns if is_useful))


def _capped(counts: Counts) -> Counts:
    return min(counts[0], 3), min(counts[1], 3), min(counts[2], 3)
