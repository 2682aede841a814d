"""Vehicle identification numbers (ISO 3779)."""

import re

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.text import fold_lookalikes

VIN_LENGTH = 17

_LABEL = re.compile(r"^\W*(?:VIN|FIN|CHASSIS)\b(?:\s*(?:NO|NR|CODE)\b)?\W*", re.IGNORECASE)
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_CONFUSED = str.maketrans("IOQ", "100")

_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_NUMBER_OF = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
_NUMBER_OF |= {digit: int(digit) for digit in "0123456789"}

_NO_VIN = Outcome(problem="A vehicle identification number has 17 letters and digits.")
_WRONG_CHECK = Outcome(problem="The check digit of the vehicle identification number is wrong.")


def normalise_vin(raw: str, context: Context) -> Outcome:
    """Return the 17 characters in upper case, without separators.

    I, O and Q do not occur in a VIN (ISO 3779, clause 4): they are read as 1, 0 and 0. The
    check digit in position 9 is verified for makers of North America (first character 1 to
    5) alone, where law demands it (49 CFR 565.15); elsewhere the position is the maker's own.
    """
    del context
    compact = _NOT_ALPHANUMERIC.sub("", fold_lookalikes(_LABEL.sub("", raw)))
    compact = compact.translate(_CONFUSED)
    if _VIN.fullmatch(compact) is None:
        return NOT_KNOWN if is_placeholder(raw) else _NO_VIN
    if len(set(compact)) == 1:
        return NOT_KNOWN
    if compact[0] in "12345" and compact[8] != _check_digit(compact):
        return _WRONG_CHECK
    return Outcome((Normalised(compact),))


def _check_digit(vin: str) -> str:
    total = sum(
        weight * _NUMBER_OF[character] for weight, character in zip(_WEIGHTS, vin, strict=True)
    )
    return "0123456789X"[total % 11]
