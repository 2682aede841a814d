"""Postal addresses at the level of the building.

Flats, floors and entrances are left out: an operation uses more than one flat of a house.
Places are not looked up, so names of one town in several languages stay different.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.romanise import fold_token, romanise
from app.domain.normalise.street_words import (
    ARTICLES,
    BLOCK,
    CITY_WORDS,
    CUT_WORD,
    DROPPED_ENDING,
    FLAT,
    NUMBER_SIGN,
    STREET_WORDS,
    unified,
)
from app.domain.normalise.text import clean, fold_digits

_LONGEST = 400
_SEGMENT_END = re.compile(r"[,;\n\r|]+")
_ORDINAL_FLOOR = re.compile(r"\b\d{1,2}\s?[ºª](?:\s?[\w]{1,3}\b)?")
_POSTCODE = re.compile(
    r"\b(?:[a-z]{1,2}[- ])?(?:\d{4} ?(?!de\b|la\b|le\b|el\b|al\b|st\b)[a-z]{2}\b|\d{2}-\d{3}\b"
    r"|\d{3} \d{2}\b|\d{4}-\d{3}\b|\d{4,6}\b)|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b"
)
_HOUSE = re.compile(
    r"(?<!\w)(?<!\d\.)(\d{1,4})(?:(?: ?[/-] ?| ?)([a-z])(?![\w']))?"
    r"(?:\s?[/-]\s?\d+[a-z]?)*(?![\w]|\.\s*[a-z])"
)
_POST_BOX = re.compile(
    r"\bp\.? ?o\.? ?b(?:ox)?\b|\bpost(?:fach|bus|box)\b|\bboite postale\b|\bb\.? ?p\.? ?\d"
    r"|\b(?:apartado|apdo)\b|\bcasella postale\b|\bpriecin(?:ok|ku)\b|\bp\.? ?k\.? ?\d"
    r"|\bpostovn?i? schrank|\bskr(?:ytka|\.)? ?poczt|\bcasuta postala\b|\bpostafiok\b|\bpf\.? ?\d"
    r"|\babonentsk\w+ (?:skrin|iash)|\bposhtenska kutiia\b|\bposta kutusu\b"
)
_KILOMETRE = re.compile(r"\b(?:km|kilomet\w+|chilometro)\b|\d ?km\b")
_CZECHOSLOVAK_PAIR = re.compile(r"\b(\d{3,4}) ?/ ?(\d{1,3}[a-z]?)\b")
_WORD = re.compile(r"[a-z0-9]+")
_OWN_FORM = re.compile(r"(\d{1,4}[a-z]?)\|([a-z0-9 ]+)\|([a-z0-9 ]*)")

_NO_ADDRESS = Outcome(
    problem="A street with a house number is needed; a town alone is not an address."
)
_NO_TOWN = Outcome(
    problem="Street and number without a town are no address: the same stand in many towns."
)
_NO_BUILDING = Outcome(problem="A post box or the kilometre of a road is not a building.")


@dataclass(frozen=True, slots=True)
class _Parts:
    number: str
    street: tuple[str, ...]
    locality: tuple[str, ...]


def normalise_address(raw: str, context: Context) -> Outcome:
    """Return "<house number>|<sorted street words>|<locality, else postcode>".

    All in the romanised and folded form of `fold_token`, so that spellings of one street
    agree. Words for "street" (ulica, calle, via, rue, -straße …) go out, other kinds (avenue,
    boulevard, square) become one word each in all languages, articles go out. Flats, floors
    and the second part of "12/5" or "12-14" go out; in Slovakia and Czechia a conscription
    number of three digits or more before the slash goes out instead. A letter behind the number
    belongs to it ("12a", "12/A", "12 - A"). Without locality and postcode there
    is no value, nor for post boxes and kilometres.
    """
    return compose_address(raw, None, context)


def compose_address(address: str, locality: str | None, context: Context) -> Outcome:
    """Return the value for an address whose town stands in a field of its own.

    "Hlavná 12" with locality "Žilina" agrees with "Hlavná 12, 010 01 Žilina" given alone. The
    locality of the field counts for more than one in the address. An address without house
    number or street has no value.
    """
    own = _OWN_FORM.fullmatch(address)
    if own is not None:
        number, street, place = own.groups()
        return _outcome(_Parts(number, tuple(street.split()), tuple(place.split())))
    if len(address) > _LONGEST:
        return _NO_ADDRESS
    if is_placeholder(address):
        return NOT_KNOWN
    if locality is not None and (len(locality) > _LONGEST or is_placeholder(locality)):
        locality = None
    return _compose(address, locality, context.country)


@lru_cache(maxsize=4096)
def _compose(address: str, locality: str | None, country: str | None) -> Outcome:
    town = _locality_words(_romanised(locality, country)) if locality is not None else ()
    text = _romanised(_without_flats(address, country), country)
    if _POST_BOX.search(text) or _KILOMETRE.search(text):
        return _NO_BUILDING
    parts = _split(BLOCK.sub(" ", FLAT.sub(" ", text)), town, country)
    return _NO_ADDRESS if parts is None else _outcome(parts)


def _outcome(parts: _Parts) -> Outcome:
    street, locality = (" ".join(sorted(words)) for words in (parts.street, parts.locality))
    if not street:
        return _NO_ADDRESS
    if not locality:
        return _NO_TOWN
    return Outcome((Normalised(f"{parts.number}|{street}|{locality}"),))


def _without_flats(address: str, country: str | None) -> str:
    text = NUMBER_SIGN.sub(" ", _ORDINAL_FLOOR.sub(" ", address))
    if country in {"SK", "CZ"}:
        text = _CZECHOSLOVAK_PAIR.sub(r"\2", text)
    return text


def _romanised(text: str, country: str | None) -> str:
    segments = (clean(segment) for segment in _SEGMENT_END.split(text))
    joined = ",".join(segment for segment in segments if segment)
    words = joined.replace("’", "'").replace("'", " ")
    return CUT_WORD.sub(r"\1\2", romanise(fold_digits(words), country))


def _split(text: str, town: tuple[str, ...], country: str | None) -> _Parts | None:
    postcodes = [_WORD.findall(code) for code in _POSTCODE.findall(text)]
    segments = [segment.strip() for segment in _POSTCODE.sub(" ", text).split(",")]
    at = _segment_with_house(segments)
    if at is None:
        return None
    before, number, behind = _around_house(segments[at])
    place: list[str] = segments[:at]
    street = before
    if not _words(street, country):
        if behind and (not place or _has_street_word(behind)):
            street, behind = behind, ""
        elif place:
            street = place.pop()
        else:
            street, segments[at + 1 :] = "".join(segments[at + 1 : at + 2]), segments[at + 2 :]
    localities = [behind, *segments[at + 1 :], *place]
    words = _words(street, country)
    locality = town or next(filter(None, map(_locality_words, localities)), ())
    words = _without_tail(words, town)
    if not locality and postcodes:
        locality = ("".join(postcodes[0]),)
    return _Parts(number, words, locality) if words else None


def _segment_with_house(segments: list[str]) -> int | None:
    """Prefer the segment that names a street: "Praha 3, Hlavni 31" has two numbers."""
    numbered = [at for at, segment in enumerate(segments) if _HOUSE.search(segment)]
    for at in numbered:
        if _has_street_word(segments[at]):
            return at
    bare = [at for at in numbered if _HOUSE.fullmatch(segments[at])]
    return next(iter(bare or numbered[-1:]), None)


def _around_house(segment: str) -> tuple[str, str, str]:
    """Split at the house number: the first word if it is one before a street ("12 Rue X"), else
    the last one, as streets have numbers in their names ("17. novembra 12").
    """
    found = list(_HOUSE.finditer(segment))
    leads = found[0].start() == 0 and _WORD.search(segment[found[0].end() :]) is not None
    chosen = found[0] if leads and (len(found) == 1 or _has_street_word(segment)) else found[-1]
    number = chosen.group(1).lstrip("0") or "0"
    return segment[: chosen.start()], number + (chosen.group(2) or ""), segment[chosen.end() :]


def _has_street_word(text: str) -> bool:
    words = _WORD.findall(text)
    return any(word in STREET_WORDS or DROPPED_ENDING.search(word) for word in words)


def _words(text: str, country: str | None) -> tuple[str, ...]:
    found = _WORD.findall(text)
    named = [unified(word, at, len(found), country) for at, word in enumerate(found)]
    kept = [word for word in named if word]
    chosen = [word for word in kept if word not in ARTICLES] or kept
    return tuple(fold_token(word) for word in chosen)


def _locality_words(text: str) -> tuple[str, ...]:
    words = (word for word in _WORD.findall(_POSTCODE.sub(" ", text)) if not word.isdigit())
    return tuple(fold_token(word) for word in words if word not in CITY_WORDS)


def _without_tail(words: tuple[str, ...], town: tuple[str, ...]) -> tuple[str, ...]:
    """Drop the town behind the street ("12 Rue Haute Lyon") where the field has named it."""
    length = len(town)
    if length and len(words) > length and words[-length:] == town:
        return words[:-length]
    return words
