"""The spreadsheet form, filled in: each row of its first sheet, with the rows of the others that
name the same reference, as one report.

What is asked and which column means what is `app.domain.template.form`. A cell that does not hold
what its column wants is passed on as it is, so that the refusal comes from the rules of a report;
its place is known. Nothing of a cell is repeated in a refusal.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter
from pydantic_core import to_json

from app.domain.errors import Fault
from app.domain.protocol.protocol import Protocol
from app.domain.protocol.texts import LANGUAGES
from app.domain.template.form import (
    HEADING_ROWS,
    IN_LISTS,
    KEYS,
    REFERENCE,
    REPORTS,
    Column,
    Reading,
    Sheet,
)
from app.domain.template.wording import ANSWERS, Wording, code_of, readings_of
from app.gateways.template_report.country_names import country_names
from app.intake.files.rows import Cell, FileRefusedError, Row
from app.intake.files.spreadsheet import Spreadsheet

MOST_PARTS = 200_000
"""Rows of the sheets beside the first, which are held in memory until their report is read."""
_AT_REFERENCE = f"/{REFERENCE}"


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a sheet: its cells that are not empty, by column, and why some hold no value."""

    sheet: Sheet
    title: str
    number: int
    letters: Mapping[str, str]
    cells: Mapping[Column, str]
    refused: Mapping[Column, str]

    @property
    def reference(self) -> str:
        return next((text for c, text in self.cells.items() if c.name == REFERENCE), "")

    def at(self, column: Column | None = None) -> Cell:
        letter = None if column is None else self.letters.get(column.name)
        return Cell(self.title, self.number, letter)


@dataclass(slots=True)
class _Draft:
    """A report in the making: its value, where each part of it stands, and what is wrong."""

    value: dict[str, object] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class FormReader:
    """Reads one form; made for one file."""

    def __init__(self, book: Spreadsheet, protocol: Protocol) -> None:
        """Find the sheets of the form. `is_form` says whether there are any.

        Raises FileRefusedError where a sheet has a column that is unknown or stands there twice.
        """
        self._book = book
        self._codes = _Codes(protocol)
        self._sheets: dict[str, tuple[int, Sheet, list[Column | None]]] = {}
        for place in range(len(book.titles)):
            self._find(place)

    @property
    def is_form(self) -> bool:
        """Whether the workbook is a form: a sheet has the keys of the sheet of reports."""
        return REPORTS in self._sheets

    def rows(self) -> Iterator[Row]:
        """The reports, then, refused, the rows that belong to none. Raises FileRefusedError."""
        parts = self._parts()
        seen: set[str] = set()
        for line in self._lines(REPORTS):
            reference = line.reference
            yield self._row(line, parts.get(reference, ()), is_again=reference in seen)
            seen.add(reference)
        for reference, lines in parts.items():
            if reference not in seen or not reference:
                yield from map(_orphan, lines)

    def _find(self, place: int) -> None:
        _, cells, _ = next(self._book.rows(place), (0, [], []))
        keys = [cell.strip() for cell in cells]
        while keys and not keys[-1]:
            keys.pop()
        known = [KEYS.get(key) for key in keys]
        sheet = next((each[0] for each in known if each is not None), None)
        if sheet is None:
            return
        columns = [each[1] if each and each[0] is sheet else None for each in known]
        given = [column.name for column in columns if column is not None]
        if any(key and column is None for key, column in zip(keys, columns, strict=True)):
            raise FileRefusedError("the hidden first row of a sheet has unknown columns")
        if len(set(given)) < len(given) or sheet.name in self._sheets:
            raise FileRefusedError("a column or a sheet of the form stands there twice")
        if REFERENCE not in given:
            raise FileRefusedError("a sheet of the form has lost the column of the reference")
        self._sheets[sheet.name] = (place, sheet, columns)

    def _lines(self, name: str) -> Iterator[_Line]:
        place, sheet, columns = self._sheets[name]
        letters = {
            column.name: get_column_letter(number)
            for number, column in enumerate(columns, start=1)
            if column is not None
        }
        for number, texts, refused in self._book.rows(place):
            if number <= HEADING_ROWS:
                continue
            cells = {
                column: text.strip()
                for column, text in zip(columns, texts, strict=False)
                if column is not None and text.strip()
            }
            reasons = {
                column: why
                for spot, why in refused
                if spot < len(columns) and (column := columns[spot]) is not None
            }
            if cells or reasons:
                yield _Line(sheet, self._book.titles[place], number, letters, cells, reasons)

    def _parts(self) -> dict[str, list[_Line]]:
        """The rows of all sheets but the first, by the reference that they name."""
        parts: dict[str, list[_Line]] = {}
        count = 0
        for name in self._sheets:
            if name == REPORTS:
                continue
            for line in self._lines(name):
                count += 1
                if count > MOST_PARTS:
                    raise FileRefusedError(
                        f"the sheets beside the first have more than {MOST_PARTS} rows"
                    )
                parts.setdefault(line.reference, []).append(line)
        return parts

    def _row(self, line: _Line, parts: Sequence[_Line], *, is_again: bool) -> Row:
        draft = _Draft()
        self._take(line, draft.value, "", draft)
        if is_again:
            draft.faults.append(Fault(_AT_REFERENCE, "an earlier row has the same reference"))
            parts = ()
        if not line.reference:
            parts = ()
        for part in parts:
            entries = draft.value.setdefault(part.sheet.name, [])
            assert isinstance(entries, list)  # noqa: S101 - no column of a report has that name
            thing: dict[str, object] = {}
            self._take(part, thing, f"/{part.sheet.name}/{len(entries)}", draft)
            entries.append(thing)
        original = to_json([_as_it_was(each) for each in (line, *parts)])
        if draft.faults:
            return Row(line.number, original, faults=tuple(draft.faults), cells=draft.cells)
        return Row(line.number, original, to_json(draft.value), cells=draft.cells)

    def _take(self, line: _Line, thing: dict[str, object], at: str, draft: _Draft) -> None:
        """Put the cells of a row into what it describes."""
        draft.cells[at] = line.at()
        for column in line.sheet.columns:
            if at and column.name == REFERENCE:
                continue
            if column in line.refused:
                pointer = f"{at}/{'/'.join(column.path)}"
                draft.cells[pointer] = line.at(column)
                draft.faults.append(Fault(pointer, line.refused[column]))
            else:
                pointer = at + self._plant(column, line.cells.get(column, ""), thing)
                draft.cells[pointer] = line.at(column)

    def _plant(self, column: Column, text: str, thing: dict[str, object]) -> str:
        """Put one value where it goes, if there is one; the pointer to it within the thing."""
        if column.reading in (Reading.MEMBER, Reading.AGREED):
            return self._add(column, text, thing)
        pointer = ""
        for step in column.path[:-1]:
            pointer += f"/{step}"
            below = thing.get(step)
            if step in IN_LISTS:
                pointer += "/0"
                below = below[0] if isinstance(below, list) else None
            if not isinstance(below, dict):
                below = {}
                if text:
                    thing[step] = [below] if step in IN_LISTS else below
            thing = below
        if text:
            thing[column.path[-1]] = self._codes.read(column, text)
        return f"{pointer}/{column.path[-1]}"

    def _add(self, column: Column, text: str, thing: dict[str, object]) -> str:
        """Add an entry to a list; the pointer to it."""
        *outer, name = column.path if column.reading is Reading.MEMBER else column.path[:-1]
        pointer = "".join(f"/{step}" for step in (*outer, name))
        if not text:
            return f"{pointer}/{column.name}"
        for step in outer:
            thing = _within(thing, step)
        entries = thing.setdefault(name, [])
        assert isinstance(entries, list)  # noqa: S101 - only columns of this kind go there
        value = self._codes.read(column, text)
        if column.reading is Reading.MEMBER:
            entries.append(value)
        elif value != "no":
            entries.append(column.path[-1] if value == "yes" else value)
        return f"{pointer}/{max(0, len(entries) - 1)}"


_LOGICAL = {"true": "yes", "false": "no"}
"""What a cell that Excel itself takes for a truth value is read as."""


class _Codes:
    """Reads what a cell says by the code list of its column, in any language of the network."""

    def __init__(self, protocol: Protocol) -> None:
        self._wordings = [Wording(protocol, each, country_names(each)) for each in LANGUAGES]
        self._lists: dict[str, Mapping[str, str]] = {}

    def read(self, column: Column, text: str) -> object:
        """The value; the text itself where it is none, for the rules of the report to refuse."""
        if column.reading is Reading.TEXT:
            return text
        if column.reading is Reading.LIST:
            return [part for piece in text.split(";") if (part := piece.strip())]
        code = code_of(text, self._of(column.list))
        if code is None:
            return text
        if column.reading is Reading.NUMBER:
            return int(code)
        return code == "yes" if column.reading is Reading.FLAG else code

    def _of(self, list_: str) -> Mapping[str, str]:
        if list_ not in self._lists:
            self._lists[list_] = readings_of(list_, self._wordings)
            if list_ == ANSWERS:
                self._lists[list_] = {**self._lists[list_], **_LOGICAL}
        return self._lists[list_]


def _within(thing: dict[str, object], step: str) -> dict[str, object]:
    below = thing.setdefault(step, {})
    assert isinstance(below, dict)  # noqa: S101 - no column of a report stands for an object
    return below


def _orphan(line: _Line) -> Row:
    column = next(each for each in line.sheet.columns if each.name == REFERENCE)
    why = "no report on the first sheet has this reference"
    if not line.reference:
        why = "the reference of the report is missing"
    return Row(
        line.number,
        to_json([_as_it_was(line)]),
        faults=(Fault(_AT_REFERENCE, why),),
        cells={_AT_REFERENCE: line.at(column)},
    )


def _as_it_was(line: _Line) -> dict[str, object]:
    cells = {column.name: text for column, text in line.cells.items()}
    return {"sheet": line.title, "row": line.number, "cells": cells}
