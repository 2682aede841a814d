"""The machine-readable zone of travel documents (ICAO Doc 9303, eighth edition).

Only the issuing state and the document number are taken; names and dates in the zone are not
read, though their check digits are verified.
"""

import re
from dataclasses import dataclass

_WHITE_SPACE = re.compile(r"\s+")
_ZONE = re.compile(r"[A-Z0-9<]+")
_WEIGHTS = (7, 3, 1)
_VALUE_OF = {
    character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}
_VALUE_OF["<"] = 0

_TD1_LINE, _TD2_LINE, _TD3_LINE = 30, 36, 44


@dataclass(frozen=True, slots=True)
class ReadZone:
    """What a zone says about the document.

    issuer: three-letter code without fillers; None where the line with it was not pasted.
    number: without fillers.
    is_intact: whether every check digit fits.
    """

    issuer: str | None
    number: str
    is_intact: bool


def read_zone(text: str) -> ReadZone | None:
    """Read a whole zone (TD1, TD2, TD3 or a visa) or its line with the number.

    Lines may be separated by any white space or by nothing. Returns None where the text has
    not the length and the characters of such a zone.
    """
    zone = _WHITE_SPACE.sub("", text).upper()
    if _ZONE.fullmatch(zone) is None:
        return None
    if len(zone) == 3 * _TD1_LINE:
        return _read_card(zone[:_TD1_LINE], zone[_TD1_LINE : 2 * _TD1_LINE])
    if len(zone) == _TD1_LINE:
        return _read_card(zone, None)
    for length in (_TD2_LINE, _TD3_LINE):
        if len(zone) == 2 * length:
            return _read_booklet(zone[length:], first=zone[:length])
        if len(zone) == length:
            return _read_booklet(zone, first=None)
    return None


def check_digit(field: str) -> str:
    """Return the check digit of a field (Doc 9303-3, 4.9: weights 7, 3, 1, modulo 10)."""
    total = sum(_WEIGHTS[at % 3] * _VALUE_OF[character] for at, character in enumerate(field))
    return str(total % 10)


def _read_card(upper: str, middle: str | None) -> ReadZone:
    """TD1 (Doc 9303-5, 4.2.2). A number of more than nine characters goes on in the optional
    data, its check digit last and a filler standing in the place of the check digit.
    """
    number, digit = upper[5:14], upper[14]
    if digit == "<" and upper[15] != "<":
        rest = upper[15:].partition("<")[0]
        number, digit = number + rest[:-1], rest[-1]
    is_intact = check_digit(number) == digit
    if middle is not None:
        composite = upper[5:] + middle[:7] + middle[8:15] + middle[18:29]
        is_intact = is_intact and _fits(middle, composite)
    return ReadZone(_unfilled(upper[2:5]), _unfilled(number), is_intact)


def _read_booklet(lower: str, first: str | None) -> ReadZone:
    """TD2 (Doc 9303-6, 4.2.2) and TD3 (Doc 9303-4, 4.2.2); visas (Doc 9303-7) have the same
    fields and no composite check digit.
    """
    number, digit = lower[:9], lower[9]
    if digit == "<" and lower[28] != "<":  # TD2 has the same overflow as TD1
        rest = lower[28:35].partition("<")[0]
        number, digit = number + rest[:-1], rest[-1]
    is_visa = first is not None and first.startswith("V")
    composite = lower[:10] + lower[13:20] + lower[21 : len(lower) - 1]
    is_intact = check_digit(number) == digit and (is_visa or _fits(lower, composite))
    issuer = None if first is None else _unfilled(first[2:5])
    return ReadZone(issuer, _unfilled(number), is_intact)


def _fits(line: str, composite: str) -> bool:
    dates = (
        (line[:6], line[6], line[8:14], line[14])
        if len(line) == _TD1_LINE
        else (line[13:19], line[19], line[21:27], line[27])
    )
    birth, birth_digit, expiry, expiry_digit = dates
    return (
        check_digit(birth) == birth_digit
        and check_digit(expiry) == expiry_digit
        and check_digit(composite) == line[-1]
    )


def _unfilled(field: str) -> str:
    return field.replace("<", "")
