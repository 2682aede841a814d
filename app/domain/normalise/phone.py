"""Telephone numbers in E.164, by the numbering plans that `phonenumbers` carries.

Written numbers are taken apart here: two in one field, extensions, trunk prefixes, mistyped
letters. Which lines are shared by many people is decided from the numbering plan alone.
"""

import re
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType, ValidationResult

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.text import clean, fold_digits

NO_COUNTRY: Final = (
    "The number has no country code and the report names no country: write it as +421…"
)
NOT_A_NUMBER: Final = "This is not a telephone number."
NOT_POSSIBLE: Final = "No telephone number of that country has this length; a digit may be missing."
INCOMPLETE: Final = "Part of the number is masked or missing, so it would fit several numbers."
_ONE_OF_SEVERAL: Final = "One of several numbers in this field was not taken. "

_SERVICE_TYPES = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)
_SHORT_VALUE = re.compile(r"([A-Z]{2}):(\d{2,6})")
_HARMONISED = re.compile(r"112|116\d{3}")
"""Numbers that mean the same in all of Europe (Decisions 91/396/EEC and 2007/116/EC)."""

_SHORT_DIGITS = 6
_LONGEST_E164 = 15
_LONGEST_FIELD = 80
_FEWEST_DIGITS_WITH_FOREIGN_CODE = 11
_FEWEST_DIGITS_AFTER_00 = 10
_FEWEST_DIGITS_OF_ALTERNATIVE = 8

_PLAIN = re.compile(r"\+?[\d ().-]+")
_WORD = (
    "or|oder|ou|of|o|e|a|y|i|u|és|et|en|ve|and|und|și|și|và|ή|και|или|и|або|та|alebo|nebo|lub|sau"
    "|vagy|veya|hoặc|أو|و"
)
_ALTERNATIVES = re.compile(
    rf"\s*[;|]\s*|(?<=[\d)])\s*(?:&|,(?=\s*\+)|\s(?:{_WORD})\s)\s*(?=[+(\d])|(?<=\d)[\s/,-]*(?=\+)",
    re.IGNORECASE,
)
_SLASH = re.compile(r"\s*[/,]\s*")
_EXTENSION = re.compile(
    r"(?<=\d)[\s,;]*(?:ext(?:ension)?|extn|int(?:erno)?|dw|durchwahl|kl(?:apka)?|вн|доб|вътр|anexo"
    r"|poste|wew|mell|εσωτ|x(?=\s?\d+$)|#|;ext=)[.:\s=]*\d{1,6}$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:(?:tel|telefon|telefón|téléphone|teléfono|telefono|telephone|phone|mobile|mobil|móvil|mob"
    r"|cell|gsm|fax|whatsapp|viber|signal|тел|телефон|моб|мобилен|τηλ|κιν)[.:/\s]*)+",
    re.IGNORECASE,
)
_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_LENGTHS_OF_COUNTRY_CODES = (1, 2, 3)
_MASK = re.compile(r"[x*?…_•]+|\.{3,}", re.IGNORECASE)
_TRUNK = re.compile(r"\(\s*0\s*\)")
_OLD_TRUNK = re.compile(r"80\d{9}")
_OLD_TRUNK_REGIONS = frozenset({"UA", "MD"})
_MISREAD = str.maketrans({"l": "1", "I": "1", "O": "0", "o": "0", "О": "0", "о": "0"})


@lru_cache(maxsize=8192)
def normalise_phone(raw: str, context: Context) -> Outcome:
    """Return E.164 ("+421905123456", ITU-T E.164) for each number in the field.

    A number without a country code is read in the country of the context; a leading 00 is a +.
    Short numbers (112, 116000, 155) are tested first and give "<country>:<number>". They and
    free-phone, shared-cost, premium-rate, company-wide and voicemail numbers are kept as
    "service_number" and never link.

    A number that has a length its country uses but lies in no assigned range is kept too, as
    "not_assigned": the plan's data are always behind, and as nobody else can hold that number the
    value still means one line. Only where no reading of the digits is assigned is that reading
    taken. Of several numbers the good ones are taken, and `problem` says why one was not. Numbers
    that could be dialled only within a town, and masked ones, are refused.
    Eleven digits or more that are a mobile number with their first digits as country code are read
    so ("380 67 …" written in Greece), unless they are assigned in the country as they stand; where
    numbers start with a trunk 0 that is missing here, even then.
    """
    text = _LABEL.sub("", fold_digits(clean(raw.replace("\n", ";").replace("\r", ";"))))
    if is_placeholder(text):
        return NOT_KNOWN
    short = _SHORT_VALUE.fullmatch(text)
    if short is not None:
        service = _short_number(short[2], None if short[1] == "EU" else short[1])
        return Outcome((service,)) if service else Outcome(problem=NOT_A_NUMBER)
    found: dict[str, Normalised] = {}
    problems: list[str] = []
    for piece in _pieces(text):
        result = _one(piece, context.country)
        if isinstance(result, Normalised):
            found.setdefault(result.value, result)
        elif any(map(str.isdigit, piece)):
            problems.append(result)
            found.update((side.value, side) for side in _good_sides(piece, context.country))
    if found:
        return Outcome(tuple(found.values()), _ONE_OF_SEVERAL + problems[0] if problems else None)
    glued = {number.value: number for number in _glued(text, context.country)}
    if glued:
        return Outcome(tuple(glued.values()))
    return Outcome(problem=problems[-1] if problems else NOT_A_NUMBER)


def _pieces(text: str) -> list[str]:
    """Split where two numbers stand in one field; a slash alone is often within one number."""
    if _PLAIN.fullmatch(text):
        return [text]
    pieces: list[str] = []
    for part in _ALTERNATIVES.split(text):
        sides = _SLASH.split(part)
        if all(_digit_count(side) >= _FEWEST_DIGITS_OF_ALTERNATIVE for side in sides):
            pieces.extend(sides)
        else:
            pieces.append(part)
    return pieces


def _good_sides(piece: str, region: str | None) -> list[Normalised]:
    """Find the assigned numbers beside a slash with something that is none."""
    sides = _SLASH.split(piece)
    whole = (
        side
        for side in sides
        if side[:1] in {"+", "0"} and _digit_count(side) >= _FEWEST_DIGITS_OF_ALTERNATIVE
    )
    read = (_one(side, region) for side in whole) if len(sides) > 1 else ()
    return [side for side in read if isinstance(side, Normalised) and side.note is None]


def _one(piece: str, region: str | None) -> Normalised | str:
    """Return the number, or the sentence that says why there is none."""
    piece = piece.lstrip("( ")
    is_plain = _PLAIN.fullmatch(piece) and "..." not in piece
    text = piece if is_plain else _without_letters(piece)
    if text is None:
        return INCOMPLETE if _MASK.search(piece) and any(map(str.isdigit, piece)) else NOT_A_NUMBER
    digits = "".join(filter(str.isdigit, text))
    if is_placeholder(digits):
        return NOT_KNOWN.problem or NOT_A_NUMBER
    if text.startswith("+0"):
        text = text[1:]
    if digits.startswith("00") and len(digits) >= _FEWEST_DIGITS_AFTER_00 and text[0] != "+":
        text = "+" + text.replace("00", "", 1).lstrip("(). -") if "00" in text else text
    if text[0] == "+":
        return _international(text)
    if len(digits) <= _SHORT_DIGITS:
        service = _short_number(digits, region)
        if service is not None:
            return service
    return _national(text, digits, region) if region else NO_COUNTRY


def _without_letters(piece: str) -> str | None:
    text = _EXTENSION.sub("", _LABEL.sub("", piece))
    text = text if "..." in text else text.strip(" .,;:")
    text = text.replace("/", " ").replace("–", "-")
    if _digit_count(text) * 2 > len(text) - text.count(" "):
        text = text.translate(_MISREAD)
    if any(character.isalpha() for character in text) or _MASK.search(text) or not text:
        return None
    return text


def _international(text: str) -> Normalised | str:
    if _E164.fullmatch(text) is not None and _is_ordinary(text):
        return Normalised(text)
    readings = [_TRUNK.sub("", text), text] if "(" in text else [text]
    return _best(readings, None)


def _is_ordinary(text: str) -> bool:
    """Say whether what has the form of E.164 is an assigned number of no service as it stands:
    the common case, told without taking it apart.
    """
    for length in _LENGTHS_OF_COUNTRY_CODES:
        code = int(text[1 : 1 + length])
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            rest = text[1 + length :]
            if rest[0] == "0":
                return False
            number = PhoneNumber(country_code=code, national_number=int(rest))
            kind = phonenumbers.number_type(number)
            return kind != PhoneNumberType.UNKNOWN and kind not in _SERVICE_TYPES
    return False


def _national(text: str, digits: str, region: str) -> Normalised | str:
    if region in _OLD_TRUNK_REGIONS and _OLD_TRUNK.fullmatch(digits):
        text = digits[1:]
    if len(digits) < _FEWEST_DIGITS_WITH_FOREIGN_CODE or digits[0] == "0":
        return _best([text], region)
    abroad = _parse(f"+{digits}", None)
    if abroad is None or phonenumbers.number_type(abroad) != PhoneNumberType.MOBILE:
        return _best([text], region)
    lacks_trunk_zero = phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True) == "0"
    at_home = None if lacks_trunk_zero else _parse(text, region)
    if at_home is not None and phonenumbers.is_valid_number(at_home):
        return _best([text], region)
    return _assigned(abroad, PhoneNumberType.MOBILE)


def _best(readings: list[str], region: str | None) -> Normalised | str:
    """Take the first reading in an assigned range, else the first of a length in use."""
    parsed = [number for reading in readings if (number := _parse(reading, region)) is not None]
    for number in parsed:
        kind = phonenumbers.number_type(number)
        if kind != PhoneNumberType.UNKNOWN:
            return _assigned(number, kind)
    for number in parsed:
        unassigned = _unassigned(number)
        if unassigned is not None:
            return unassigned
    return NOT_POSSIBLE if parsed else NOT_A_NUMBER


def _parse(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def _assigned(number: PhoneNumber, kind: int) -> Normalised:
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if kind in _SERVICE_TYPES:
        return Normalised(value, is_service=True, note="service_number")
    return Normalised(value)


def _unassigned(number: PhoneNumber) -> Normalised | None:
    national = phonenumbers.national_significant_number(number)
    if len(national) <= _SHORT_DIGITS:
        region = phonenumbers.region_code_for_country_code(number.country_code or 0)
        return _short_number(national, region)
    if is_placeholder(national):
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    again = _parse(value, None)  # a second trunk prefix would be dropped: not one settled number
    if reason != ValidationResult.IS_POSSIBLE or again != number:
        return None
    return Normalised(value, note="not_assigned")


def _short_number(digits: str, region: str | None) -> Normalised | None:
    if digits[0] == "0" or not digits.isascii():
        return None
    if _HARMONISED.fullmatch(digits):
        return Normalised(f"{region or 'EU'}:{digits}", is_service=True, note="service_number")
    code = phonenumbers.country_code_for_region(region) if region else 0
    if region is None or code == 0:
        return None
    number = PhoneNumber(country_code=code, national_number=int(digits))
    if not phonenumbers.is_valid_short_number_for_region(number, region):
        return None
    return Normalised(f"{region}:{digits}", is_service=True, note="service_number")


def _glued(text: str, region: str | None) -> list[Normalised]:
    """Find two assigned numbers with nothing but a space between them."""
    if not _LONGEST_E164 < _digit_count(text) <= len(text) <= _LONGEST_FIELD:
        return []
    words = text.split(" ")
    for cut in range(1, len(words)):
        sides = (_one(" ".join(words[:cut]), region), _one(" ".join(words[cut:]), region))
        numbers = [side for side in sides if isinstance(side, Normalised) and side.note is None]
        if len(numbers) == len(sides):
            return numbers
    return []


def _digit_count(text: str) -> int:
    return sum(map(str.isdigit, text))
