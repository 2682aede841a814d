"""Registration plates of vehicles.

The shapes of plates are used only to tell a country code from the plate behind it, never to
refuse a plate: old, diplomatic, dealer and personal plates follow other rules.
"""

import re

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.text import fold_digits, fold_lookalikes, strip_marks

SHORTEST, LONGEST = 4, 10

_SHAPES = {
    "AT": r"[A-Z]{1,2}[0-9]{1,6}[A-Z]{0,5}",
    "BE": r"[0-9]?[A-Z]{3}[0-9]{3}|[0-9]{3}[A-Z]{3}",
    "BG": r"[ABCEHKMOPTXY]{1,2}[0-9]{4}[ABCEHKMOPTXY]{1,2}",
    "CY": r"[A-Z]{3}[0-9]{3}",
    "CZ": r"[0-9][A-Z][A-Z0-9][0-9]{4}",
    "DE": r"[A-Z]{2,6}[0-9]{1,4}[EH]?",
    "DK": r"[A-Z]{2}[0-9]{5}",
    "EE": r"[0-9]{3}[A-Z]{3}",
    "ES": r"[0-9]{4}[B-DF-HJ-NP-TV-Z]{3}|[A-Z]{1,2}[0-9]{4}[A-Z]{1,2}",
    "FI": r"[A-Z]{2,3}[0-9]{1,3}",
    "FR": r"[A-HJ-NP-TV-Z]{2}[0-9]{3}[A-HJ-NP-TV-Z]{2}|[0-9]{1,4}[A-Z]{2,3}[0-9]{2}",
    "GB": r"[A-Z]{2}[0-9]{2}[A-Z]{3}|[A-Z][0-9]{1,3}[A-Z]{3}|[A-Z]{3}[0-9]{1,3}[A-Z]?",
    "GR": r"[ABEZHIKMNOPTYX]{3}[0-9]{4}",
    "HR": r"[A-Z]{2}[0-9]{3,4}[A-Z]{1,2}",
    "HU": r"[A-Z]{3}[0-9]{3}|[A-Z]{4}[0-9]{3}",
    "IE": r"[0-9]{2,3}[A-Z]{1,2}[0-9]{1,6}",
    "IT": r"[A-Z]{2}[0-9]{3}[A-Z]{2}",
    "LT": r"[A-Z]{3}[0-9]{3}|[A-Z]{2}[0-9]{4}",
    "LU": r"[A-Z]{2}[0-9]{4}|[0-9]{4,5}",
    "LV": r"[A-Z]{2}[0-9]{1,4}",
    "MD": r"[A-Z]{3}[0-9]{3}|[A-Z]{1,2}[A-Z]{2}[0-9]{3}",
    "MT": r"[A-Z]{3}[0-9]{3}",
    "NL": r"(?=(?:.*[A-Z]))(?=(?:.*[0-9]))[A-Z0-9]{6}",
    "PL": r"[A-Z]{2,3}[A-Z0-9]{4,5}",
    "PT": r"[0-9]{2}[A-Z]{2}[0-9]{2}|[0-9]{4}[A-Z]{2}|[A-Z]{2}[0-9]{2}[A-Z]{2}|[A-Z]{2}[0-9]{4}",
    "RO": r"[A-Z]{2}[0-9]{2}[A-Z]{3}|B[0-9]{2,3}[A-Z]{3}",
    "RS": r"[A-Z]{2}[0-9]{3,5}[A-Z]{2}",
    "SE": r"[A-Z]{3}[0-9]{2}[A-Z0-9]",
    "SI": r"[A-Z]{2}[A-Z0-9]{5}",
    "SK": r"[A-Z]{2}[0-9]{3}[A-Z]{2}|[A-Z]{2}[0-9]{5}|[A-Z]{2}[A-Z0-9]{5}",
    "TR": r"[0-9]{2}[A-Z]{1,3}[0-9]{2,5}",
    "UA": r"[ABCEHIKMOPTX]{2}[0-9]{4}[ABCEHIKMOPTX]{2}",
}
_SHAPE_OF = {country: re.compile(shape) for country, shape in _SHAPES.items()}

_COUNTRY_OF_SIGN = {
    "A": "AT", "B": "BE", "BG": "BG", "CY": "CY", "CZ": "CZ", "D": "DE", "DK": "DK",
    "EST": "EE", "E": "ES", "FIN": "FI", "F": "FR", "GB": "GB", "UK": "GB", "GR": "GR",
    "HR": "HR", "H": "HU", "IRL": "IE", "I": "IT", "LT": "LT", "L": "LU", "LV": "LV",
    "MD": "MD", "M": "MT", "NL": "NL", "PL": "PL", "P": "PT", "RO": "RO", "SRB": "RS",
    "S": "SE", "SLO": "SI", "SK": "SK", "TR": "TR", "UA": "UA",
}  # fmt: skip
"""Distinguishing signs of vehicles in international traffic (United Nations, list kept under
the Vienna Convention on Road Traffic, Article 37)."""
_COUNTRY_OF_PREFIX = _COUNTRY_OF_SIGN | {country: country for country in _SHAPES}

_PREFIXED = re.compile(r"\W*([A-Z]{1,3})(?:[^A-Z0-9]+)(.*)", re.DOTALL)
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_ALPHANUMERIC = re.compile(r"[A-Z0-9]+")
_UNREADABLE = re.compile(r"[?¿…]|(?<=[0-9])[*.]+(?=[0-9])|(?<=[A-Z])\*+(?=[A-Z])|\*{2,}|^\*|\*$")
_FILLERS = frozenset("X0")
"""A value of these alone fills a field that had to be filled."""
_LONE_LETTER = re.compile(r"(?<=[0-9])[OI](?=[0-9])")
_DIGIT_OF = {"O": "0", "I": "1"}
_UMLAUTS = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "Đ": "D", "Ł": "L", "Ø": "O"})

_WRONG_LENGTH = Outcome(problem="A plate has 4 to 10 letters and digits, of them a digit.")
_FOREIGN_LETTERS = Outcome(
    problem="The plate has letters of an alphabet that cannot be compared; write it in Latin ones."
)
_PARTLY_READ = Outcome(
    problem="The plate was read only in part; put what was seen into the vehicle's description."
)


def normalise_plate(raw: str, context: Context) -> Outcome:
    """Return the letters and digits, with note "country_unknown" where no country is.

    The country is not part of the value: reporters often do not know it, or give that of the
    place. context.country must be the country of the plate as sent, never that of the report.

    Look-alike letters of the Cyrillic and Greek alphabets become Latin (plates of Bulgaria,
    Greece and Ukraine have only such letters). Ä, Ö, Ü of German district codes become AE,
    OE, UE and so stay apart from A, O, U; at most two letters follow a district code, so no
    other plate reads the same. Other marks are dropped. One letter O or I between digits is
    read as 0 or 1. A sign of the country before the plate ("SK ZA123AB", "(D) …") goes out
    when context.country is equal or unknown and the rest has the shape of that country's
    plates; it then gives the country. Plates with unreadable places ("??", "*") have no
    value.
    """
    text = fold_lookalikes(raw)
    if not text.isascii():
        text = strip_marks(fold_digits(text.translate(_UMLAUTS)))
    compact = _NOT_ALPHANUMERIC.sub("", text)
    if set(compact) <= _FILLERS or is_placeholder(compact) or is_placeholder(raw):
        return NOT_KNOWN
    if _UNREADABLE.search(text) is not None:
        return _PARTLY_READ
    if _ALPHANUMERIC.fullmatch(compact) is None:
        return _FOREIGN_LETTERS
    country, plate = _without_sign(text, _digits_restored(compact), context.country)
    if not SHORTEST <= len(plate) <= LONGEST or plate.isalpha():
        return _WRONG_LENGTH
    return Outcome((_of_country(plate, country),))


def _of_country(plate: str, country: str | None) -> Normalised:
    return Normalised(plate, note=None if country else "country_unknown", qualifier=country)


def _without_sign(text: str, compact: str, country: str | None) -> tuple[str | None, str]:
    prefixed = _PREFIXED.match(text)
    if prefixed is None:
        return country, compact
    sign_country = _COUNTRY_OF_PREFIX.get(prefixed.group(1))
    if sign_country is None or country not in {None, sign_country}:
        return country, compact
    is_bracketed = text.lstrip().startswith("(")
    if not is_bracketed and _SHAPE_OF[sign_country].fullmatch(compact) is not None:
        # "D-LG 330" is a plate of Duesseldorf: the letter is a part of it and no sign.
        return country, compact
    rest = _digits_restored(_NOT_ALPHANUMERIC.sub("", prefixed.group(2)))
    if _SHAPE_OF[sign_country].fullmatch(rest) is None:
        return country, compact
    return sign_country, rest


def _digits_restored(compact: str) -> str:
    return _LONE_LETTER.sub(lambda letter: _DIGIT_OF[letter.group()], compact)
