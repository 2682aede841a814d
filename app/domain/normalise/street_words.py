"""Words of addresses in the languages of the network: kinds of street, flats, numbers, towns.

All in romanised lower case. How an address is taken apart is not here.
"""

import re

_STREETS = """
ul ulica ulice ulitsa ulitza vul vulytsia vulitsya vulica calle c carrer cl via v rue r rua str
strasse straat strada street odos od utca u sokak sk gatan gata gade gate
bl block blok zh zhk jk k mkr
"""
STREET_WORDS = frozenset(_STREETS.split())
"""Words that say no more than "street". They go out, as half of all senders leave them out."""

_KINDS = {
    "av": "av avda avd ave avenue avenida avinguda leoforos leof",
    "bul": "bul bulv bulevard boulevard blvd bd bld bulvar bulevardul bulwar",
    "pl": "pl plac place plaza piazza placa platz nam namestie namesti ploshtad ploshcha trg "
    "square sq piata plateia plein plaza pza pzza ter rynek",
    "vl": "viale vle",
    "korso": "corso cso",
    "rd": "ctra carretera cra road rd droga szosa",
    "ses": "chaussee chee shose",
    "al": "al aleja aleje alei aleea allee",
    "pr": "prospekt prosp prospect",
    "tr": "tr trida",
    "st": "saint sankt st ste sv sveti sveta svati",
    "ln": "lane ln",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_NAMED_KINDS = frozenset(_KIND_OF) - frozenset(_KINDS["st"].split())
STREET_WORDS |= _NAMED_KINDS

_ARTICLES = "de la del di dei delle della des du der den dem the les los las l d"
ARTICLES = frozenset(_ARTICLES.split())
_CITY_WORDS = "gr grad mesto obec s selo m misto c gmina gemeinde"
CITY_WORDS = frozenset(_CITY_WORDS.split())

DROPPED_ENDING = re.compile(r"(?<=\w\w)(?:strasse|straat|str|gatan)$")
"""German, Dutch and Swedish street words grown together with the name ("Schulstr.")."""
_SWEDISH_ENDING = re.compile(r"(?<=\w\w)g$")

_FLATS = """
ap apt app appt appartement apartment apto wohnung whg flat etage floor byt kv piso puerta int
interno scala bus lok lokal mieszkanie lm room zimmer vhod vh et etaj etazh diam orofos poschodie
posch patro emelet ajto sc lgh unit suite poverkh tuer stiege stock etg og podjezd korp pis
"""
FLAT = re.compile(
    rf"(?<![a-z0-9])(?:{'|'.join(_FLATS.split())}|m(?=\.? ?\d))(?![a-z])\.? ?(?:nr\.? ?)?"
    r"(?:\d+[a-z]?|[a-z])?(?![a-z0-9])"
)
"""A flat, floor, staircase or entrance with its number."""

BLOCK = re.compile(r",? ?\bbl(?:ok|ock)?\.? ?(?=\d)")
"""A block of a housing estate ("Lyulin, bl. 305"): its number is that of the building."""

CUT_WORD = re.compile(r"\b([cpv])\.(so|zza|za|le)\b")
"""Italian words cut in the middle: "C.so", "P.zza", "V.le"."""

NUMBER_SIGN = re.compile(
    r"(?<!\w)(?:nr|no|num|numero|n|č|č\.\s?p|čp|№|ν)\s?[.°º]*\s?(?=\d)", re.IGNORECASE
)


def unified(word: str, at: int, count: int, country: str | None) -> str:
    """Return the word as it counts in a street's name; empty for a mere "street".

    at, count: its place among so many words; single letters are street words ("C/ Mayor",
    "V. Roma", "R. Haute") only at the beginning, "st" is a street at the end and a saint
    elsewhere.
    """
    if word == "st" and at == count - 1 and count > 1:
        return ""
    if word in _KIND_OF:
        return _KIND_OF[word]
    if word in STREET_WORDS:
        is_initial = len(word) == 1 and at > (1 if word == "k" else 0)  # "zh. k." is an estate
        return word if is_initial else ""
    if country == "SE":
        word = _SWEDISH_ENDING.sub("", word)
    return DROPPED_ENDING.sub("", word)
