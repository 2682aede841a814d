"""Invented people: who they are, and how one and the same is written in different reports."""

from dataclasses import dataclass
from datetime import date
from random import Random

from bench.scenarios.countries import COUNTRIES
from bench.scenarios.names import NAMES, Spellings
from bench.scenarios.romanising import without_marks

_DOCUMENT_LETTERS = "ABCEHKMPRTVX"
_CLOSE = {
    "a": "e", "e": "a", "i": "y", "o": "u", "u": "o", "y": "i", "s": "z", "z": "s", "n": "m",
    "m": "n", "k": "c", "c": "k", "v": "w", "w": "v", "t": "d", "d": "t", "b": "p", "p": "b",
}  # fmt: skip


@dataclass(slots=True, eq=False)
class Person:
    """given, family, second: all their spellings; usual: which of them the papers have.

    plain: given and family name in small ASCII letters, for addresses; None in other scripts.
    """

    role: str
    sex: str
    nationality: str
    given: Spellings
    family: Spellings
    second: Spellings | None
    birth: date
    document: str
    usual: int
    languages: tuple[str, ...]
    plain: tuple[str, str] | None

    @property
    def key(self) -> str:
        return f"person {self.given[0]} {self.family[0]} {self.birth}"


def new_person(chance: Random, nationality: str, role: str, *, sex: str | None = None,
               year: int = 2018) -> Person:  # fmt: skip
    """Somebody of that nationality; a victim is younger; year: when the operation begins."""
    names = NAMES[COUNTRIES[nationality].nationality]
    pick = chance.random
    sex = sex or ("female" if pick() < 0.5 else "male")
    man = sex == "male"
    given_names = names.male if man else names.female
    given = given_names[int(pick() * len(given_names))]
    pair = names.families[int(pick() * len(names.families))]
    second = _second(chance, nationality, man=man)
    youngest = 15 if role == "suspected_victim" else 22
    born = year - youngest - int(pick() ** 1.6 * 38)
    family = pair[0] if man else pair[1]
    return Person(
        role,
        sex,
        nationality,
        given,
        family,
        second,
        date(born, 1 + int(pick() * 12), 1 + int(pick() * 28)),
        _document(chance),
        0 if pick() < 0.8 else int(pick() * 4),
        (COUNTRIES[nationality].language,),
        _plain(given[0], family[0]),
    )


def _second(chance: Random, nationality: str, *, man: bool) -> Spellings | None:
    """A father's name (Bulgarian, Ukrainian) or a second given name, where there is one."""
    names = NAMES[COUNTRIES[nationality].nationality]
    if names.fathers:
        if chance.random() < 0.7:
            return names.fathers[int(chance.random() * len(names.fathers))][0 if man else 1]
    elif nationality in {"RO", "ES", "IT", "PH", "BR", "FR", "MD"} and chance.random() < 0.3:
        return chance.choice(names.male if man else names.female)
    return None


def _document(chance: Random) -> str:
    letters = chance.choice(_DOCUMENT_LETTERS) + chance.choice(_DOCUMENT_LETTERS)
    return f"{letters}{int(chance.random() * 10**7):07}"


def _plain(given: str, family: str) -> tuple[str, str] | None:
    first = without_marks(given).lower().replace(" ", "").replace("'", "")
    last = without_marks(family).lower().replace(" ", "").replace("'", "")
    return (first, last) if first.isascii() and last.isascii() else None


def person_written(chance: Random, person: Person, *, role: str | None = None) -> dict[str, object]:
    """One report's person: maybe the given name only, names swapped, romanised otherwise."""
    pick = chance.random
    written: dict[str, object] = {"role": role or (person.role if pick() < 0.86 else "unknown")}
    if pick() < 0.85:
        written["sex"] = person.sex
    given = _name_written(chance, person.given, person.usual)
    if person.second is not None and pick() < 0.35:
        given = f"{given} {_name_written(chance, person.second, person.usual)}"
    if pick() < 0.15:
        written["given_name"] = given
    else:
        _full_name(chance, written, given, _name_written(chance, person.family, person.usual))
    birth = birth_written(chance, person.birth)
    if birth is not None:
        written["birth_date"] = birth
    elif pick() < 0.2:
        written["age_group"] = "adult"
    if pick() < 0.85:
        written["nationality"] = person.nationality
    if pick() < 0.08:
        written["languages"] = list(person.languages)
    return written


def _full_name(chance: Random, written: dict[str, object], given: str, family: str) -> None:
    draw = chance.random()
    if draw < 0.06:
        given, family = family, given
    if draw > 0.94:
        given, family = given.upper(), family.upper()
    elif draw > 0.92:
        given, family = given.lower(), family.lower()
    if chance.random() < 0.12:
        order = "{1}, {0}" if draw > 0.8 else "{1} {0}" if draw > 0.55 else "{0} {1}"
        written["name"] = order.format(given, family)
    else:
        written["given_name"], written["family_name"] = given, family
    if chance.random() < 0.03:
        written["aliases"] = [given.split(" ", maxsplit=1)[0]]


def _name_written(chance: Random, spellings: Spellings, usual: int) -> str:
    """Most write what the papers have, some what they hear, some mistype it."""
    draw = chance.random()
    which = usual if draw < 0.72 else int(chance.random() * len(spellings))
    name = spellings[which if which < len(spellings) else 0]
    return mistyped(chance, name) if 0.66 < draw < 0.70 else name


def mistyped(chance: Random, text: str) -> str:
    """One letter left out, doubled, swapped with the next, or a similar one."""
    if len(text) < 4:
        return text
    at = 1 + int(chance.random() * (len(text) - 2))
    draw = chance.random()
    if draw < 0.25:
        return text[:at] + text[at + 1 :]
    if draw < 0.45:
        return text[:at] + text[at] + text[at:]
    if draw < 0.7:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + _CLOSE.get(text[at], text[at]) + text[at + 1 :]


def birth_written(chance: Random, birth: date) -> str | None:
    """The whole date, or a part of it, or a wrong one, or none."""
    draw = chance.random()
    year, month, day = birth.year, birth.month, birth.day
    if draw < 0.3:
        return None
    if draw < 0.38:
        return str(year)
    if draw < 0.41:
        return f"{year}-{month:02}"
    if draw < 0.44:
        month = day = 1
    elif draw < 0.47 and day <= 12:
        month, day = day, month
    elif draw < 0.5:
        year, day = year - (draw > 0.485), 1 + day % 28
    return f"{year}-{month:02}-{day:02}"
