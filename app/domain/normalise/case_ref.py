"""File numbers that several organisations know a case by, however they are punctuated."""

import re

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.text import fold_digits, upper

_LABEL = re.compile(
    r"^(?:(?:YOUR |OUR )?REF(?:ERENCE)?|CASE(?: (?:NO|NUMBER))?|FILE(?: (?:NO|NUMBER))?|NO|NR|AZ"
    r"|AKTENZEICHEN|GESCH(?:ÄFTS)?Z|Č\. ?J|SP\. ?ZN|SYGN|DOSSIER|EXPTE|EXPEDIENTE|PROT|ВХ|ИСХ|ДЕЛО"
    r"|ПРЕПИСКА|СПРАВА)\.? ?(?:NO|NR|Č)?\.?:[ #]*"
)
_SEPARATORS = re.compile(r"[\W_]+")
_FEWEST_CHARACTERS = 5
_TOO_SHORT = "A case reference needs at least five letters or digits, or it would fit many cases."
_NO_DIGIT = "A case reference without any digit does not identify a case."


def normalise_case_ref(raw: str, context: Context) -> Outcome:
    """Return the letters (capitals) and digits, with one hyphen for every run of anything else:
    "POL-NL-2019/12501", "pol nl 2019 12501" and "Ref.: POL_NL_2019.12501" become
    "POL-NL-2019-12501".

    Leading zeros and the order of the parts stay: they tell files apart. A label is dropped only
    where a colon ends it.
    """
    del context
    if is_placeholder(raw):
        return NOT_KNOWN
    text = _LABEL.sub("", fold_digits(upper(raw)))
    value = upper(_SEPARATORS.sub("-", text).strip("-"))
    if len(value) - value.count("-") < _FEWEST_CHARACTERS:
        return Outcome(problem=_TOO_SHORT)
    if is_placeholder(value):
        return NOT_KNOWN
    if not any(character.isdigit() for character in value):
        return Outcome(problem=_NO_DIGIT)
    return Outcome((Normalised(value),))
