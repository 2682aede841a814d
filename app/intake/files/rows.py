"""What every kind of file is read into: numbered rows, and the refusal of a file as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.errors import Fault


class FileRefusedError(Exception):
    """The file cannot be read, or not further; the message is one line for who sent it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    number: the line (spreadsheet: the row) where it begins, from 1.
    original: the row as it was, as JSON text.
    report: the JSON text of its report; None where `faults` say why there is none.
    organisation: who sends it, where the row itself says so.
    columns: the column that each JSON pointer of the report was read from, in flat files.
    """

    number: int
    original: bytes
    report: bytes | None = None
    organisation: Mapping[str, object] | None = None
    faults: tuple[Fault, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)

    def column_of(self, pointer: str) -> str | None:
        """The column that the value at a JSON pointer comes from; None if from none alone."""
        while pointer:
            if pointer in self.columns:
                return self.columns[pointer]
            pointer = pointer.rpartition("/")[0]
        return None
