"""How alike the persons of two reports are: names across spellings, birth dates, sex, nationality.

The levels follow the comparisons of Splink (exact, near, partial, different), in bits.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from rapidfuzz.distance import OSA

from app.domain.linkage.blocking import (
    BlockKey,
    BlockKind,
    given_key,
    name_keys,
    places_of,
    sound_of,
    sounds_of,
)
from app.domain.linkage.model import LinkageModel, PersonModel
from app.domain.linkage.parts import Part
from app.domain.linkage.traits import FULL_DATE, PersonTraits, Traits

FAMILY = "person"
_LEAST_LETTERS = 4
WHOLE_NAMES = frozenset({BlockKind.NAME, BlockKind.BIRTH})
"""Keys of which one must be shared for whole names to be compared."""
_OF_PERSONS = WHOLE_NAMES | {BlockKind.GIVEN}
_SEXES = frozenset({"male", "female"})


class _Name(NamedTuple):
    level: str
    bits: float
    likeness: float
    whole: bool


def compare_persons(
    a: Traits, b: Traits, shared: Mapping[BlockKey, int], model: LinkageModel
) -> list[Part]:
    """The persons that may be the same, each met with the one it is most like, best first.

    shared: the block keys that both reports have, with their spread; where none is of a person,
    nobody is compared. A name without a date that supports it is weak: it never links alone.
    """
    if not any(key.kind in _OF_PERSONS for key in shared):
        return []
    names = _Names(a, b, shared, model)
    found = [
        # Who is met with whom must not depend on how common names are, so that a name that
        # becomes common never adds to the evidence; nor on which report comes first.
        (-likeness, m + n, min(m, n), m, n, part)
        for (m, p), (n, q) in product(enumerate(a.persons), enumerate(b.persons))
        for likeness, part in _person(p, q, names)
    ]
    parts: list[Part] = []
    left: set[int] = set()
    right: set[int] = set()
    for _, _, _, m, n, part in sorted(found):
        if m not in left and n not in right:
            left.add(m)
            right.add(n)
            parts.append(part)
    return [part for part in parts if part.bits > 0]


class _Names:
    """Compares names in the light of how rare they are where these two reports are."""

    def __init__(
        self, a: Traits, b: Traits, shared: Mapping[BlockKey, int], model: LinkageModel
    ) -> None:
        self.model = model
        self._shared = shared
        self._places = (a, b)
        self._whole = any(key.kind in WHOLE_NAMES for key in shared)

    def best(self, p: PersonTraits, q: PersonTraits) -> _Name | None:
        """The two names of these persons that agree most; None if none do."""
        best: _Name | None = None
        for x in p.names:
            sounds = sounds_of(x)
            for y in q.names:
                if sounds.isdisjoint(sounds_of(y)):
                    continue
                name = self._compare(x, y)
                if name is not None and (best is None or name.bits > best.bits):
                    best = name
        return best

    def _compare(self, x: tuple[str, ...], y: tuple[str, ...]) -> _Name | None:
        common = set(x) & set(y)
        near, rest = _near_words(x, y, common)
        met = len(common) + len(near)
        if met == 0 or met < min(len(set(x)), len(set(y))):
            return None
        if met == 1:
            return self._one_word(common)
        if not self._whole:
            return None
        words = self.model.person
        spread = self._spread(common.union(*near))
        apart = words.near_word * len(near) + (words.extra_word if rest else 0.0)
        level = "similar name" if near else "same name"
        return _Name(
            level,
            self.model.weight(words.name, spread) + apart,
            self.model.weight(words.name, 1) + apart,
            whole=True,
        )

    def _one_word(self, common: set[str]) -> _Name | None:
        a, b = self._places
        keys = (
            given_key(word, place)
            for word in common
            for place in set(places_of(a)) & set(places_of(b))
        )
        spreads = [self._shared[key] for key in keys if key in self._shared]
        if not spreads:
            return None
        bits = self.model.weight(self.model.person.given, min(spreads))
        likeness = self.model.weight(self.model.person.given, 1)
        return _Name("one name in one place", bits, likeness, whole=False)

    def _spread(self, words: set[str]) -> int:
        spreads = [self._shared[key] for key in name_keys(words) if key in self._shared]
        return min(spreads, default=self.model.person.unmatched)


def _near_words(
    x: Sequence[str], y: Sequence[str], common: set[str]
) -> tuple[list[tuple[str, str]], bool]:
    """The pairs of words that nearly agree, and whether any word is left over."""
    rest_x = [word for word in x if word not in common]
    rest_y = [word for word in y if word not in common]
    near = []
    for word in list(rest_x):
        for other in rest_y:
            if _nearly(word, other):
                near.append((word, other))
                rest_x.remove(word)
                rest_y.remove(other)
                break
    return near, bool(rest_x or rest_y)


def _nearly(word: str, other: str) -> bool:
    """One letter apart (Damerau 1964), or two where both sound and begin alike."""
    if min(len(word), len(other)) < _LEAST_LETTERS:
        return False
    apart = OSA.distance(word, other, score_cutoff=2)
    return apart <= 1 or (
        apart == 2  # noqa: PLR2004
        and word[0] == other[0]
        and sound_of(word) == sound_of(other)
    )


def _person(p: PersonTraits, q: PersonTraits, names: _Names) -> Iterator[tuple[float, Part]]:
    """How alike two persons are apart from how common their name is, and the evidence."""
    name = names.best(p, q)
    if name is None:
        return
    weights = names.model.person
    date, bits = _birth(p.birth, q.birth, weights)
    if not name.whole:
        bits = min(bits, weights.most_beside_one_word)
    supported = name.whole and bits >= weights.year_alone
    levels = [name.level, date]
    if p.sex != q.sex and {p.sex, q.sex} == _SEXES:
        bits += weights.other_sex
        levels.append("other sex")
    if p.nationality and q.nationality and p.nationality != q.nationality:
        bits += weights.other_nationality
        levels.append("other nationality")
    level = ", ".join(each for each in levels if each)
    part = Part("person", level, round(name.bits + bits, 2), FAMILY, weak=not supported)
    yield name.likeness + bits, part


def _birth(p: tuple[int, ...], q: tuple[int, ...], weights: PersonModel) -> tuple[str, float]:
    if not p or not q:
        return "", 0.0
    if len(p) == len(q) == FULL_DATE:
        return _full_dates(p, q, weights)
    if p[0] == q[0]:
        months_differ = len(p) > 1 and len(q) > 1 and p[1] != q[1]
        return "same birth year", 0.0 if months_differ else weights.year_alone
    if abs(p[0] - q[0]) == 1:
        # An age is told more often than a year, and then the year is a guess by one.
        return "", 0.0
    return "other birth year", weights.other_year


def _full_dates(p: tuple[int, ...], q: tuple[int, ...], weights: PersonModel) -> tuple[str, float]:
    if p == q:
        return "same birth date", weights.same_date
    if p == (q[0], q[2], q[1]):
        return "day and month of birth swapped", weights.swapped_date
    one, other = (f"{year:04}{month:02}{day:02}" for year, month, day in (p, q))
    if sum(x != y for x, y in zip(one, other, strict=True)) == 1:
        return "birth dates differ in one digit", weights.near_date
    if p[0] == q[0]:
        return "same birth year", weights.same_year
    return "other birth date", weights.other_date
