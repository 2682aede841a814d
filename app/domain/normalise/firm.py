"""Names of firms: the words that tell one from another.

Firms are compared by these words; the registration number is in `company`. The legal forms are
in `firm_forms`.
"""

import re
from functools import lru_cache

from rigour.names import extract_org_types

from app.domain.normalise.firm_forms import (
    ABBREVIATED,
    AT_BEGINNING,
    AT_END,
    EVERYWHERE,
    JOINING,
    PHRASES,
)
from app.domain.normalise.placeholders import is_placeholder
from app.domain.normalise.romanise import fold_token, romanise
from app.domain.normalise.text import fold, strip_marks

_LONGEST = 300
_FORMS = AT_BEGINNING | AT_END | EVERYWHERE | ABBREVIATED

_TRADING_AS = re.compile(
    r"(?<!\w)(?:t/as?|d/b/a|dba|h\.?o\.?d\.?n\.?|trading as|doing business as"
    r"|handelend onder de naam|nombre comercial|nome commerciale"
    r"|δ\.τ\.|διακριτικ\w+ τίτλο\w+)(?!\w)"
)
_ITALIAN_COMPANY = re.compile(r"\bSpA\b")
_ROMANIAN_COMPANY = re.compile(r"^\W*s\.?\s?c\.?\s(?=.*\bs\.?\s?(?:r\.?\s?l|a)\b)")
_LIMITED_IN_WORDS = re.compile(
    r"(?<!\w)(?:spol\.?,?\s?s\s?r\.?\s?o|sp(?:\.|ó[łl]ka|olka)?\s?z\.?\s?o\.?\s?o)(?!\w)\.?"
)
_AND_COMPANY = re.compile(
    r"(?:&|\+|(?<!\w)(?:and|und|et|e|y|i|a|ve|και|и|та))\s*(?:co|cie|cia|spol|sie|ska|σια|σία|с-ие|с-іе)"
    r"(?!\w)\.?"
)
_LETTERS = re.compile(r"(?<!\w)(\w)\s?&\s?(\w)(?!\w)")
_APOSTROPHES = dict.fromkeys(map(ord, "'’ʼ‘`´"))
_ABBREVIATION = re.compile(r"(?<![\w.])\w(?:(?:\.\s?|\s|/)\w)+(?![\w])\.?")
_WORD = re.compile(r"[^\W_]+")
_LATIN_WORD = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=8192)
def firm_words(name: str) -> tuple[str, ...]:
    """Return the words of a firm's name, romanised and in the coarse form of `fold_token`, in
    their order, without legal form and joining words.

    "Agro Plus s.r.o.", "AGRO PLUS" and "АГРО ПЛЮС ООД" agree. Short forms that are also words
    ("AS", "Spa") go out only where a form stands, and never the whole name. Of "A Ltd trading
    as B" the words of both stay. Empty where nothing is left that could tell one firm from
    another, and for placeholders.
    """
    if len(name) > _LONGEST or is_placeholder(name):
        return ()
    words = _within(_without_phrases(_WORD.findall(_spelt_together(_plain(name)))))
    latin = _LATIN_WORD.findall(romanise(" ".join(words)))
    # "Плюс" and "Люкс" are "Plus" and "Lux" where they come from.
    kept = tuple(fold_token(word).replace("liu", "lu") for word in latin)
    return kept if any(len(word) > 1 for word in kept) else ()


def _plain(name: str) -> str:
    """The name caseless, without what can be told from its spelling before it is cut up."""
    text = fold(_ITALIAN_COMPANY.sub("S.p.A.", name))
    text = _TRADING_AS.sub(" ", _ROMANIAN_COMPANY.sub("", text))
    for form, _ in extract_org_types(text):
        if " " in form:
            bare = text.replace(form, " ")
            text = bare if _WORD.search(bare) else text
    text = _AND_COMPANY.sub(" ", _LIMITED_IN_WORDS.sub(" ", text))
    return _LETTERS.sub(r"\1\2", text.translate(_APOSTROPHES)).lstrip(' "„“”«»‚‹›()[]-–.,')


def _spelt_together(text: str) -> str:
    """Abbreviations as one word ("a.b.c."); those that are legal forms ("s. r. o.") go out, but at
    the beginning only such as stand there, for initials stand there too.
    """

    def joined(found: re.Match[str]) -> str:
        letters = _WORD.findall(found.group())
        begins = found.start() == 0
        known = AT_BEGINNING | EVERYWHERE if begins else _FORMS
        for at in range(len(letters) - 1):
            if strip_marks("".join(letters[at:])) in known:
                # What stands before the form are initials ("Novák J. s.r.o.").
                return " ".join([*letters[:at], ""])
        is_spaced = "." not in found.group() and "/" not in found.group()
        return found.group() if is_spaced else "".join(letters) + " "

    return _ABBREVIATION.sub(joined, text)


def _without_phrases(words: list[str]) -> list[str]:
    keys = [strip_marks(word) for word in words]
    for phrase in PHRASES:
        length = len(phrase)
        for at in range(len(keys) - length, -1, -1):
            if tuple(keys[at : at + length]) == phrase and len(keys) > length:
                del keys[at : at + length], words[at : at + length]
    return words


def _within(words: list[str]) -> list[str]:
    """The words without forms and joining words."""
    keys = [strip_marks(word) for word in words]
    kept = [word for word, key in zip(words, keys, strict=True) if key not in EVERYWHERE]
    while len(kept) > 1:
        if strip_marks(kept[-1]) in AT_END:
            kept.pop()
        elif strip_marks(kept[0]) in AT_BEGINNING:
            kept.pop(0)
        else:
            break
    last = len(kept) - 1
    return [
        word for at, word in enumerate(kept) if at in {0, last} or strip_marks(word) not in JOINING
    ]
