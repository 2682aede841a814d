"""Numbers of identity documents, and national personal numbers given as such.

Neither the kind nor the country of the document is part of the value. Passports and identity cards
have number spaces of their own in each country, but reporters leave out or mix up kind and country
far more often than two such numbers coincide.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from stdnum.bg import egn
from stdnum.cz import rc as cz_rc
from stdnum.es import dni, nie
from stdnum.gr import amka
from stdnum.it import codicefiscale
from stdnum.pl import pesel
from stdnum.ro import cnp
from stdnum.sk import rc as sk_rc

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.country_codes import COUNTRIES, alpha_2_of_issuer
from app.domain.normalise.mrz import read_zone
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.text import fold_digits, fold_lookalikes

PERSONAL_NUMBER_KINDS = frozenset({"national_id", "personal_number"})

_SHORTEST, _LONGEST = 5, 20
_LONGEST_PLAIN = 9
"""A document number has at most nine characters in the zone (ICAO Doc 9303-3, 4.2), so a longer
one that starts with letters of a country has that country written before it."""

_LONG_LABELS = "PASSPORT|REISEPASS|PASAPORTE|PASSAPORTO|PASSEPORT|PASZPORT|ПАСПОРТ|PESEL|DOCUMENT"
_SHORT_LABELS = "PASS|ID|DNI|NIE|EGN|ЕГН|AMKA|CNP|DOC|OP"
_LABEL = re.compile(
    rf"^\W*(?:(?:{fold_lookalikes(_LONG_LABELS)})(?:\s*(?:NO|NR|NUMBER)\b)?[\s.:#-]+"
    rf"|(?:{fold_lookalikes(_SHORT_LABELS)})\s*(?:CARD\s*)?"
    r"(?:(?:NO|NR|NUMBER)\b[\s.:#]*|[:#]\s*))"
)
"""Words before a number. Short ones need a mark behind them: "ID 123456" may be a series."""

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_ALPHANUMERIC = re.compile(r"[A-Z0-9]+")
_FILLERS = frozenset("X0")
"""A value of these alone ("XX000000") fills a field that had to be filled."""
_LETTERS_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[OI]+(?=[0-9])")
_DIGIT_OF = str.maketrans("OI", "01")
_WITH_COUNTRY = re.compile(r"([A-Z]{2})([A-Z]{1,2}[0-9]{7}|[A-Z]{2,3}[0-9]{6})")

_FISCAL_CODE = re.compile(r"[A-Z]{6}[0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]")

_PERSONAL_NUMBERS: dict[str, tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...]] = {
    "BG": ((re.compile(r"[0-9]{10}"), egn.is_valid),),
    "GR": ((re.compile(r"[0-9]{11}"), amka.is_valid),),
    "SK": ((re.compile(r"[0-9]{9,10}"), sk_rc.is_valid),),
    "CZ": ((re.compile(r"[0-9]{9,10}"), cz_rc.is_valid),),
    "PL": ((re.compile(r"[0-9]{11}"), pesel.is_valid),),
    "ES": (
        (re.compile(r"[0-9]{8}[A-Z]"), dni.is_valid),
        (re.compile(r"[XYZ][0-9]{7}[A-Z]"), nie.is_valid),
    ),
    "IT": ((_FISCAL_CODE, codicefiscale.is_valid),),
    "RO": ((re.compile(r"[0-9]{13}"), cnp.is_valid),),
}
"""Shape and check of the personal numbers of a country. A number of another shape, such as that
of a Polish identity card, is an ordinary document number."""

_NO_NUMBER = Outcome(problem="A document number has 5 to 20 letters and digits, of them a digit.")
_FOREIGN_LETTERS = Outcome(
    problem="The document number has letters that no document number has; write it as printed."
)
_WRONG_ZONE = Outcome(problem="A check digit of the machine-readable zone is wrong.")
_NO_ZONE = Outcome(problem="This is not a whole line or zone of a machine-readable document.")
_WRONG_PERSONAL = Outcome(problem="The check digit of the personal number is wrong.")


def normalise_document(raw: str, context: Context) -> Outcome:
    """Return the number, with the note "country_unknown" where no country is.

    The country is not part of the value: it is often not said, and then no two reports of one
    passport would meet. context.country must be the country of the document as sent, never
    that of the report: the same foreign passport is reported from many countries.

    Number: capitals, Cyrillic and Greek look-alikes as Latin letters, no spaces or marks. A
    letter O or I between digits is read as 0 or 1; at the beginning and end it stays, as
    series have such letters. A country code written before a number ("RO J1234567") goes
    out where the rest is a whole number and context.country is not another; it is too
    uncertain to become the country. A machine-readable zone (ICAO Doc 9303) gives number and
    issuing state, and every check digit in it must fit. Kinds "national_id" and
    "personal_number" with a known country must have the check digits of that country's
    personal number where they have its shape.
    """
    if "<" in raw:
        return _of_zone(raw, context.country)
    return _of_number(raw, context.country, context.document_kind in PERSONAL_NUMBER_KINDS)


@lru_cache(maxsize=2048)
def _of_number(raw: str, country: str | None, is_personal: bool) -> Outcome:  # noqa: FBT001
    text = fold_digits(fold_lookalikes(raw))
    compact = _NOT_ALPHANUMERIC.sub("", _LABEL.sub("", text))
    problem = _shape_problem(raw, compact)
    if problem is not None:
        return problem
    if is_personal and country in _PERSONAL_NUMBERS and not _is_sound(compact, country):
        return _WRONG_PERSONAL
    return _outcome(country, _folded(compact, country))


def _shape_problem(raw: str, compact: str) -> Outcome | None:
    if set(compact) <= _FILLERS or is_placeholder(compact) or is_placeholder(raw):
        return NOT_KNOWN
    if _ALPHANUMERIC.fullmatch(compact) is None:
        return _FOREIGN_LETTERS
    has_digit = any(character.isdigit() for character in compact)
    return None if has_digit and _SHORTEST <= len(compact) <= _LONGEST else _NO_NUMBER


def _is_sound(compact: str, country: str) -> bool:
    checks = [check for shape, check in _PERSONAL_NUMBERS[country] if shape.fullmatch(compact)]
    return not checks or any(check(compact) for check in checks)


def _folded(compact: str, country: str | None) -> str:
    if _FISCAL_CODE.fullmatch(compact) is not None:
        return compact
    number = _LETTERS_BETWEEN_DIGITS.sub(lambda run: run.group().translate(_DIGIT_OF), compact)
    if len(number) > _LONGEST_PLAIN:
        prefixed = _WITH_COUNTRY.fullmatch(number)
        if (
            prefixed is not None
            and prefixed.group(1) in COUNTRIES
            and country in {None, prefixed.group(1)}
        ):
            return prefixed.group(2)
    return number


def _of_zone(raw: str, country: str | None) -> Outcome:
    zone = read_zone(raw)
    if zone is None or not zone.number:
        return _NO_ZONE
    if not zone.is_intact:
        return _WRONG_ZONE
    if is_placeholder(zone.number):
        return NOT_KNOWN
    issuer = alpha_2_of_issuer(zone.issuer) if zone.issuer is not None else None
    return _of_number(zone.number, issuer or country, is_personal=False)


def _outcome(country: str | None, number: str) -> Outcome:
    return Outcome(
        (Normalised(number, note=None if country else "country_unknown", qualifier=country),)
    )
