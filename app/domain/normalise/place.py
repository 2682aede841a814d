"""Names of towns in the form in which two reports are compared. No gazetteer: a name in two
languages stays two names, apart from the few in `exonyms`.
"""

import re
from functools import lru_cache

from app.domain.normalise.exonyms import TOWNS
from app.domain.normalise.placeholders import is_placeholder
from app.domain.normalise.romanise import fold_token, romanise
from app.domain.normalise.street_words import CITY_WORDS
from app.domain.normalise.text import fold

_LONGEST = 200
_WORD = re.compile(r"[a-z]+")
_LEADING_WORDS = """
gorod misto miasto stadt stad ville comune comuna municipiul municipiu oras orasul
"""
_LEADING = CITY_WORDS | frozenset(_LEADING_WORDS.split())
"""Words for "town" and "village" before its name; elsewhere they are part of it ("Novo mesto")."""
_TRAILING_WORDS = """
grad gorod i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii
"""
_TRAILING = frozenset(_TRAILING_WORDS.split())
"""Words for "town", and districts of a city by number ("Bratislava V")."""
_NUMBER = re.compile(r"\d\w*")
_AFTER_THE_TOWN = re.compile(r"[,;/(\[|]|\s[-–—]\s")
_HYPHEN = re.compile(r"\s?[-–—]\s?")


def _words(text: str) -> str:
    words = _WORD.findall(_NUMBER.sub(" ", romanise(fold(text))))
    while len(words) > 1 and words[0] in _LEADING:
        words.pop(0)
    while len(words) > 1 and words[-1] in _TRAILING:
        words.pop()
    return " ".join(sorted(fold_token(word) for word in words))


def _exonyms() -> dict[str, str]:
    groups = [group.split(", ") for group in TOWNS]
    return {_words(name): _words(names[0]) for names in groups for name in names}


_EXONYMS = _exonyms()


@lru_cache(maxsize=8192)
def town_words(locality: str) -> str:
    """Return the folded, sorted words of a town's name; empty for placeholders.

    Scripts and spellings of one name mostly agree ("Σόφια", "София", "Sofiya"). What stands
    behind a comma, a slash, in brackets or behind a dash between spaces is a district or a country
    and goes out; so does a district behind a hyphen where the city is known ("Praha-Smíchov",
    but "Bielsko-Biała" is one town), and the number of a district ("Praha 3", "Košice II").
    """
    if len(locality) > _LONGEST or is_placeholder(locality):
        return ""
    whole = _words(locality)
    if whole in _EXONYMS:
        return _EXONYMS[whole]
    parts = (_words(part) for part in _AFTER_THE_TOWN.split(locality))
    town = next((words for words in parts if words), "")
    city = _words(_HYPHEN.split(locality, maxsplit=1)[0])
    return _EXONYMS.get(town) or _EXONYMS.get(city) or town
