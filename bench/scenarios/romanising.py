"""How one name comes to be spelt in several ways: official tables, those of neighbours, scripts.

Each function gives the spellings of a name, the usual one of its passport first. A name that is
spelt without a rule (Arabic) is listed by hand in `names`.
"""

import unicodedata

_BULGARIAN = (
    "а:a б:b в:v г:g д:d е:e ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:h "
    "ц:ts ч:ch ш:sh щ:sht ъ:a ь:y ю:yu я:ya"
)
_UKRAINIAN = (
    "а:a б:b в:v г:h ґ:g д:d е:e є:ie ж:zh з:z и:y і:i ї:i й:i к:k л:l м:m н:n о:o п:p р:r с:s "
    "т:t у:u ф:f х:kh ц:ts ч:ch ш:sh щ:shch ь: ю:iu я:ia '"
)
_GERMAN = "ж:sch з:s в:w х:ch ц:z ч:tsch ш:sch щ:schtsch й:j ю:ju я:ja г:g и:i ъ:a ь:"
_FRENCH = "у:ou ч:tch ш:ch щ:chtch ж:j й:i х:kh ю:iou я:ia ь: ъ:a"
_RUSSIAN = "г:g і:i ї:yi и:i й:y х:kh є:e ю:yu я:ya ь:"
_GREEK = (
    "α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f χ:ch "
    "ψ:ps ω:o"
)
_GREEK_LOOSE = "η:e υ:u φ:ph χ:h β:b ξ:ks"
_GEORGIAN = (
    "ა:a ბ:b გ:g დ:d ე:e ვ:v ზ:z თ:t ი:i კ:k ლ:l მ:m ნ:n ო:o პ:p ჟ:zh რ:r ს:s ტ:t უ:u ფ:p ქ:k "
    "ღ:gh ყ:q შ:sh ჩ:ch ც:ts ძ:dz წ:ts ჭ:ch ხ:kh ჯ:j ჰ:h"
)
_FOLDED = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "ø": "o", "ı": "i"})
_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)


def _table(*rows: str) -> dict[int, str]:
    pairs = [pair.partition(":") for row in rows for pair in row.split()]
    small = {ord(letter): latin for letter, _, latin in pairs if letter}
    return small | {
        ord(letter.upper()): latin.title()
        for letter, _, latin in pairs
        if letter.upper() != letter and len(letter.upper()) == 1
    }


_BG_TABLES = (
    _table(_BULGARIAN),
    _table(_BULGARIAN, _GERMAN),
    _table(_BULGARIAN, _FRENCH),
)
_UA_TABLES = (
    _table(_UKRAINIAN),
    _table(_UKRAINIAN, _RUSSIAN),
    _table(_UKRAINIAN, _GERMAN),
    _table(_UKRAINIAN, _RUSSIAN, _FRENCH),
)
_GR_TABLES = (_table(_GREEK), _table(_GREEK, _GREEK_LOOSE))
_GE_TABLE = _table(_GEORGIAN)


def without_marks(text: str) -> str:
    """A text without accents and other marks ("Ștefănescu": "Stefanescu")."""
    parts = unicodedata.normalize("NFD", text.translate(_FOLDED))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def bulgarian(name: str) -> tuple[str, ...]:
    """The official table of the passports, Cyrillic, the German and the French habit; names in
    -иа are written -ia by law ("София": "Sofia").
    """
    official = name.translate(_BG_TABLES[0])
    if name.endswith("ия"):
        official = f"{official[:-3]}ia"
    return _once(official, name, *(name.translate(table) for table in _BG_TABLES[1:]))


def ukrainian(name: str) -> tuple[str, ...]:
    """The table of 2010, Cyrillic, the Russian, the German and the French habit. At the start of
    a word the table writes y for the first half of є, ї, й, ю and я.
    """
    initial = {"Є": "Ye", "Ї": "Yi", "Й": "Y", "Ю": "Yu", "Я": "Ya"}.get(name[0])
    rest = name[1:].replace("зг", "zgh").translate(_UA_TABLES[0])
    official = (initial or name[0].translate(_UA_TABLES[0])) + rest
    return _once(official, name, *(name.translate(table) for table in _UA_TABLES[1:]))


def greek(name: str) -> tuple[str, ...]:
    """ELOT 743, Greek letters, and the looser habit of many."""
    plain = without_marks(name)
    for pair, latin in (("ου", "ou"), ("Ου", "Ou"), ("αυ", "av"), ("ευ", "ef"), ("μπ", "b")):
        plain = plain.replace(pair, latin)
    return _once(plain.translate(_GR_TABLES[0]), name, plain.translate(_GR_TABLES[1]))


def georgian(name: str) -> tuple[str, ...]:
    """The national system, and Georgian letters."""
    return _once(name.translate(_GE_TABLE).title(), name)


def latin(name: str) -> tuple[str, ...]:
    """As it is, without marks, with umlauts written out, with the older cedilla (ş for ș)."""
    cedilla = name.translate(str.maketrans("șțȘȚ", "şţŞŢ"))
    return _once(name, without_marks(name), name.translate(_SPELT_OUT), cedilla)


def vietnamese(name: str) -> tuple[str, ...]:
    """Passports leave the marks out."""
    return _once(without_marks(name), name)


def chinese(name: str) -> tuple[str, ...]:
    """`name` is Pinyin, a colon, the characters: whole, in syllables, hyphened, characters."""
    pinyin, _, characters = name.partition(":")
    syllables = pinyin.split("'")
    whole = "".join(syllables).capitalize()
    return _once(whole, " ".join(part.title() for part in syllables), characters,
                 "-".join(syllables).capitalize())  # fmt: skip


def _once(*spellings: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spellings))
