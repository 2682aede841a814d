"""Open a file of reports of whatever kind: its rows, and how far they have been read."""

import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

from app.intake.files.lines import plain_rows, scenario_rows
from app.intake.files.rows import FileRefusedError, Row
from app.intake.files.tables import csv_rows, sheet_rows
from app.storage.catalogues import load_protocol

_PACKED = ".gz"


class Format(StrEnum):
    """The kinds of files that reports come in."""

    NDJSON = "ndjson"
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open file. `position` of `size` says how far it is read (bytes; of a spreadsheet, rows);
    `size` is None where nothing tells.
    """

    rows: Iterator[Row]
    position: Callable[[], int]
    size: int | None


def format_of(path: Path) -> Format:
    """The kind that a file's name speaks of. Raises FileRefusedError where it speaks of none."""
    name = path.name.lower().removesuffix(_PACKED)
    known = {".ndjson": Format.NDJSON, ".jsonl": Format.NDJSON, ".csv": Format.CSV}
    known |= {".xlsx": Format.XLSX}
    ending = Path(name).suffix
    if ending not in known:
        raise FileRefusedError("the name does not tell what it is: say it by --format")
    return known[ending]


@contextmanager
def opened_file(
    path: Path, kind: Format, *, scenario: bool = False, limit: int = 1 << 20
) -> Iterator[Opened]:
    """Open a file for reading once. `scenario`: each line names its sender; `limit`: bytes of one
    line of NDJSON. A name that ends in .gz is unpacked on the way. A workbook is the form that is
    handed out, or has flat columns on its first sheet.

    Raises FileRefusedError, also later, while rows are read.
    """
    if kind is Format.XLSX:
        # slow to load, and seldom needed
        from app.intake.files.form import FormReader
        from app.intake.files.spreadsheet import Spreadsheet

        with _readable():
            book = Spreadsheet(path)
        try:
            form = FormReader(book, load_protocol())
            rows = form.rows() if form.is_form else sheet_rows(book.rows())
            yield Opened(rows, lambda: book.row, book.row_count)
        finally:
            book.close()
        return
    with _readable():
        raw = path.open("rb")
    with raw, _unpacked(raw, path.name) as stream:
        size = os.fstat(raw.fileno()).st_size
        yield Opened(_rows(stream, kind, limit, scenario=scenario), raw.tell, size)


@contextmanager
def _unpacked(raw: BinaryIO, name: str) -> Iterator[BinaryIO]:
    if not name.lower().endswith(_PACKED):
        yield raw
        return
    with gzip.GzipFile(fileobj=raw) as packed:
        yield cast("BinaryIO", packed)


def _rows(stream: BinaryIO, kind: Format, limit: int, *, scenario: bool) -> Iterator[Row]:
    with _readable():
        if kind is Format.NDJSON:
            yield from (scenario_rows if scenario else plain_rows)(stream, limit=limit)
            return
        text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
        yield from csv_rows(text)
        text.detach()


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise FileRefusedError("it is not a whole gzip file") from None
    except OSError as error:
        raise FileRefusedError(f"it cannot be read: {error.strerror}") from None
