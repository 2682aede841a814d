"""What reports tell, in the languages of those who write: invented sentences, no real case.

A sentence takes {town}, {name} or {value}; values that a report names only here stand in a
sentence of `mention`.
"""

from random import Random
from typing import NamedTuple

from bench.scenarios.tables import rows


class Phrases(NamedTuple):
    opening: tuple[str, ...]
    mention: tuple[str, ...]
    filling: tuple[str, ...]


def _phrases() -> dict[str, Phrases]:
    lines = rows("phrases")
    found = {}
    for opening, mention, filling in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        language, *openings = opening.split("|")
        found[language] = Phrases(
            tuple(openings), tuple(mention.split("|")), tuple(filling.split("|"))
        )
    return found


_PHRASES = _phrases()
_MENTIONS = {
    language: tuple(each for each in phrases.mention if "{value}" in each)
    for language, phrases in _PHRASES.items()
}
_NAMINGS = {
    language: next(each for each in phrases.mention if "{name}" in each)
    for language, phrases in _PHRASES.items()
}


def narrative(chance: Random, language: str, town: str, *, values: list[str],
              names: list[str]) -> str:  # fmt: skip
    """An opening, what is mentioned, and one or two things seen."""
    phrases = _PHRASES[language]
    parts = [chance.choice(phrases.opening).replace("{town}", town)]
    parts += [chance.choice(_MENTIONS[language]).replace("{value}", value) for value in values]
    parts += [_NAMINGS[language].replace("{name}", name) for name in names]
    parts.append(chance.choice(phrases.filling))
    if chance.random() < 0.4:
        parts.append(chance.choice(phrases.filling))
    return " ".join(dict.fromkeys(parts))
