"""Bring a name or address into plain Latin letters.

Bulgarian, Ukrainian and Greek by the schemes of their passports; other Cyrillic by the letters
of ICAO Doc 9303-3 for Russian; all other scripts by the general rules of ICU. Also the coarse
form in which several spellings of one name meet.
"""

import re
from functools import lru_cache

from normality import ascii_text

from app.domain.normalise.text import strip_marks

_COMMON_LATIN = "a b v g d e zh z i i k l m n o p r s t u f y e"
_COMMON = dict(
    zip(
        "абвгдежзийклмнопрстуфыэ",
        _COMMON_LATIN.split(),
        strict=True,
    )
)
_COMMON |= {
    "ё": "e", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "",
    "ю": "iu", "я": "ia", "ґ": "g", "є": "ie", "і": "i", "ї": "i", "ў": "u", "ј": "j",
    "љ": "lj", "њ": "nj", "ђ": "dj", "ћ": "c", "џ": "dz", "ѓ": "gj", "ќ": "kj", "ѕ": "dz",
    "ѐ": "e", "ѝ": "i",
}  # fmt: skip
_BULGARIAN = _COMMON | {
    "й": "y", "х": "h", "щ": "sht", "ъ": "a", "ь": "y", "ю": "yu", "я": "ya",
}  # fmt: skip
_UKRAINIAN = _COMMON | {"г": "h", "и": "y", "й": "i", "щ": "shch", "ю": "iu", "я": "ia"}
_SERBIAN = _COMMON | {"ж": "z", "х": "h", "ц": "c", "ч": "c", "ш": "s"}
_UKRAINIAN_INITIAL = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}

_GREEK_LATIN = "a v g d e z i th i k l m n x o p r s s t y f ch ps o"
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        _GREEK_LATIN.split(),
        strict=True,
    )
)
_GREEK_PAIRS = {"ου": "ou", "γγ": "ng", "γξ": "nx", "γχ": "nch"}
_GREEK_VOICELESS = frozenset("θκξπσςτφχψ")

_SCHEME_OF_COUNTRY = {"BG": "BG", "UA": "UA", "RS": "RS", "ME": "RS", "BA": "RS", "MK": "RS"}
_CYRILLIC_LETTER = re.compile(r"[\u0400-\u04ff]")
_GREEK_LETTER = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_WORD_START_UKRAINIAN = re.compile(r"\b[єїйюя]")
_BULGARIAN_FINAL = re.compile(r"ия\b")
_DIALYTIKA = str.maketrans({"ϊ": "\u0131", "ΐ": "\u0131", "ϋ": "\u01b4", "ΰ": "\u01b4"})
_APOSTROPHES = dict.fromkeys(map(ord, "'’ʼ‘`´ʹʻ\u02bf\u02be"))
_SPECIAL_LATIN = str.maketrans({
    "ß": "ss", "đ": "d", "ð": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th",
    "ı": "i", "ħ": "h", "ŋ": "n", "ə": "a", "\u01b4": "y",
})  # fmt: skip


@lru_cache(maxsize=4096)
def romanise(text: str, country: str | None = None) -> str:
    """Return the text in lower case and ASCII letters; apostrophes go out, spaces stay.

    country: ISO 3166-1 alpha-2 of the person or place. It decides between the Cyrillic
    schemes; without it the letters themselves do (і ї є ґ are Ukrainian, ђ ћ џ љ њ ј Serbian,
    ы э ё Russian, ъ without these Bulgarian). Serbian and Macedonian are written in the Latin
    alphabet of Serbia without its marks.

    Sources: Bulgaria, Transliteration Act of 2009, articles 3 to 6; Ukraine, resolution 55
    of the Cabinet of Ministers of 27 January 2010; Greece, ELOT 743 of 1982 (ISO 843, type
    2); ICAO Doc 9303-3, section 6, for the rest of Cyrillic.
    """
    lowered = text.casefold().translate(_APOSTROPHES)
    if lowered.isascii():
        return lowered
    if _CYRILLIC_LETTER.search(lowered) is not None:
        lowered = _from_cyrillic(lowered, country)
    if _GREEK_LETTER.search(lowered) is not None:
        lowered = _from_greek(lowered)
    latin = strip_marks(lowered.translate(_SPECIAL_LATIN))
    if latin.isascii():
        return latin
    # ICU leaves "?" for what it cannot write, such as the Arabic letter ain.
    return ascii_text(latin).lower().replace("?", "").translate(_APOSTROPHES)


def _from_cyrillic(text: str, country: str | None) -> str:
    scheme = _SCHEME_OF_COUNTRY.get(country or "") or _scheme_of(text)
    if scheme == "BG":
        table = _BULGARIAN
        text = _BULGARIAN_FINAL.sub("ia", text)  # article 5: a final "ия" is "ia"
    elif scheme == "UA":
        table = _UKRAINIAN
        text = text.replace("зг", "zgh")  # apart from "ж", which is "zh"
        text = _WORD_START_UKRAINIAN.sub(lambda letter: _UKRAINIAN_INITIAL[letter.group()], text)
    else:
        table = _SERBIAN if scheme == "RS" else _COMMON
    return "".join(table.get(letter, letter) for letter in text)


def _scheme_of(text: str) -> str | None:
    letters = set(text)
    if letters & set("іїєґ"):
        return "UA"
    if letters & set("ђћџљњј"):
        return "RS"
    return "BG" if "ъ" in letters and not letters & set("ыэё") else None


def _from_greek(text: str) -> str:
    """ELOT 743, with its digraphs; a first vowel with an accent makes no digraph."""
    text = re.sub("([άέό])([ιυ])", lambda pair: pair[1] + pair[2].translate(_HIATUS), text)
    plain = strip_marks(text.translate(_DIALYTIKA))
    out: list[str] = []
    at = 0
    while at < len(plain):
        latin, length = _greek_unit(plain, at)
        out.append(latin)
        at += length
    return "".join(out)


_HIATUS = str.maketrans({"ι": "\u0131", "υ": "\u01b4"})


def _greek_unit(plain: str, at: int) -> tuple[str, int]:
    pair = plain[at : at + 2]
    if pair in _GREEK_PAIRS:
        return _GREEK_PAIRS[pair], 2
    if pair in {"αυ", "ευ", "ηυ"}:
        following = plain[at + 2 : at + 3]
        is_voiceless = following in _GREEK_VOICELESS or not following.isalpha()
        return _GREEK[pair[0]] + ("f" if is_voiceless else "v"), 2
    if pair == "μπ":
        is_inside = plain[at - 1 : at].isalpha() and plain[at + 2 : at + 3].isalpha()
        return ("mp" if is_inside else "b"), 2
    return _GREEK.get(plain[at], plain[at]), 1


_DOUBLED = re.compile(r"([a-z])\1+")
_FOLDED = re.compile(
    r"(?P<s>schtsch|shch|szcz|sht|sch|sh|sz)|(?P<h>tsch|tch|cz|ch|kh)"
    r"|(?P<i>dsch|dzh|^dj|dj(?=[ie])|[yj])|(?P<z>zh|ts|tz|c(?=[eiyvw])|(?<=i)c$)"
    r"|(?P<g>gh)|(?P<f>ph)|(?P<t>th)|(?P<k>ck|q|c)|(?P<ks>x)|(?P<v>w|(?<=[oe])f$)"
    r"|(?P<u>ou|ue)|(?P<o>oe)|(?P<a>ae)"
)
"""Each group is named after what it becomes; the first that fits at a place counts."""


@lru_cache(maxsize=8192)
def fold_token(token: str) -> str:
    """Return one romanised word in a coarse form that its usual spellings share.

    From left to right, and again until nothing changes: schtsch shch szcz sht sch sh sz
    become s; tsch tch cz ch kh become h; dsch and dzh, dj at the beginning and before i and
    e, y and j become i; zh ts tz, c before e i y v w and in a final -ic become z; gh and th
    lose their h, ph is f; ck, q and any other c become k; x becomes ks; w becomes v; a final
    -of or -ef becomes -ov, -ev; ou and ue become u, oe o, ae a; doubled letters become one. So
    Yordanoff, Jordanow and Iordanov agree. It also joins some different names: never link
    by it alone.
    """
    while True:
        folded = _DOUBLED.sub(r"\1", _FOLDED.sub(_group_name, token))
        if folded == token:
            return folded
        token = folded


def _group_name(match: re.Match[str]) -> str:
    return match.lastgroup or ""
