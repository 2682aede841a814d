"""Which reports are worth comparing: keys by which those that may be alike find each other.

Blocking as in record linkage (Fellegi and Sunter 1969; Christen 2012, chapter 4): a key is no
evidence, it only brings two reports to the comparison. Every exact value is a key too.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from rigour.text import metaphone

from app.domain.linkage.traits import FULL_DATE, PersonTraits, Traits

_WORDS_OF_NAME = 5
_WORDS_OF_FIRM = 3
_LEAST_LETTERS = 3
_REGION = 4
"""Characters of a NUTS code of level 2."""


class BlockKind(StrEnum):
    """What a key is made of."""

    NAME = "name"
    BIRTH = "birth"
    GIVEN = "given"
    FIRM = "firm"
    BUILDING = "building"


class BlockKey(NamedTuple):
    """One key, in clear; it is stored as a blind index only."""

    kind: BlockKind
    text: str


@lru_cache(maxsize=65536)
def sound_of(word: str) -> str:
    """How a folded word sounds: its metaphone (Philips 1990), or itself where that says less
    than two letters. Romanisations of one name mostly agree.
    """
    sound: str = metaphone(word)
    return sound if len(sound) > 1 else word


@lru_cache(maxsize=65536)
def sounds_of(words: tuple[str, ...]) -> frozenset[str]:
    """How the words of a name sound."""
    return frozenset(map(sound_of, words))


class Marks(NamedTuple):
    """What the keys of a report are made of, so that what two reports share is found without
    making all of both.

    keys: all but those of a word in a place. words: of the names of persons. alone: those of them
    that are all that is known of a name. places: town and region, as far as known.
    """

    keys: frozenset[BlockKey]
    words: frozenset[str]
    alone: frozenset[str]
    places: tuple[str, ...]


def marks_of(traits: Traits) -> Marks:
    """The marks of a report."""
    names = [name[:_WORDS_OF_NAME] for person in traits.persons for name in person.names]
    words = frozenset(word for name in names for word in name)
    alone = frozenset(name[0] for name in names if len(set(name)) == 1)
    return Marks(frozenset(_keys(traits)), words, alone, tuple(places_of(traits)))


def keys_alone(marks: Marks) -> frozenset[BlockKey]:
    """The keys of single words that are all that is known of a name: these are compared with all
    who bear the word in that place, while those of whom more is known have keys for that.
    """
    return frozenset(given_key(word, place) for word in marks.alone for place in marks.places)


def keys_of(marks: Marks) -> frozenset[BlockKey]:
    """The keys of a report.

    A person: every pair of words of a name by their sound; each word with the full birth date;
    each word with the town and with the region. A firm: its first words by their sound. An
    address: number and street, without town.
    """
    return shared_keys(marks, marks)


def shared_keys(one: Marks, other: Marks) -> frozenset[BlockKey]:
    """The keys that two reports have in common."""
    keys = one.keys & other.keys
    words = one.words & other.words
    if not words:
        return keys
    places = [place for place in one.places if place in other.places]
    return keys.union(given_key(word, place) for word in words for place in places)


def _keys(traits: Traits) -> Iterator[BlockKey]:
    for person in traits.persons:
        yield from _of_person(person)
    for words in traits.firms:
        for word in _telling(words):
            yield firm_key(word)
    for address in traits.addresses:
        yield building_key(address.building)


def places_of(traits: Traits) -> list[str]:
    """The town and the region (NUTS level 2) of a report, as far as known."""
    region = (traits.nuts or "")[:_REGION]
    return [place for place in (traits.town, region if len(region) == _REGION else "") if place]


def name_keys(words: Iterable[str]) -> set[BlockKey]:
    """The keys of every two different words of a name, by their sounds."""
    sounds = sorted(sound_of(word) for word in set(words))
    return {BlockKey(BlockKind.NAME, " ".join(pair)) for pair in combinations(sounds, 2)}


def given_key(word: str, place: str) -> BlockKey:
    """The key of one word of a name in one place."""
    return BlockKey(BlockKind.GIVEN, f"{word} {place}")


def firm_key(word: str) -> BlockKey:
    """The key of one word of a firm's name."""
    return BlockKey(BlockKind.FIRM, sound_of(word))


def building_key(building: str) -> BlockKey:
    """The key of a street and number."""
    return BlockKey(BlockKind.BUILDING, building)


def _telling(words: tuple[str, ...]) -> tuple[str, ...]:
    long = tuple(word for word in words if len(word) >= _LEAST_LETTERS)
    return (long or words)[:_WORDS_OF_FIRM]


def _of_person(person: PersonTraits) -> Iterator[BlockKey]:
    born = "-".join(map(str, person.birth)) if len(person.birth) == FULL_DATE else ""
    for name in person.names:
        words = name[:_WORDS_OF_NAME]
        yield from name_keys(words)
        if born:
            for sound in {sound_of(word) for word in words}:
                yield BlockKey(BlockKind.BIRTH, f"{sound} {born}")
