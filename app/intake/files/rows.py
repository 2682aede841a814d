"""What every kind of file is read into: numbered rows, and the refusal of a file as a whole."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from app.domain.errors import Fault


class FileRefusedError(Exception):
    """The file cannot be read, or not further; the message is one line for who sent it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where something stands in a form of several sheets; column: its letters, None for the row."""

    sheet: str
    row: int
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    number: the line (spreadsheet: the row) where it begins, from 1.
    original: the row as it was, as JSON text.
    report: the JSON text of its report; None where `faults` say why there is none.
    organisation: who sends it, where the row itself says so.
    columns: the column that each JSON pointer of the report was read from, in flat files.
    cells: the cell that each was read from, in forms of several sheets.
    """

    number: int
    original: bytes
    report: bytes | None = None
    organisation: Mapping[str, object] | None = None
    faults: tuple[Fault, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, Cell] = field(default_factory=dict)

    def place_of(self, pointer: str) -> dict[str, str | int]:
        """Where the value at a JSON pointer comes from: the column in a flat file, sheet, row and
        column in a form; empty if from no one place.
        """
        while pointer and pointer not in self.columns and pointer not in self.cells:
            pointer = pointer.rpartition("/")[0]
        if pointer in self.columns:
            return {"column": self.columns[pointer]}
        if pointer not in self.cells:
            return {}
        place = asdict(self.cells[pointer])
        return {name: value for name, value in place.items() if value is not None}
