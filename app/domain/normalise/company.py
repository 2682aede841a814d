"""Registration and tax numbers of companies and other organisations.

Which numbers a country has and how they are checked is in `company_schemes`; names of
companies are not compared here.
"""

import re
from functools import lru_cache

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.company_schemes import (
    COUNTRY_OF_VAT_PREFIX,
    SCHEMES,
    Scheme,
    is_lei,
)
from app.domain.normalise.country_codes import COUNTRIES
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.text import fold_digits, fold_lookalikes, strip_marks

UNKNOWN_COUNTRY = "ZZ"
_LONGEST = 80
_LEAST_DIGITS = 6
_LEAST_DIGITS_IN_COUNTRY = 4

_LABELS_OF = {
    "SK": "IC DPH",
    "BG": "EIK|ЕИК|BULSTAT|БУЛСТАТ|UIC",
    "GR": "AFM|ΑΦΜ|Α.Φ.Μ.|GEMI|ΓΕΜΗ|Γ.Ε.ΜΗ.|ΑΡ. ΓΕΜΗ",
    "PL": "NIP|REGON|KRS",
    "IT": "REA|R.E.A.|P.IVA|P. IVA|P IVA|PARTITA IVA|PIVA",
    "RO": "CUI|C.U.I.|ONRC",
    "HU": "ADOSZAM|CEGJEGYZEKSZAM|CG.",
    "UA": "EDRPOU|YEDRPOU|ЄДРПОУ|ЕДРПОУ",
    "DE": "HRB|HRA|UST-IDNR|USTIDNR|UST-ID|USTID",
    "FR": "SIREN|SIRET|RCS|N° SIREN",
    "NL": "KVK|KVK-NR|BTW|BTW-NR|RSIN",
    "AT": "FN|FIRMENBUCH",
    "BE": "BCE|KBO|ONDERNEMINGSNUMMER",
    "HR": "OIB",
    "DK": "CVR",
    "RU": "OGRN|ОГРН|INN|ИНН",
    "": "ICO|DIC|CIF|NIF|NIE|VAT|VAT NO|VATIN|TVA|UID|LEI|ORG.NR|ORGNR|ORG NR|CF|C.F.|PIB|MB",
}
"""Names of numbers that one country has alone; under "" those of several."""
_COUNTRY_OF_LABEL = {
    strip_marks(fold_lookalikes(label)): country
    for country, labels in _LABELS_OF.items()
    for label in labels.split("|")
}
_LABELS_LONGEST_FIRST = sorted(_COUNTRY_OF_LABEL, key=len, reverse=True)
_LABEL = re.compile(
    rf"\W*({'|'.join(map(re.escape, _LABELS_LONGEST_FIRST))})(?![A-Z])"
    r"(?:\s*(?:NO|NR|NUMBER)(?![A-Z]))?[\s.:#/-]*"
)
_OWN_FORM = re.compile(r"\s*([A-Z]{2}):(.*)", re.DOTALL)
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_ALPHANUMERIC = re.compile(r"[A-Z0-9]+")
_ROMANIAN_REGISTER = re.compile(
    r"\s*([JFC])\s?([0-9]{1,2})\s?/\s?([0-9]{1,8})(?:\s?/\s?([0-9]{4}))?\s*"
)
_VAT = re.compile(r"([A-Z]{2})(U?[0-9][0-9A-Z]{6,13}|[A-Z][0-9]{7}[0-9A-Z])")
_GERMAN_REGISTER = re.compile(
    r"([A-Z .-]*)\bHR[AB][\s.:-]*([0-9]{1,8})\s?([A-Z]{1,2}\b)?([A-Z ,.()-]*)"
)
_COURT_WORD = re.compile(r"\b(?:AMTSGERICHT|AG|REGISTERGERICHT|HANDELSREGISTER)\b")
_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")

_NO_NUMBER = Outcome(problem="This is not a registration or tax number of a company.")
_WRONG_CHECK = Outcome(problem="The check digit of the company's number is wrong.")


def normalise_company(raw: str, context: Context) -> Outcome:
    """Return "<country>:<number>".

    context.country must be the country of the organisation as sent, never that of the
    report. A VAT prefix or a label that one country has alone ("KvK", "ЕИК", "HRB") names
    the country of the register and counts for more.

    One value for one company where the law makes the numbers one: VAT number and national
    number in Bulgaria (EIK), Czechia (IČO of legal persons), Denmark, Greece (AFM), Hungary
    (the first eight digits of the adószám), Italy, Poland (NIP), Portugal, Romania (CUI),
    Spain (NIF), Sweden, Belgium, Croatia; in France SIREN, SIRET and VAT number; branches in
    Bulgaria and Poland (REGON) count as their company. Different numbers, hence different
    values: Slovak IČO and IČ DPH, Polish NIP, REGON and KRS, German HRB and USt-IdNr., Dutch
    KvK and BTW, Austrian FN and UID, Greek AFM and ΓΕΜΗ, Italian REA and partita IVA.

    Labels go out; the court stays behind a German HRA or HRB number ("HRB 45678, Amtsgericht
    Ulm" is "DE:45678ULM"), as each court counts from one.

    A number with the shape of a checked kind must have its check digit. One of another shape,
    or of a kind without check digit, is kept with the note "check_digit_unknown". Without any
    country six digits are needed, the country is ZZ and the note "country_unknown". An LEI
    (ISO 17442) has ZZ too, and no note.
    """
    if len(raw) > _LONGEST:
        return _NO_NUMBER
    return NOT_KNOWN if is_placeholder(raw) else _read(raw, context.country)


@lru_cache(maxsize=2048)
def _read(raw: str, country: str | None) -> Outcome:
    text = strip_marks(fold_digits(fold_lookalikes(raw)))
    own = _OWN_FORM.match(text)
    if own is not None and own.group(1) in COUNTRIES | {UNKNOWN_COUNTRY}:
        country = own.group(1) if own.group(1) != UNKNOWN_COUNTRY else country
        return _of_text(own.group(2), country)
    german = _GERMAN_REGISTER.fullmatch(text.strip())
    if german is not None:
        return _of_german_register(*german.groups(default=""))
    label = _LABEL.match(text)
    while label is not None:
        country = _COUNTRY_OF_LABEL[label.group(1)] or country
        text = text[label.end() :]
        label = _LABEL.match(text)
    return _of_text(text, country)


def _of_german_register(before: str, number: str, suffix: str, behind: str) -> Outcome:
    """Each court numbers anew, so the court belongs to the number where it is given."""
    court = _NOT_ALPHANUMERIC.sub("", _COURT_WORD.sub("", before + behind))
    if is_placeholder(number):
        return NOT_KNOWN
    least = _LEAST_DIGITS_IN_COUNTRY if court else 1
    value = number.lstrip("0") + suffix + court
    return _kept("DE", value, "check_digit_unknown", least_digits=least)


def _of_text(text: str, country: str | None) -> Outcome:
    register = _ROMANIAN_REGISTER.fullmatch(text)
    if register is not None and country in {None, "RO"}:
        letter, county, number, year = register.groups()
        parts = [f"{letter}{int(county):02d}", number.lstrip("0") or "0", *([year] if year else [])]
        return _value("RO", "/".join(parts), "check_digit_unknown")
    compact = _NOT_ALPHANUMERIC.sub("", text)
    if _ALPHANUMERIC.fullmatch(compact) is None:
        return _NO_NUMBER
    if _LEI.fullmatch(compact) is not None and is_lei(compact):
        return _value(UNKNOWN_COUNTRY, compact)
    vat = _VAT.fullmatch(compact)
    if vat is not None and vat.group(1) in COUNTRY_OF_VAT_PREFIX:
        of_vat = _of_vat(COUNTRY_OF_VAT_PREFIX[vat.group(1)], vat.group(2), country)
        if of_vat is not None:
            return of_vat
    return _of_country(compact, country)


def _of_vat(vat_country: str, number: str, country: str | None) -> Outcome | None:
    """Read as VAT number if the prefix is of the company's country or the check digit fits."""
    outcome = _of_country(number, vat_country)
    is_checked = bool(outcome.values) and outcome.values[0].note is None
    return outcome if is_checked or country in {None, vat_country} else None


def _of_country(compact: str, country: str | None) -> Outcome:
    if country is None:
        return _kept(UNKNOWN_COUNTRY, compact, "country_unknown", least_digits=_LEAST_DIGITS)
    is_wrong = False
    for scheme in SCHEMES.get(country, ()):
        number = _fitting(compact, scheme)
        if number is None:
            continue
        if scheme.is_valid is None:
            return _value(country, scheme.core(number), "check_digit_unknown")
        if scheme.is_valid(number):
            return _value(country, scheme.core(number))
        is_wrong = is_wrong or number == compact
    if is_wrong:
        return _WRONG_CHECK
    return _kept(country, compact, "check_digit_unknown", least_digits=_LEAST_DIGITS_IN_COUNTRY)


def _fitting(compact: str, scheme: Scheme) -> str | None:
    """Return the number in the shape of the scheme, with lost leading zeros restored."""
    if scheme.shape.fullmatch(compact) is not None:
        return compact
    if compact.isdigit() and scheme.length - 2 <= len(compact) < scheme.length:
        padded = compact.zfill(scheme.length)
        return padded if scheme.shape.fullmatch(padded) is not None else None
    return None


def _kept(country: str, compact: str, note: str, *, least_digits: int) -> Outcome:
    digit_count = sum(character.isdigit() for character in compact)
    return _value(country, compact, note) if digit_count >= least_digits else _NO_NUMBER


def _value(country: str, number: str, note: str | None = None) -> Outcome:
    if is_placeholder(number):
        return NOT_KNOWN
    return Outcome((Normalised(f"{country}:{number}", note=note),))
