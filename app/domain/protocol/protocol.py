"""One released version of the protocol as a whole, and that its parts fit together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.domain.assessment import Result, Urgency
from app.domain.indicators import AGES_OF_A_PERSON, Catalogue, Dimension, Element, Form, Strength
from app.domain.protocol.advising import Advice
from app.domain.protocol.checklists import (
    SECTORS,
    Answer,
    Checklist,
    Question,
    Step,
    check_agreement,
)
from app.domain.protocol.extensions import OWN_TEXTS, Extension
from app.domain.protocol.profiles import PartnerProfile
from app.domain.protocol.texts import MASTER, WORDS, Texts
from app.domain.reports import ReportStatus

INDICATOR_TEXTS = OWN_TEXTS
"""What is told of every indicator; `not` is what it is not."""

CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "forms": tuple(Form),
        "sectors": SECTORS,
        "dimensions": tuple(Dimension),
        "elements": tuple(Element),
        "strengths": tuple(Strength),
        "results": tuple(Result),
        "urgency": tuple(Urgency),
        "steps": tuple(Step),
        "answers": tuple(Answer),
        "ages": AGES_OF_A_PERSON,
        "statuses": tuple(ReportStatus),
    }
)
"""The codes that have a word in every language, by group."""


@dataclass(frozen=True, eq=False, slots=True)
class Protocol:
    """Catalogue, checklists by sector and texts of one version; versions: all that there are.

    extensions, profiles: by name; the catalogue knows the codes of the extensions.
    """

    catalogue: Catalogue
    checklists: Mapping[str, Checklist]
    texts: Texts
    versions: tuple[str, ...]
    extensions: Mapping[str, Extension] = field(default_factory=dict)
    profiles: Mapping[str, PartnerProfile] = field(default_factory=dict)

    def question_about(self, code: str, sector: str) -> tuple[Question, Answer] | None:
        """A question that asks about an indicator, and the answer that reports it: as the sector
        asks, where it has a checklist that does; None where nobody asks.
        """
        first = self.checklists.get(sector)
        for checklist in ([first] if first else []) + [*self.checklists.values()]:
            for question in checklist.questions:
                for answer in (Answer.YES, Answer.NO):
                    if code in question.reports(answer):
                        return question, answer
        return None

    @property
    def version(self) -> str:
        """The version of the catalogue and of all that stands beside it."""
        return self.catalogue.version


def build_protocol(
    catalogue: Catalogue,
    checklists: Iterable[Checklist],
    texts: Texts,
    *,
    versions: tuple[str, ...] = (),
) -> Protocol:
    """Put a version together.

    Raises ValueError, naming what is missing or left over: a checklist for every sector of
    `SECTORS`, questions that mean one thing everywhere, and in English a text for every
    indicator, question, piece of advice, status and code, and (codes apart) for nothing else.
    """
    by_sector = {each.sector: each for each in checklists}
    for sector in SECTORS:
        if sector not in by_sector:
            raise ValueError(f"checklists/{sector}.toml is missing")
    check_agreement(tuple(by_sector.values()))
    questions = {each.id for one in by_sector.values() for each in one.questions}
    _check(texts, "indicators", catalogue.codes, required=INDICATOR_TEXTS)
    _check(texts, "questions", questions, required=("text",), optional=("help",))
    _check(texts, "advice", tuple(Advice), required=("title", "text"))
    _check(texts, "feedback", tuple(ReportStatus), required=("text",))
    for group, codes in CODES.items():
        for code in codes:
            if code not in texts.books[WORDS][MASTER].entries.get(group, {}):
                raise ValueError(f"texts/{MASTER}/{WORDS}.toml: {group}.{code} is missing")
    ordered = {sector: by_sector[sector] for sector in SECTORS}
    return Protocol(catalogue, MappingProxyType(ordered), texts, versions or (catalogue.version,))


def _check(
    texts: Texts,
    kind: str,
    keys: Iterable[str],
    *,
    required: tuple[str, ...],
    optional: tuple[str, ...] = (),
) -> None:
    entries, where = texts.books[kind][MASTER].entries, f"texts/{MASTER}/{kind}.toml"
    wanted = set(keys)
    for key in sorted(wanted | entries.keys()):
        if key not in entries:
            raise ValueError(f"{where}: {key} is missing")
        if key not in wanted:
            raise ValueError(f"{where}: {key} belongs to nothing")
        names = entries[key].keys()
        for name in required:
            if name not in names:
                raise ValueError(f"{where}: {key}.{name} is missing")
        if beyond := sorted(names - {*required, *optional}):
            raise ValueError(f"{where}: {key}.{beyond[0]} is not one of its texts")
