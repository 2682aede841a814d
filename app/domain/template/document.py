"""The template report as a document: headings, questions, boxes and values, ready to be set.

Every text in it is plain text: whoever sets it must not read it as markup of any kind.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from app.domain.assessment import Urgency
from app.domain.template.asked import LONG_LISTS, SECTIONS, SIGNS, SIGNS_BEFORE, Ask, Section
from app.domain.template.wording import COUNTRY, INDICATORS, Wording, codes_of

_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that turn the order of others around (Unicode TR36, 2.9)."""


class Entry(NamedTuple):
    """One question. boxes: what can be ticked. value: what the report says; empty: room of so many
    lines to write.
    """

    label: str
    hint: str
    value: str
    boxes: tuple[str, ...]
    lines: int
    needed: bool


class Group(NamedTuple):
    """Questions about one thing, with its heading ("Person 1"), empty where there is but one."""

    title: str
    entries: tuple[Entry, ...]


class SignRow(NamedTuple):
    """One sign: code, label, what the report notes on it."""

    code: str
    label: str
    note: str


class SignTable(NamedTuple):
    """The signs under one heading."""

    title: str
    rows: tuple[SignRow, ...]


class Part(NamedTuple):
    """One section of the document. answers: the words over the boxes of a table of signs."""

    title: str
    hint: str
    groups: tuple[Group, ...] = ()
    signs: tuple[SignTable, ...] = ()
    answers: tuple[str, ...] = ()


class Document(NamedTuple):
    """The whole form. filled: whether it shows a report. notes: the first is on danger."""

    language: str
    title: str
    subtitle: str
    notes: tuple[str, ...]
    protocol: str
    page: str
    filled: bool
    unshown: str
    parts: tuple[Part, ...]


def build_document(
    wording: Wording,
    report: Mapping[str, object] | None = None,
    urgency: Urgency = Urgency.NONE_KNOWN,
) -> Document:
    """The empty form, or the one that shows a report, given as its JSON value (contract,
    section 5). A filled form leaves out what the report does not say, and keeps what only a hand
    can fill in. urgency: what the signs of the report make of it; no part of the report itself.
    """
    if report is not None and urgency is not Urgency.NONE_KNOWN:
        safety = {**_object(report.get("safety")), "urgency": urgency.value}
        report = {**report, "safety": safety}
    parts: list[Part] = []
    for name, sections in groupby(SECTIONS, key=lambda each: each.name):
        if name == SIGNS_BEFORE:
            parts.append(_signs(wording, report))
        parts.append(_part(name, tuple(sections), wording, report))
    said = {key: wording.say("page", key) for key in ("danger", "screening", "known", "draft")}
    if report is not None:
        del said["known"]
    if not wording.is_draft:
        del said["draft"]
    return Document(
        language=wording.spoken,
        title=wording.say("page", "title"),
        subtitle=wording.say("page", "subtitle"),
        notes=tuple(said.values()),
        protocol=f"{wording.say('page', 'protocol')} {wording.catalogue.version}",
        page=wording.say("page", "number"),
        filled=report is not None,
        unshown=wording.say("page", "unshown"),
        parts=tuple(part for part in parts if part.groups or part.signs),
    )


def printable(text: str) -> str:
    """A text without characters that are not seen or turn others around; lines stay."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n")))


def _part(
    name: str, sections: Sequence[Section], wording: Wording, report: Mapping[str, object] | None
) -> Part:
    groups: list[Group] = []
    for section in sections:
        if section.empty:
            groups += _listed(section, wording, report)
            continue
        of_report = None if report is None else _object(_within(report, section.part))
        entries = tuple(_entries(section.asks, wording, of_report))
        if entries:
            groups.append(Group("", entries))
    hint = wording.hint(sections[0].hint) if report is None else ""
    return Part(wording.say("sections", name), hint, tuple(groups))


def _listed(
    section: Section, wording: Wording, report: Mapping[str, object] | None
) -> Iterator[Group]:
    things: Sequence[Mapping[str, object] | None] = [None] * section.empty
    if report is not None:
        things = [_object(each) for each in _list(report.get(section.part))]
    for number, thing in enumerate(things, start=1):
        title = f"{wording.say('entries', section.name)} {number}"
        yield Group(title, tuple(_entries(section.asks, wording, thing)))


def _entries(
    asks: Sequence[Ask], wording: Wording, thing: Mapping[str, object] | None
) -> Iterator[Entry]:
    for ask in asks:
        value = "" if thing is None or ask.by_hand else _shown(ask, thing, wording)
        if not value and not ask.by_hand and (thing is not None or not ask.lines):
            continue
        boxes: tuple[str, ...] = ()
        if not value and ask.list and ask.list not in LONG_LISTS:
            boxes = tuple(
                wording.named(ask.list, code) for code in codes_of(ask.list, wording.catalogue)
            )
        hint = "" if value else wording.hint(ask.hint)
        label = wording.say("fields", ask.label or ask.name)
        yield Entry(label, hint, printable(value), boxes, ask.lines, ask.needed)


def _shown(ask: Ask, thing: Mapping[str, object], wording: Wording) -> str:
    """What the report says to a question, as text."""
    if ask.name == "coordinates":
        lat, lon = thing.get("lat"), thing.get("lon")
        return "" if lat is None else f"{lat}, {lon}"
    if ask.name == "documents":
        documents = (_object(each) for each in _list(thing.get("documents")))
        return "; ".join(_document(each, wording) for each in documents)
    if ask.name == "value" and thing.get("value") is None:
        return _text(thing.get("token"), ask, wording)
    given = thing.get(ask.name)
    between = " → " if ask.name == "route" else "; "
    return between.join(_text(each, ask, wording) for each in _list(given))


def _document(document: Mapping[str, object], wording: Wording) -> str:
    country = document.get("country")
    parts = [str(document.get("kind", "")), str(document.get("number", ""))]
    if country is not None:
        parts.append(wording.named(COUNTRY, str(country)))
    return ", ".join(parts)


def _text(value: object, ask: Ask, wording: Wording) -> str:
    if isinstance(value, bool):
        return wording.word("answers", "yes" if value else "no")
    if value is None or value == "":
        return ""
    return wording.named(ask.list, str(value)) if ask.list else str(value)


def _signs(wording: Wording, report: Mapping[str, object] | None) -> Part:
    """All signs with boxes, by dimension; or those of the report."""
    title = wording.say("sections", SIGNS)
    if report is not None:
        rows = tuple(_sign(each, wording) for each in _list(report.get("indicators")))
        return Part(title, "", signs=(SignTable("", rows),) if rows else ())
    tables = tuple(
        SignTable(
            wording.heading(dimension),
            tuple(SignRow(each.code, wording.word(INDICATORS, each.code), "") for each in entries),
        )
        for dimension, entries in groupby(wording.catalogue.indicators, key=lambda e: e.dimension)
    )
    answers = ("yes", "no", "not_known")
    words = tuple(wording.word("three_answers", each) for each in answers)
    return Part(title, wording.hint(SIGNS), signs=tables, answers=words)


def _sign(given: object, wording: Wording) -> SignRow:
    sign = {"code": given} if isinstance(given, str) else _object(given)
    code, note = str(sign.get("code", "")), sign.get("note")
    return SignRow(code, wording.word(INDICATORS, code), printable(str(note or "")))


def _within(report: Mapping[str, object], part: str) -> object:
    return report.get(part) if part else report


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[object]:
    """The entries of a list; a value that is none as its only entry."""
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)
