"""Names of persons: their words, their coarse form, and name with birth date as one value.

A name alone never makes a value: linking on names is the linkage model's business.
"""

import re
from functools import lru_cache

from app.domain.attributes import Normalised, Outcome
from app.domain.normalise.dates import PartialDate
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.romanise import fold_token, romanise
from app.domain.normalise.text import clean

LEAST_TOKENS = 2

_TITLE_WORDS = """
mr mrs ms miss mister sir madam dr drs prof doc ing mgr bc judr mudr phdr rndr phd msc mba ba ma
dipl arh av avv dott dottssa ir pan pani pana panna panstvo slecna sl herr frau fraulein hr fr
sr sra srta senor senora senorita don dona sig sigra sigr signor signora signorina m mme mlle
monsieur madame mademoiselle meneer mevrouw dhr mw domnul doamna domnisoara dl dna
gospodin gospozha gospozhitsa gosp inzh kyrios kyria kirios kiria despoinida k kos ka
ur holgy bay bayan
"""
_TITLES = frozenset(_TITLE_WORDS.split())
"""Romanised titles and forms of address. Single letters and words that are also names of many
people count only with a full stop or before two other words (see _AMBIGUOUS)."""
_AMBIGUOUS_WORDS = "m k sr ma ba don dona bay fr hr ka av pan ur sl"
_AMBIGUOUS = frozenset(_AMBIGUOUS_WORDS.split())

_NATIVE_TITLE = re.compile(
    r"(?<!\w)(?:г-н|г-жа|г-ца|д-р|инж\.|проф\.|п\.|пан|пані|κ\.|κος|κα|δρ\.?)(?=[\s.])\.?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+\.?")
_LATIN_WORD = re.compile(r"[a-z0-9]+")

_TOO_FEW = Outcome(problem="A person is compared by two names or more and a birth date.")
_NO_DATE = Outcome(problem="A person is compared by name only together with a full birth date.")
_FILLER_DATE = Outcome(
    problem="The first of January is the birth date of everybody whose date is not known."
)


def name_tokens(
    *,
    name: str | None,
    given_name: str | None,
    family_name: str | None,
    country: str | None = None,
) -> tuple[str, ...]:
    """Return the words of a name: romanised, in lower case and sorted.

    Sorted, as reporters mix up the order of names. Titles and forms of address are left
    out. Hyphens separate words ("Al-Masri", "Anna-Maria"); apostrophes join them ("O'Brien",
    "Наталь'я"). Particles (al, van, de) and patronymics stay. given_name and family_name
    are taken where there is one of them, else name; placeholders are left out.

    country: ISO 3166-1 alpha-2 of the nationality; it selects the romanisation (see
    `romanise`). None if unknown.
    """
    parts = [part for part in (given_name, family_name) if part is not None and part.strip()]
    if not parts and name is not None:
        parts = [name]
    words: list[str] = []
    for part in parts:
        if not is_placeholder(part):
            words += _words(part, country)
    return tuple(sorted(words))


def fold_name(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tokens in the coarse form of `fold_token`, sorted anew.

    The Arabic article is one ("el" as "al"). What one person's name is in different
    romanisations often agrees here, and so do some different names.
    """
    return tuple(sorted(fold_token("al" if word == "el" else word) for word in tokens))


def normalise_person(tokens: tuple[str, ...], birth_date: PartialDate | None) -> Outcome:
    """Return "<folded sorted tokens>|<YYYY-MM-DD>".

    tokens: of `name_tokens`. Empty with fewer than two tokens, without a full birth date,
    and with a date that forms put in for unknown ones (1 January).
    """
    if len(tokens) < LEAST_TOKENS:
        return _TOO_FEW if tokens else NOT_KNOWN
    if birth_date is None or not birth_date.is_full:
        return _NO_DATE
    if birth_date.is_filler:
        return _FILLER_DATE
    return Outcome((Normalised(f"{' '.join(fold_name(tokens))}|{birth_date.isoformat()}"),))


@lru_cache(maxsize=4096)
def _words(part: str, country: str | None) -> tuple[str, ...]:
    text = clean(part)
    if not text.isascii():
        text = _NATIVE_TITLE.sub(" ", text)
    found = _WORD.findall(romanise(text, country))
    leads = len(found) > LEAST_TOKENS
    kept = [word for at, word in enumerate(found) if not _is_title(word, leads and at == 0)]
    return tuple(latin for word in kept or found for latin in _LATIN_WORD.findall(word))


def _is_title(word: str, is_first: bool) -> bool:  # noqa: FBT001 - private
    bare = word.rstrip(".")
    if bare not in _TITLES:
        return False
    return bare not in _AMBIGUOUS or word.endswith(".") or is_first
