"""The code lists that the template report offers, and their words in one language.

A choice in a spreadsheet is a word with its code ("Labour exploitation · labour_exploitation"), so
that a form is read back whatever its language, and however its texts are revised. Who writes the
word alone is understood too, as long as it is the word for one code only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.assessment import Urgency
from app.domain.attributes import AttributeKind, AttributeRole
from app.domain.codes import (
    COUNTRIES,
    Channel,
    ConsentBasis,
    ConsentScope,
    HandlingCode,
    OrganisationRole,
    PersonRole,
    Sex,
    SourceReliability,
    Tlp,
)
from app.domain.indicators import AGES_OF_A_PERSON, Catalogue, Form
from app.domain.protocol.protocol import Protocol
from app.domain.protocol.texts import MASTER, WORDS, Review, Texts

TEMPLATE = "template"
BETWEEN = " · "
"""Stands between a word and its code. No word of a code list contains it."""

INDICATORS = "indicators"
COUNTRY = "countries"
ANSWERS = "answers"

_CODES: Mapping[str, tuple[str, str, tuple[str, ...]]] = MappingProxyType(
    {
        "forms": (WORDS, "forms", tuple(Form)),
        "ages": (WORDS, "ages", AGES_OF_A_PERSON),
        "urgencies": (WORDS, "urgency", tuple(Urgency)),
        ANSWERS: (WORDS, "answers", ("yes", "no")),
        "three_answers": (WORDS, "answers", ("yes", "no", "not_known")),
        "sexes": (TEMPLATE, "sexes", tuple(Sex)),
        "person_roles": (TEMPLATE, "roles", tuple(PersonRole)),
        "organisation_roles": (TEMPLATE, "roles", tuple(OrganisationRole)),
        "attribute_roles": (TEMPLATE, "roles", tuple(AttributeRole)),
        "kinds": (TEMPLATE, "kinds", tuple(k for k in AttributeKind if k != AttributeKind.PERSON)),
        "reliabilities": (TEMPLATE, "reliabilities", tuple(SourceReliability)),
        "credibilities": (TEMPLATE, "credibilities", ("1", "2", "3", "4")),
        "channels": (TEMPLATE, "channels", tuple(Channel)),
        "handling": (TEMPLATE, "handling", tuple(HandlingCode)),
        "tlps": (TEMPLATE, "tlps", tuple(Tlp)),
        "bases": (TEMPLATE, "bases", tuple(ConsentBasis)),
        "scopes": (TEMPLATE, "scopes", tuple(ConsentScope)),
    }
)
"""Of each list: the kind of texts and the table with its words, and its codes."""

_SHOWN = frozenset({"handling", "tlps", "reliabilities", "credibilities", INDICATORS, COUNTRY})
"""Lists whose codes are known to those who fill forms in, and so stand before the word."""


def codes_of(list_: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The codes of a list, in the order in which they are offered."""
    if list_ == INDICATORS:
        return (*catalogue.codes, *catalogue.own)
    return tuple(sorted(COUNTRIES)) if list_ == COUNTRY else _CODES[list_][2]


@dataclass(frozen=True, eq=False, slots=True)
class Wording:
    """The texts of the template report in one language.

    countries: the names of countries in that language by their code.
    """

    protocol: Protocol
    language: str
    countries: Mapping[str, str]

    @property
    def texts(self) -> Texts:
        """The texts of the protocol, in all languages."""
        return self.protocol.texts

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue, which knows the codes of extensions."""
        return self.protocol.catalogue

    @property
    def spoken(self) -> str:
        """The language that the texts are in: English where there are none in the one wanted."""
        return self.language if self.language in self.texts.books[TEMPLATE] else MASTER

    @property
    def is_draft(self) -> bool:
        """Whether nobody of the field has reviewed these texts yet."""
        return self.texts.books[TEMPLATE][self.spoken].review is Review.DRAFT

    def say(self, table: str, key: str) -> str:
        """A text of the template. Raises KeyError where there is none, in English either."""
        return self.texts.piece(TEMPLATE, table, key, self.language).text

    def hint(self, key: str) -> str:
        """The hint to a field, empty where it needs none."""
        return self.say("hints", key) if key else ""

    def heading(self, dimension: str) -> str:
        """The heading over the indicators of a dimension."""
        return self.texts.piece(WORDS, "dimensions", dimension, self.language).text

    def word(self, list_: str, code: str) -> str:
        """The word for a code, with a capital at its beginning; the code where there is none."""
        try:
            text = self._word(list_, code)
        except KeyError:
            return code
        return text[:1].upper() + text[1:]

    def choice(self, list_: str, code: str) -> str:
        """A code of a list as it is offered in a spreadsheet, with its word."""
        word = self.word(list_, code)
        if word == code:
            return code
        return BETWEEN.join((code, word) if list_ in _SHOWN else (word, code))

    def named(self, list_: str, code: str) -> str:
        """A code of a list as it stands on paper: its word, with the code where people know it."""
        return self.choice(list_, code) if list_ in _SHOWN else self.word(list_, code)

    def _word(self, list_: str, code: str) -> str:
        if list_ == INDICATORS:
            return self._label(code)
        if list_ == COUNTRY:
            return self.countries[code]
        kind, table, _ = _CODES[list_]
        return self.texts.piece(kind, table, code, self.language).text

    def _label(self, code: str) -> str:
        """The label of an indicator, or of an own code in the words of its extension."""
        for extension in self.protocol.extensions.values():
            if any(own.code == code for own in extension.codes):
                return extension.words.tell(code, self.language).texts["label"]
        return self.texts.piece(INDICATORS, code, "label", self.language).text


def readings_of(list_: str, wordings: Iterable[Wording]) -> Mapping[str, str]:
    """How a code of a list may be written, case-folded: as it is, and as its word in each of these
    languages, unless that is the word for another code too.
    """
    meanings: dict[str, set[str]] = {}
    codes: dict[str, str] = {}
    for wording in wordings:
        for code in codes_of(list_, wording.catalogue):
            codes[code.casefold()] = code
            meanings.setdefault(wording.word(list_, code).casefold(), set()).add(code)
    return {word: min(found) for word, found in meanings.items() if len(found) == 1} | codes


def code_of(cell: str, codes: Mapping[str, str]) -> str | None:
    """The code that a cell names, by itself, by its word or by both; None if none, or two.

    codes: the codes of a list by what may be written for them, case-folded (`readings_of`).
    """
    parts = (part.strip().casefold() for part in cell.split(BETWEEN.strip()))
    found = {codes[part] for part in parts if part in codes}
    return found.pop() if len(found) == 1 else None
