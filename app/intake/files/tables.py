"""Rows of cells, from CSV files and from spreadsheets, as rows of reports."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TextIO

from pydantic_core import to_json

from app.domain.errors import Fault
from app.intake.files.columns import Layout, known_columns, layout_of
from app.intake.files.rows import FileRefusedError, Row

_DELIMITERS = ",;\t"
_LONGEST_LINE = 1 << 20


def csv_rows(stream: TextIO) -> Iterator[Row]:
    """The rows of a CSV file (RFC 4180; comma, semicolon or tab, whichever makes sense of the
    header). `stream` is opened with newline="" and surrogateescape.

    Raises FileRefusedError before the first row where there is no header or an unknown column.
    """
    lines = _lines(stream)
    first = next(lines, "")
    delimiter = max(_DELIMITERS, key=lambda mark: known_columns(_header(first, mark)))
    reader = csv.reader(chain([first], lines), delimiter=delimiter)
    try:
        layout = layout_of(next(reader, []))
    except csv.Error:
        raise FileRefusedError("the first line is no header of a CSV file") from None
    _require_columns(layout)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            yield Row(number, b"null", faults=(Fault("", "not a row of a CSV file"),))
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield row_of(number, cells, layout)


def row_of(
    number: int, cells: Sequence[str], layout: Layout, refused: Iterable[tuple[int, str]] = ()
) -> Row:
    """The row of these cells. `refused`: cells, by their place, that hold no value, with why."""
    named = {column.name: cell for column, cell in zip(layout.columns, cells, strict=False)}
    beyond = [cell for cell in islice(cells, len(layout.columns), None) if cell.strip()]
    columns = [column.name for column in layout.columns]
    faults = [Fault("", f"column {columns[place]}: {why}") for place, why in refused]
    if beyond:
        faults.append(Fault("", "more cells than columns"))
    try:
        original = to_json(named | ({"beyond": beyond} if beyond else {}))
    except ValueError:  # bytes that are not UTF-8 stand in the text as lone surrogates
        shown = {name: ascii(cell) for name, cell in named.items()}
        return Row(number, to_json(shown), faults=(Fault("", "not UTF-8"),))
    if faults:
        return Row(number, original, faults=tuple(faults))
    report, origins = layout.report_of(cells)
    return Row(number, original, to_json(report), columns=origins)


def sheet_rows(sheet: Iterator[tuple[int, list[str], list[tuple[int, str]]]]) -> Iterator[Row]:
    """The rows of a spreadsheet whose first row that is not empty is the header.

    `sheet` gives the number of each row, its cells as text, and those that hold no value. Raises
    as `csv_rows`.
    """
    header = next((cells for _, cells, _ in sheet if any(cells)), [])
    layout = layout_of(header)
    _require_columns(layout)
    width = len(layout.columns)
    for number, cells, refused in sheet:
        if any(cell.strip() for cell in cells) or refused:
            yield row_of(number, cells, layout, [each for each in refused if each[0] < width])


def _require_columns(layout: Layout) -> None:
    if not layout.columns:
        raise FileRefusedError("the file has no header")


def _header(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _lines(stream: TextIO) -> Iterator[str]:
    while line := stream.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise FileRefusedError(f"a line is longer than {_LONGEST_LINE} characters")
        yield line
