"""What a report offers for comparison beside its exact values: persons, firms, addresses,
place, time, form. Values as such (a phone, a plate) are compared by their blind index instead.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from app.domain.attributes import NEVER_LINKING_ROLES, AttributeKind
from app.domain.normalise.dates import PartialDate, parse_partial_date
from app.domain.normalise.firm import firm_words
from app.domain.normalise.names import fold_name, name_tokens
from app.domain.normalise.place import town_words
from app.domain.observation import Observation
from app.domain.reports import Draft, PersonMention

_READ = 2_000
_NAMES = 20
_PUNCTUATION = ".,;:!?)\"'"
FULL_DATE = 3
"""Parts of a full date: year, month, day."""

_VAGUE_FORMS = frozenset({"unknown", "other"})


class PersonTraits(NamedTuple):
    """A person in a role that links.

    names: the name and each alias as folded, sorted words; empty where none is known.
    birth: year, month, day as far as known; () where unknown. A 1 January is given as its
        year alone, for forms put it in where only the year is known.
    """

    names: tuple[tuple[str, ...], ...]
    birth: tuple[int, ...]
    sex: str | None
    nationality: str | None


class AddressTraits(NamedTuple):
    """A building: house number and street as one text, and the town (may be empty)."""

    building: str
    town: str


class Traits(NamedTuple):
    """The traits of one report.

    firms: the words of each name. point: latitude and longitude in degrees.
    first, last: proleptic ordinals of the days between which the observation was made.
    named: what the narrative names with a capital letter; towns may be among it.
    """

    persons: tuple[PersonTraits, ...]
    firms: tuple[tuple[str, ...], ...]
    addresses: tuple[AddressTraits, ...]
    country: str | None
    nuts: str | None
    town: str
    point: tuple[float, float] | None
    first: int
    last: int
    forms: frozenset[str]
    named: frozenset[str] = frozenset()


def traits_of(draft: Draft, observation: Observation) -> Traits:
    """The traits of a draft whose values were observed."""
    facts, place = draft.facts, draft.place
    may_link = facts.handling.linking
    last = facts.observed_to or facts.observed_from
    return Traits(
        persons=tuple(_persons(draft.persons)) if may_link else (),
        firms=_firms(draft) if may_link else (),
        addresses=tuple(_addresses(observation)),
        country=place.country,
        nuts=place.nuts,
        town=town_words(place.locality) if place.locality else "",
        point=_point(place.lat, place.lon),
        first=facts.observed_from.toordinal(),
        last=max(last, facts.observed_from).toordinal(),
        forms=frozenset(facts.forms) - _VAGUE_FORMS,
        named=_named(draft.narrative) if place.locality is None else frozenset(),
    )


def _named(narrative: str) -> frozenset[str]:
    """Words with a capital inside a sentence, alone and with the next if that has one too: what
    may be the name of a town. Only the beginning of the text is read.
    """
    words = narrative[:_READ].split()
    names: list[str] = []
    for before, word, after in zip(words, words[1:], [*words[2:], ""], strict=False):
        inside = before[-1].isalpha() or before[-1] == ","
        if inside and word[0].isupper() and len(names) < _NAMES:
            bare = word.rstrip(_PUNCTUATION)
            names.append(bare)
            if bare == word and after[:1].isupper():
                names.append(f"{word} {after.rstrip(_PUNCTUATION)}")
    return frozenset(town_words(name) for name in names) - {""}


def _point(lat: float | None, lon: float | None) -> tuple[float, float] | None:
    return None if lat is None or lon is None else (lat, lon)


def _persons(mentions: Iterable[PersonMention]) -> Iterable[PersonTraits]:
    for mention in mentions:
        if mention.role in NEVER_LINKING_ROLES:
            continue
        own = name_tokens(
            name=mention.name,
            given_name=mention.given_name,
            family_name=mention.family_name,
            country=mention.nationality,
        )
        other = (
            name_tokens(name=alias, given_name=None, family_name=None, country=mention.nationality)
            for alias in mention.aliases
        )
        names = tuple(dict.fromkeys(fold_name(words) for words in (own, *other) if words))
        if names:
            born = parse_partial_date(mention.birth_date) if mention.birth_date else None
            yield PersonTraits(names, _birth(born), mention.sex, mention.nationality)


def _birth(born: PartialDate | None) -> tuple[int, ...]:
    if born is None:
        return ()
    if born.is_filler:
        return (born.year,)
    parts = (born.year, born.month, born.day)
    return tuple(part for part in parts if part is not None)


def _firms(draft: Draft) -> tuple[tuple[str, ...], ...]:
    names = (firm_words(firm.name) for firm in draft.firms if firm.role not in NEVER_LINKING_ROLES)
    return tuple(dict.fromkeys(words for words in names if words))


def _addresses(observation: Observation) -> Iterable[AddressTraits]:
    seen = set()
    for value in observation.values:
        if value.kind is AttributeKind.ADDRESS and value.links and value.normalised:
            number, street, town = value.normalised.split("|")
            if value.normalised not in seen:
                seen.add(value.normalised)
                yield AddressTraits(f"{number}|{street}", town)


def plain(traits: Traits) -> list[Any]:
    """The traits as lists, numbers and texts, for storage."""
    return [
        [[p.names, p.birth, p.sex, p.nationality] for p in traits.persons],
        traits.firms,
        traits.addresses,
        traits.country,
        traits.nuts,
        traits.town,
        traits.point,
        traits.first,
        traits.last,
        sorted(traits.forms),
        sorted(traits.named),
    ]


def from_plain(data: list[Any]) -> Traits:
    """The traits of what `plain` returned, also after a way through JSON."""
    persons, firms, addresses, country, nuts, town, point, first, last, forms, named = data
    return Traits(
        tuple(
            PersonTraits(tuple(tuple(name) for name in names), tuple(birth), sex, nationality)
            for names, birth, sex, nationality in persons
        ),
        tuple(tuple(words) for words in firms),
        tuple(AddressTraits(*address) for address in addresses),
        country,
        nuts,
        town,
        None if point is None else (point[0], point[1]),
        first,
        last,
        frozenset(forms),
        frozenset(named),
    )
