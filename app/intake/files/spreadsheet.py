"""The sheets of an Excel file (Office Open XML), row by row, as text.

Nothing in it is computed: a formula is no value, for what it shows may depend on other files.
"""

import warnings
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from app.intake.files.archive import require_harmless
from app.intake.files.rows import FileRefusedError

_MOST_DIGITS = 15
"""Excel keeps no more of a number; the rest of a longer one is zeros."""
_DAMAGE = (
    BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, IndexError, AttributeError,
    EOFError, RuntimeError, ParseError, zlib.error,
)  # fmt: skip


class Spreadsheet:
    """An Excel file to be read once; close it afterwards."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises FileRefusedError where it is none, or too large when unpacked."""
        with warnings.catch_warnings(action="ignore"), _readable():
            require_harmless(path)
            self._book = load_workbook(path, read_only=True, keep_links=False)
            self.titles = [sheet.title for sheet in self._book.worksheets]
            self.row_count: int | None = self._book.worksheets[0].max_row
            for sheet in self._book.worksheets:
                sheet.reset_dimensions()  # what a file says of its size need not be true
        self.row = 0

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()

    def rows(self, sheet: int = 0) -> Iterator[tuple[int, list[str], list[tuple[int, str]]]]:
        """Each row of a sheet, by its place in `titles`: its number from 1, its cells as text, and
        the places of those that hold no value, with the reason. Raises FileRefusedError where the
        file is damaged.
        """
        with warnings.catch_warnings(action="ignore"), _readable():
            for number, cells in enumerate(self._book.worksheets[sheet].iter_rows(), start=1):
                self.row = number if sheet == 0 else self.row
                texts, refused = [], []
                for place, cell in enumerate(cells):
                    reason = _refusal(cell.value, cell.data_type)
                    if reason:
                        refused.append((place, reason))
                    texts.append(text_of(cell.value))
                yield number, texts, refused


class _readable:  # noqa: N801 - reads as a word
    """Say of any damage to a file that it is damaged."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: object, __: object) -> None:
        if isinstance(error, _DAMAGE):
            raise FileRefusedError("it is not a readable Excel file (.xlsx)") from None


def text_of(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    """The text that a cell's value stands for: days as ISO 8601, whole numbers without a point."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            # A spreadsheet knows no time zones: a time stays without one, and so is refused, as
            # it is in any other file. Guessed, it could be of another day.
            return (value.date() if value.time() == time() else value).isoformat()
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _refusal(value: object, data_type: str) -> str | None:
    if data_type == "f":
        return "a formula is no value"
    if data_type == "e":
        return "an error is no value"
    if isinstance(value, int | float) and abs(value) >= 10**_MOST_DIGITS:
        return f"Excel cuts numbers of more than {_MOST_DIGITS} digits: write it as text"
    return None
