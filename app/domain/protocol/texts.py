"""The texts of the protocol in the languages of the network, and how far each was reviewed.

English is the master: it has every text, and stands in where another language lacks one. Which
texts there must be is not here: see `protocol`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

LANGUAGES = ("en", "sk", "bg", "es", "ca", "el", "pl", "it")
"""The languages of the network (BCP 47)."""

MASTER = "en"
"""The language that has every text and that the others are translated from."""


class Review(StrEnum):
    """Whether a person of the field who speaks the language has gone over a text."""

    DRAFT = "draft"
    REVIEWED = "reviewed"


class Told(NamedTuple):
    """One entry as it is told: its texts by name, the language they are in, and its review."""

    texts: Mapping[str, str]
    language: str
    review: Review


class Piece(NamedTuple):
    """One text by itself, the language it is in, and its review."""

    text: str
    language: str
    review: Review


@dataclass(frozen=True, slots=True)
class Book:
    """The texts of one kind in one language: the texts of each entry by name, by the key of the
    entry.
    """

    review: Review
    entries: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, eq=False, slots=True)
class Texts:
    """All texts of one version: books by kind and language. Every kind has an English book."""

    books: Mapping[str, Mapping[str, Book]]

    def tell(self, kind: str, key: str, language: str) -> Told:
        """The entry of that key, wholly in one language: in English if a text is missing.

        Raises KeyError where there is none in English either.
        """
        master = self.books[kind][MASTER]
        wanted = master.entries[key]
        book = self.books[kind].get(language)
        if book is not None and book.entries.get(key, {}).keys() == wanted.keys():
            return Told(book.entries[key], language, book.review)
        return Told(wanted, MASTER, master.review)

    def piece(self, kind: str, key: str, name: str, language: str) -> Piece:
        """One text of an entry, by itself: in English if this one is missing.

        Raises KeyError where there is none in English either.
        """
        for each in (language, MASTER):
            book = self.books[kind].get(each)
            text = _entry(book, key).get(name)
            if book is not None and text is not None:
                return Piece(text, each, book.review)
        raise KeyError(name)

    def missing(self, language: str) -> tuple[str, ...]:
        """What English has and this language lacks, as `kind.key.name`."""
        return tuple(
            f"{kind}.{key}.{name}"
            for kind, books in self.books.items()
            for key, texts in books[MASTER].entries.items()
            for name in texts
            if name not in _entry(books.get(language), key)
        )


WORDS = "words"
KINDS = ("indicators", "questions", "advice", WORDS, "feedback", "template")
"""The kinds of texts, each a file of its name in the folder of a language."""


def parse_texts(tables: Mapping[str, Mapping[str, Mapping[str, object]]]) -> Texts:
    """Check texts, given as language -> kind -> table, the table as its file has it.

    Raises ValueError, naming file and key, for an unknown language or kind, a kind without
    English, a text that is none or empty, and a key that English lacks.
    """
    if unknown := sorted(tables.keys() - set(LANGUAGES)):
        raise ValueError(f"texts/{unknown[0]}: not one of {', '.join(LANGUAGES)}")
    books: dict[str, dict[str, Book]] = {kind: {} for kind in KINDS}
    for language in LANGUAGES:
        for kind, table in tables.get(language, {}).items():
            where = f"texts/{language}/{kind}.toml"
            if kind not in books:
                raise ValueError(f"{where}: not one of {', '.join(KINDS)}")
            books[kind][language] = parse_book(table, where)
    for kind, of_kind in books.items():
        if MASTER not in of_kind:
            raise ValueError(f"texts/{MASTER}/{kind}.toml is missing")
        for language, book in of_kind.items():
            for key in _beyond(book, of_kind[MASTER]):
                raise ValueError(f"texts/{language}/{kind}.toml: {key} is not in English")
    return Texts(MappingProxyType({kind: MappingProxyType(each) for kind, each in books.items()}))


_NOTHING: Mapping[str, str] = MappingProxyType({})


def _entry(book: Book | None, key: str) -> Mapping[str, str]:
    return _NOTHING if book is None else book.entries.get(key, _NOTHING)


def parse_book(table: object, where: str) -> Book:
    """Check the texts of one kind in one language. Raises ValueError, naming `where` and key."""
    if not isinstance(table, Mapping):
        raise ValueError(f"{where}: must be a table")  # noqa: TRY004 - faults of data are ValueError
    state = table.get("review")
    if not isinstance(state, str) or state not in set(Review):
        raise ValueError(f"{where}: review is not one of {', '.join(Review)}")
    entries: dict[str, Mapping[str, str]] = {}
    for key, texts in table.items():
        if key == "review":
            continue
        if not isinstance(texts, Mapping) or not texts:
            raise ValueError(f"{where}: {key} must be a table of texts")
        for name, text in texts.items():
            if not isinstance(text, str) or not text.strip() or text != text.strip():
                raise ValueError(f"{where}: {key}.{name} must be a text, without space around it")
        entries[key] = MappingProxyType(dict(texts))
    return Book(Review(state), MappingProxyType(entries))


def _beyond(book: Book, master: Book) -> Iterator[str]:
    for key, texts in book.entries.items():
        known = master.entries.get(key, _NOTHING)
        yield from (f"{key}.{name}" for name in texts if name not in known)
