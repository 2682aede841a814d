"""Given and family names by nationality, each with its spellings; invented people only.

The lists (`data/names.txt`) are common names of each language: namesakes come by themselves.
"""

from typing import NamedTuple

from bench.scenarios import romanising
from bench.scenarios.tables import rows

Spellings = tuple[str, ...]
"""One name in several spellings, the usual one of the passport first."""


class Names(NamedTuple):
    """Family names come in pairs: of a man, of a woman."""

    male: tuple[Spellings, ...]
    female: tuple[Spellings, ...]
    families: tuple[tuple[Spellings, Spellings], ...]
    fathers: tuple[tuple[Spellings, Spellings], ...]


_ROWS = rows("names")
_LISTS = {_ROWS[at]: _ROWS[at + 1 : at + 4] for at in range(0, len(_ROWS), 4)}
_RULES = {
    "BG": romanising.bulgarian,
    "UA": romanising.ukrainian,
    "GR": romanising.greek,
    "GE": romanising.georgian,
    "VN": romanising.vietnamese,
    "CN": romanising.chinese,
}


def _names(nationality: str) -> Names:
    rule = _RULES.get(nationality, romanising.latin)
    male, female, families = (
        [name.replace("_", " ") for name in line.split()] for line in _LISTS[nationality]
    )
    spelt = _listed if nationality == "AR" else rule
    return Names(
        tuple(spelt(name) for name in male),
        tuple(spelt(name) for name in female),
        tuple(_pair(nationality, name) for name in families),
        _FATHERS[nationality](male) if nationality in _FATHERS else (),
    )


def _listed(name: str) -> Spellings:
    return tuple(name.split("/"))


def _pair(nationality: str, name: str) -> tuple[Spellings, Spellings]:
    """Of a man and of a woman: Bulgarian adds -а, some are listed, the rest is the same."""
    rule = _RULES.get(nationality, romanising.latin)
    if nationality == "AR":
        return _listed(name), _listed(name)
    if nationality == "BG":
        return rule(name), rule(f"{name}а")
    man, _, woman = name.partition("/")
    return rule(man), rule(woman or man)


def _bulgarian_fathers(given: list[str]) -> tuple[tuple[Spellings, Spellings], ...]:
    stems = [name.removesuffix("й") for name in given if name[-1] not in "оа"]
    return tuple(
        (romanising.bulgarian(f"{stem}ов"), romanising.bulgarian(f"{stem}ова")) for stem in stems
    )


def _ukrainian_fathers(given: list[str]) -> tuple[tuple[Spellings, Spellings], ...]:
    stems = [name for name in given if name[-1] not in "йаоь" and name != "Ігор"]
    return tuple(
        (romanising.ukrainian(f"{stem}ович"), romanising.ukrainian(f"{stem}івна")) for stem in stems
    )


_FATHERS = {"BG": _bulgarian_fathers, "UA": _ukrainian_fathers}
NAMES = {nationality: _names(nationality) for nationality in _LISTS}
