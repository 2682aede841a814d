"""The truth of a scenario: which reports belong together (contract, section 10)."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, TypeAlias

from app.intake.files.rows import FileRefusedError

Reference: TypeAlias = tuple[str, str]
"""Organisation and external reference of a report."""
_COLUMNS = ("organisation", "external_ref", "lead")


def read_truth(path: Path) -> dict[Reference, str]:
    """The true lead of each report; empty where it belongs with no other. A name that ends in
    .gz is unpacked. Raises FileRefusedError.
    """
    with _text(path) as file:
        reader = csv.DictReader(file)
        missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise FileRefusedError(f"{path.name}: no column {', '.join(missing)}")
        truth: dict[Reference, str] = {}
        for row in reader:
            organisation, reference, lead = (row[name] for name in _COLUMNS)
            if organisation is None or reference is None or lead is None:
                raise FileRefusedError(f"{path.name}: line {reader.line_num} is too short")
            if (organisation, reference) in truth:
                raise FileRefusedError(f"{path.name}: line {reader.line_num} repeats a report")
            truth[organisation, reference] = lead
    if not truth:
        raise FileRefusedError(f"{path.name}: it names no report")
    return truth


@contextmanager
def _text(path: Path) -> Iterator[TextIO]:
    try:
        opener = gzip.open if path.name.lower().endswith(".gz") else open
        with opener(path, "rb") as stream:
            yield io.TextIOWrapper(stream, "utf-8-sig", newline="")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error):
        raise FileRefusedError(f"{path.name}: it is not a readable CSV file in UTF-8") from None
