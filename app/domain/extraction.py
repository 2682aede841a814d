"""Find the values that can tie reports together in the text of a narrative.

Found are telephone numbers, e-mail addresses, web pages and profiles, IBANs and vehicle plates.
Nothing is normalised here: what is found is handed on as written, with its place in the text.
Names and addresses are not looked for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.domain.attributes import AttributeKind, Context
from app.domain.normalise.phone import normalise_phone
from app.domain.normalise.profile import profile_from_url


@dataclass(frozen=True, slots=True)
class Found:
    """One value as written; `start` and `end` are offsets in characters, end exclusive."""

    kind: AttributeKind
    raw: str
    start: int
    end: int


_TAKEN = "\x00"
"""Stands in for what is found already."""

_DIGITS = "0123456789"
_OTHER_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９"
_DOT_IN_WORD = re.compile(r"\.[^\W\d_]")

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")

_TLD = (
    "example|online|club|info|link|live|page|shop|site|test|app|biz|cat|com|net|org|top|xyz"
    "|al|at|ba|be|bg|br|by|ca|cc|ch|co|cy|cz|de|dk|ee|es|eu|fi|fr|gd|gl|gr|hr|hu|ie|io|it"
    "|lt|lu|lv|ly|md|me|mk|mt|nl|no|pl|pt|ro|rs|ru|se|si|sk|to|tr|tv|ua|uk|us|vn"
)
_URL = re.compile(
    r"(?<![\w@.-])(?:h(?:tt|xx)ps?://[^\s\x00<>\"'“”„»]{4,2000}"
    rf"|www\.[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}}(?:[/?][^\s\x00<>\"'“”„»]{{0,2000}})?"
    rf"|[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}\.(?:{_TLD})[/?][^\s\x00<>\"'“”„»]{{1,2000}})",
    re.IGNORECASE,
)
_AFTER_URL: Final = ".,;:!?…)]}"

_COUNTRIES_BY_IBAN_LENGTH = {
    15: "NO",
    16: "BE",
    18: "DKFIFKFOGLNLSD",
    19: "MKSI",
    20: "ATBAEEKZLTLUMNXK",
    21: "CHHRLILV",
    22: "BGBHCRDEGBGEIEMERSVA",
    23: "AEGIILIQOMSOTL",
    24: "ADCZESMDPKROSASESKTNVG",
    25: "LYPTST",
    26: "ISTR",
    27: "BIDJFRGRITMCMRSM",
    28: "ALAZBYCYDOGTHNHULBNIPLSV",
    29: "BREGPSQAUA",
    30: "JOKWMUYE",
    31: "MTSC",
    32: "LC",
    33: "RU",
}
_IBAN_LENGTHS = {
    codes[at : at + 2]: length
    for length, codes in _COUNTRIES_BY_IBAN_LENGTH.items()
    for at in range(0, len(codes), 2)
}
"""Length by country: SWIFT IBAN Registry (ISO 13616-1)."""

_IBAN = re.compile(r"(?<!\w)([A-Za-z]{2}[0-9]{2})(?=((?:[ \u00a0.-]?[A-Za-z0-9]){11,30}))")

_PLATE_WORD = (
    r"plates?|licen[cs]e|registration(?: number)?|reg\.? ?(?:no|nr|number)|number plate"
    r"|špz|ečv|evč|tec|spz|ecv|evidenčn\w+ čísl\w+|poznávac\w+ značk\w+|rz|značk\w+"
    r"|рег\. ?(?:номер|№|н-р)|регистрацион\w+ номер|регистраційн\w+ номер|номер\w*"
    r"|держномер|госномер|табел\w+|matr[íi]cula|matr[íi]cules|placa|targa|targat[oa]|kennzeichen|kfz-kz|kz"
    r"|numer\w* rejestracyjn\w+|rejestracj\w+|nr rej|tablic\w+|πινακίδ\w+|αρ\. ?κυκλ\w*"
    r"|immatricul\w+|plaque|num[ăa]r(?:ul)? de [îi]nmatriculare|[îi]nmatricul\w+|rendsz[áa]m\w*"
    r"|biển số(?: xe)?|لوحة|plaka\w*|kenteken|matr[íi]cula"
)
_PLATE_CUE = re.compile(rf"(?<!\w)(?=[^\W\d_])(?:{_PLATE_WORD})(?!\w)[.:]?", re.IGNORECASE)
_WINDOW_END = re.compile(r"[;!?\n]|\. ")
_PLATE_CHARACTERS = "A-ZÄÖÜŠČŽА-ЯІЄЇΑ-Ω0-9"
_PLATE = re.compile(
    rf"(?<![\w*-])[{_PLATE_CHARACTERS}]{{1,8}}"
    rf"(?:[ \u00a0•·-]{{1,2}}[{_PLATE_CHARACTERS}]{{1,8}}){{0,4}}(?![\w*/-])"
    r"|(?<![\w*-])[a-z]{1,3}\d{2,5}[a-z]{0,3}(?![\w*/-])"
)
_PLATE_GROUP = re.compile(rf"[a-z{_PLATE_CHARACTERS}]+")
_COMPANY_REGISTER = re.compile(r"(?<!\w)(?:HR[AB]|FN|KRS|compan\w+|firm\w*|GmbH)(?!\w)")
_LETTERS_IN_PLATE = range(1, 6)
_DIGITS_IN_PLATE = range(1, 6)
_PLATE_LENGTHS = range(4, 10)
_WIDTH_OF_WINDOW: Final = 45

_PHONE = re.compile(
    r"(?:(?<![\w@/+*#-])(?<!\d[ \u00a0.,])|(?<![\w@+*#])(?=\(?\+))"
    r"(?:\+ ?|\(\+?)?\d(?:[ \u00a0()/.–-]{0,3}\d){5,18}(?![\w*])"
)
_CONTACT = re.compile(
    r"(?<!\w)(?:conta[ck]t\w*|kontakt\w*|contatt\w*|contactem|контакт\w*|επικοινων\w*"
    r"|liên hệ|iletişim|tel|telef\w*|tél\w*|phon\w*|mobil\w*|móvil\w*|cell\w*|gsm|handy\w*"
    r"|komórk\w*|portable|celular|тел|телеф\w*|моб\w*|дзвон\w*|звон\w*|обад\w*|τηλ\w*|κινητ\w*"
    r"|điện thoại|sđt|هاتف|تلفون|whats ?app\w*|viber\w*|telegram\w*|signal\w*|sms|call\w*|dial\w*"
    r"|text\w*|ring|vola\w*|zavola\w*|llam\w*|truc\w*|chiam\w*|appel\w*|joign\w*|ruf\w*|anruf\w*|dzwon\w*"
    r"|sunat\w*|suna[țt]i|h[íi]v\w*|bel|bellen|gebeld|arayın\w*|genann\w*|genoemd\w*|mentioned|mencionad\w*"
    r"|citat\w*|cité|spomen\w*|uveden\w*|wymienion\w*|meglévő|reach\w*)"
    r"[^\w+]{0,4}(?:[^\W\d_]{1,12}[^\w+]{1,3}){0,3}$",
    re.IGNORECASE,
)
_OTHER_NUMBER = re.compile(
    r"(?<!\w)(?:passport|pas(?:u|om)?|паспорт\w*|pasaport\w*|passaport\w*|reisepass|paszport\w*"
    r"|διαβατήρι\w*|útlevél|id|document\w*|doklad\w*|dokument\w*|документ\w*|egn|егн|pesel|ičo|ič|dič"
    r"|vat|eik|еик|case|file|ref\w*|aktenzeichen|az\b|expediente|dossier|invoice|faktur\w*|factura"
    r"|rechnung\w*|account|konto\w*|cuenta|postcode|plz|psč|zip|order|ticket|iban|cnp|afm|αφμ|amka|serial|imei"
    r"|vin)"
    r"[^\w+]{0,4}(?:[^\W\d_]{1,12}[^\w+]{1,3}){0,2}$",
    re.IGNORECASE,
)
_CODE_BEFORE = re.compile(r"(?<!\w)(?!TEL|TÉL|ТЕЛ|ΤΗΛ|GSM|SMS|MOB|МОБ|HP )[A-ZА-ЯΑ-Ω0-9]{1,3} ?$")
_MONEY_BEFORE = re.compile(r"[€$£]\s?$|(?<!\w)(?:EUR|USD|GBP|BGN|CZK|PLN|RON|HUF|UAH)\s?$")
_MONEY_AFTER = re.compile(
    r"\s?(?:[€$£%]|(?:eur|euros?|eura|eur[óo]|евро|євро|ευρώ|usd|gbp|bgn|czk|pln|ron|huf|uah|chf|sek"
    r"|kč|kor[uú]n|zł|zlotych|złotych|лв|лева|грн|гривень|руб|lei|ft|kr|dollars?|đồng)(?!\w))",
    re.IGNORECASE,
)
_DATE_TIME_OR_IP = re.compile(
    r"(?:[0-3]?\d[ ./–-]{1,2}){2}(?:(?:19|20)\d\d(?!\d)|\d\d$)"
    r"|(?:19|20)\d\d(?:[./-][0-3]?\d){2}(?!\d)"
    r"|(?:19|20)\d\d ?[/–-] ?(?:19|20)?\d\d(?!\d)|(?:19|20)\d\d[01]\d[0-3]\d$"
    r"|(?!(?:\d\d\.){3}\d\d$)(?:\d{1,3}\.){3}\d{1,3}$"
    r"|[0-2]?\d\.[0-5]\d ?[–-] ?[0-2]?\d\.[0-5]\d(?!\d)"
)
_DIGIT_RUN = re.compile(r"\d+")
_LONGEST_CUE: Final = 40
_SIGNS_BEFORE: Final = 3
_OPENING: Final = "+("
_INSIDE_NUMBER = re.compile(r"(?:[@/*#-]|\d[ \u00a0.,])$")
"""What stands directly before digits with which no number begins, as in `_PHONE`."""
_LETTERS_OF_IBAN: Final = 2
_LONGEST_PHONE: Final = 84
"""More than the longest match: 19 digits, each with three signs between, and a sign behind."""
_LOOK_BACK: Final = 48
_FEWEST_DIGITS_BARE = 8
_FEWEST_DIGITS_WITH_WORD = 7
_FEWEST_DIGITS_ABROAD = 9


def extract(narrative: str, *, country: str | None) -> tuple[Found, ...]:
    """Return what is found in the order of the text, never overlapping.

    Where a text could be two things, the surer wins: e-mail, page, IBAN (its check digits must
    be right, ISO 13616-1 and ISO 7064), plate, telephone. A plate needs a word for it before.
    A telephone number needs its country code, or a word for contact before it, or must be valid
    in `country` (ISO 3166-1 alpha-2, where the report is from); dates, sums of money and numbers
    of documents and files are not taken for one.
    """
    if not _is_promising(narrative):
        return ()
    found: list[Found] = []
    rest = narrative
    for kind, spans in (
        (AttributeKind.EMAIL, _emails),
        (AttributeKind.URL, _pages),
        (AttributeKind.IBAN, _ibans),
        (AttributeKind.PLATE, _plates),
    ):
        taken = list(spans(rest))
        found.extend(
            Found(_kind(kind, rest[start:end]), rest[start:end], start, end) for start, end in taken
        )
        rest = _without(rest, taken)
    found.extend(
        Found(AttributeKind.PHONE, rest[start:end], start, end)
        for start, end in _phones(rest, country)
    )
    return tuple(sorted(found, key=lambda one: one.start))


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the text with the spans blotted out, all others in their places."""
    pieces: list[str] = []
    kept_from = 0
    for start, end in spans:
        pieces += (text[kept_from:start], _TAKEN * (end - start))
        kept_from = end
    return "".join((*pieces, text[kept_from:])) if spans else text


def _is_promising(text: str) -> bool:
    """Say whether anything can be found at all; single characters are looked for fastest."""
    return (
        any(digit in text for digit in _DIGITS)
        or "@" in text
        or _DOT_IN_WORD.search(text) is not None
        or (not text.isascii() and any(digit in text for digit in _OTHER_DIGITS))
    )


def _kind(kind: AttributeKind, raw: str) -> AttributeKind:
    is_profile = kind is AttributeKind.URL and profile_from_url(raw) is not None
    return AttributeKind.PROFILE if is_profile else kind


def _emails(text: str) -> Iterator[tuple[int, int]]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield match.start(), match.start() + len(match[0].rstrip(".-_"))


def _pages(text: str) -> Iterator[tuple[int, int]]:
    if "://" in text or _DOT_IN_WORD.search(text) is not None:
        for match in _URL.finditer(text):
            kept = match[0].rstrip(_AFTER_URL[:-3] if "(" in match[0] else _AFTER_URL)
            yield match.start(), match.start() + len(kept)


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    for match in _like_ibans(text):
        written = match[1] + match[2]
        length = _IBAN_LENGTHS.get(match[1].upper()[:2], 0)
        ends = [at for at, character in enumerate(written, 1) if character.isalnum()]
        if length and len(ends) >= length:
            end = match.start() + ends[length - 1]
            is_whole = not text[end : end + 1].isalnum()
            compact = "".join(filter(str.isalnum, text[match.start() : end])).upper()
            if is_whole and _has_right_check_digits(compact):
                yield match.start(), end


def _like_ibans(text: str) -> Iterator[re.Match[str]]:
    """Find what has the shape of an IBAN, looking only where two letters stand before digits."""
    begin = 0
    for digits in _DIGIT_RUN.finditer(text):
        first = digits.start() - _LETTERS_OF_IBAN
        if first >= begin and text[first : digits.start()].isalpha():
            match = _IBAN.match(text, first)
            if match is not None:
                yield match
                begin = match.end()


def _has_right_check_digits(iban: str) -> bool:
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def _plates(text: str) -> Iterator[tuple[int, int]]:
    last_end = 0
    for cue in _plate_cues(text):
        start = max(cue.end(), last_end)
        window = text[start : start + _WIDTH_OF_WINDOW]
        stop = _WINDOW_END.search(window)
        span = _plate_in(window[: stop.start()] if stop else window)
        if span is not None:
            last_end = start + span[1]
            yield start + span[0], last_end


def _plate_cues(text: str) -> Iterator[re.Match[str]]:
    """Find the words for a plate, looking only where a digit follows near enough to be its."""
    for begin, end in _near_digits(text):
        yield from _PLATE_CUE.finditer(text, begin, end)


def _near_digits(text: str) -> Iterator[tuple[int, int]]:
    """Yield what stands before digits that a plate can have; no part of the text twice."""
    begin = end = 0
    for digits in _DIGIT_RUN.finditer(text):
        if digits.end() - digits.start() not in _DIGITS_IN_PLATE:
            continue
        near = digits.start() - _LONGEST_CUE - _WIDTH_OF_WINDOW
        if near > end:
            yield begin, end
            begin = near
        end = digits.end()
    yield begin, end


def _plate_in(window: str) -> tuple[int, int] | None:
    """Find the first run of groups that has the letters and digits of a plate, unless it or one
    before it is said to be the number of something else.
    """
    passed: list[re.Match[str]] = []
    for match in _PLATE.finditer(window):
        passed.append(match)
        span = _plate_among(window, match)
        if span is not None:
            return None if any(_is_other(window, each) for each in passed) else span
    return None


def _is_other(window: str, match: re.Match[str]) -> bool:
    return bool(
        _OTHER_NUMBER.search(window[: match.start()])
        or _COMPANY_REGISTER.search(window[: match.end()])
    )


def _plate_among(window: str, match: re.Match[str]) -> tuple[int, int] | None:
    if match.end() - match.start() < _PLATE_LENGTHS.start:
        return None
    groups = [group.span() for group in _PLATE_GROUP.finditer(window, *match.span())]
    for first, (start, _) in enumerate(groups):
        for _, end in reversed(groups[first:]):
            if _has_shape_of_plate(window[start:end]):
                return start, end
    return None


def _has_shape_of_plate(text: str) -> bool:
    plate = "".join(filter(str.isalnum, text))
    digits = sum(map(str.isdigit, plate))
    return (
        len(plate) in _PLATE_LENGTHS
        and digits in _DIGITS_IN_PLATE
        and len(plate) - digits in _LETTERS_IN_PLATE
    )


def _phones(text: str, country: str | None) -> Iterator[tuple[int, int]]:
    for match in _like_phones(text):
        start, end = _after_dates(text, *match.span())
        raw = text[start:end]
        if _is_phone(raw, text[max(0, start - _LOOK_BACK) : start], text[end:], country):
            is_half_bracket = raw[0] == "(" and ")" not in raw
            yield start + is_half_bracket, end


def _like_phones(text: str) -> Iterator[re.Match[str]]:
    """Find what has the shape of a number; it can begin only with a run of digits or with the
    signs before one, so nothing else is tried.
    """
    begin = 0
    for digits in _DIGIT_RUN.finditer(text):
        at = digits.start()
        if at < begin or _INSIDE_NUMBER.search(text, max(0, at - 2), at):
            continue
        starts = range(max(begin, at - _SIGNS_BEFORE), at + 1)
        likely = (first for first in starts if first == at or text[first] in _OPENING)
        matches = (_PHONE.match(text, first, at + _LONGEST_PHONE) for first in likely)
        match = next(filter(None, matches), None)
        if match is not None:
            yield match
            begin = match.end()


def _after_dates(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without the dates, times and IP addresses it starts with."""
    while date := _DATE_TIME_OR_IP.match(text, start, end):
        start = date.end()
        while start < end and not text[start].isdigit():
            start += 1
    return start, end


def _is_phone(raw: str, before: str, after: str, country: str | None) -> bool:
    digits = sum(map(str.isdigit, raw))
    if digits < _FEWEST_DIGITS_WITH_WORD:
        return False
    if raw.lstrip("(").startswith(("+", "00")):
        return digits >= _FEWEST_DIGITS_ABROAD and _usable(raw, country, sure=False)
    if raw[0] != "0" and _CODE_BEFORE.search(before):
        return False
    has_word = _CONTACT.search(before) is not None
    if not has_word and (
        digits < _FEWEST_DIGITS_BARE or _OTHER_NUMBER.search(before) or _MONEY_BEFORE.search(before)
    ):
        return False
    return not _MONEY_AFTER.match(after[:12]) and _usable(raw, country, sure=not has_word)


def _usable(raw: str, country: str | None, *, sure: bool) -> bool:
    """Say whether it can be normalised, where it must be `sure` to a number in use."""
    values = normalise_phone(raw, Context(country=country)).values
    return any(not sure or value.note is None for value in values)
