"""Texts that an extension or a profile brings along, in some languages and at least in English."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.protocol.texts import LANGUAGES, MASTER, Book, Told, parse_book

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, eq=False, slots=True)
class OwnWords:
    """Books by language, in the order of `LANGUAGES`; English has every text."""

    books: Mapping[str, Book]

    def tell(self, key: str, language: str) -> Told:
        """The texts of a key, wholly in one language: in English if a text is missing there.

        Raises KeyError for a key that has no texts.
        """
        master = self.books[MASTER]
        wanted = master.entries[key]
        book = self.books.get(language)
        if book is not None and book.entries.get(key, _NOTHING).keys() == wanted.keys():
            return Told(book.entries[key], language, book.review)
        return Told(wanted, MASTER, master.review)


def parse_own_words(
    tables: object,
    keys: Collection[str],
    *,
    required: tuple[str, ...],
    optional: tuple[str, ...] = (),
) -> OwnWords:
    """Check texts, given as language -> table, each table as a file of `texts` has it.

    Raises ValueError, naming language and key, for an unknown language, no English, a key without
    its texts, one that is not in `keys`, a text that is not asked for, and what English lacks.
    """
    if not isinstance(tables, Mapping) or MASTER not in tables:
        raise ValueError(f"texts.{MASTER} is missing")
    if unknown := sorted(tables.keys() - set(LANGUAGES)):
        raise ValueError(f"texts.{unknown[0]}: not one of {', '.join(LANGUAGES)}")
    books = {
        language: parse_book(tables[language], f"texts.{language}")
        for language in LANGUAGES
        if language in tables
    }
    for fault in _faults(books[MASTER], keys, required, optional):
        raise ValueError(f"texts.{MASTER}: {fault}")
    for language, book in books.items():
        for key, texts in book.entries.items():
            for name in texts:
                if name not in books[MASTER].entries.get(key, _NOTHING):
                    raise ValueError(f"texts.{language}: {key}.{name} is not in English")
    return OwnWords(MappingProxyType(books))


def _faults(
    master: Book, keys: Collection[str], required: tuple[str, ...], optional: tuple[str, ...]
) -> Iterator[str]:
    for key in keys:
        texts = master.entries.get(key, _NOTHING)
        yield from (f"{key}.{name} is missing" for name in required if name not in texts)
    for key, texts in master.entries.items():
        if key not in keys:
            yield f"{key} belongs to nothing"
        beyond = sorted(texts.keys() - {*required, *optional})
        yield from (f"{key}.{name} is not one of its texts" for name in beyond)
