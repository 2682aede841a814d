"""Unicode form, case, spaces, digits and look-alike letters: what several kinds share.

Nothing here knows a kind of attribute.
"""

import unicodedata
from collections.abc import Callable

_CYRILLIC = dict(zip("АВЕЅІЈКМНОРСТУХԚԜ", "ABESIJKMHOPCTYXQW", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧΆΈΉΊΌΎ", "ABEZHIKMNOPTYXAEHIOY", strict=True))
_LOOKALIKES = str.maketrans(_CYRILLIC | _GREEK)
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
_ROUNDS = 8
"""More than any known string needs to settle; a bound, so that no input can loop for ever."""


def clean(text: str) -> str:
    """Return the text in NFKC (Unicode Annex 15), without control, format and surrogate
    characters, with every run of white space as one space and none at the ends.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return _settle(_clean_once, text)


def fold(text: str) -> str:
    """Return the text cleaned and caseless (NFKC and full case folding, Unicode 3.13)."""
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    return _settle(_fold_once, text)


def upper(text: str) -> str:
    """Return the text cleaned and in capitals."""
    if text.isascii() and text.isprintable():
        return " ".join(text.upper().split())
    return _settle(_upper_once, text)


def fold_digits(text: str) -> str:
    """Return the text with the decimal digits of every script as ASCII digits."""
    if text.isascii():
        return text
    return "".join(_ascii_digit(character) for character in text)


def fold_lookalikes(text: str) -> str:
    """Return the text in capitals, with the Cyrillic and Greek letters that look like Latin
    capitals replaced by these. Letters that look like none stay as they are.

    Vehicle plates of Bulgaria, Greece and Ukraine use only letters that both alphabets have
    (Vienna Convention on Road Traffic, Annex 2), so either alphabet gets typed.
    """
    capitals = upper(text)
    return capitals if capitals.isascii() else upper(capitals.translate(_LOOKALIKES))


def strip_marks(text: str) -> str:
    """Return the text without combining marks: "známy" and "znamy" become one."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def has_mixed_scripts(word: str) -> bool:
    """Say whether one word has letters of two of the scripts Latin, Cyrillic and Greek, which
    look alike and are mixed by mistake or to deceive (Unicode Technical Standard 39).
    """
    if word.isascii():
        return False
    scripts = {script for character in word if (script := _script(character)) is not None}
    return len(scripts) > 1


def _settle(step: Callable[[str], str], text: str) -> str:
    """Repeat until nothing changes: a removed character can bring two others together."""
    after = step(text)
    rounds = 1
    while after != text and rounds < _ROUNDS:
        text, after = after, step(after)
        rounds += 1
    return after


def _clean_once(text: str) -> str:
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFKC", text)):
        # The common case: nothing hidden, nothing to compose.
        return " ".join(text.split())
    visible = "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if character.isspace() or unicodedata.category(character) not in _HIDDEN_CATEGORIES
    )
    return " ".join(unicodedata.normalize("NFKC", visible).split())


def _fold_once(text: str) -> str:
    return _clean_once(_clean_once(text).casefold())


def _upper_once(text: str) -> str:
    return _clean_once(_clean_once(text).upper())


def _ascii_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _script(character: str) -> str | None:
    if not character.isalpha():
        return None
    name = unicodedata.name(character, "").partition(" ")[0]
    return name if name in {"LATIN", "CYRILLIC", "GREEK"} else None
