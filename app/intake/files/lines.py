"""Newline-delimited JSON: plain reports, or the lines of a scenario, which name their sender.

Reads line by line in bounded memory, whatever the length of a line.
"""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from pydantic_core import from_json, to_json

from app.domain.errors import Fault
from app.intake.files.rows import FileRefusedError, Row

_SKIP_BYTES = 1 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def plain_rows(stream: BinaryIO, *, limit: int) -> Iterator[Row]:
    """The rows of a file of plain reports. A line of more than `limit` bytes is refused."""
    for number, line in _lines(stream, limit):
        if line is None:
            yield _too_long(number, limit)
        else:
            yield Row(number, _as_json(line), line)


def scenario_rows(stream: BinaryIO, *, limit: int) -> Iterator[Row]:
    """The rows of a scenario: `{"organisation": {…}, "report": {…}}` (contract, section 10).

    Raises FileRefusedError where the first line names no organisation: then none will.
    """
    first = True
    for number, line in _lines(stream, limit):
        row = _too_long(number, limit) if line is None else _scenario_row(number, line)
        if first and any(fault.pointer == "/organisation" for fault in row.faults):
            raise FileRefusedError("the reports name no organisation: say whose they are by --org")
        first = False
        yield row


def _lines(stream: BinaryIO, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """The lines that are not blank, numbered; None for one that is too long, which is skipped."""
    number = 0
    while line := stream.readline(limit + 2):
        number += 1
        is_too_long = len(line.rstrip(b"\r\n")) > limit
        while is_too_long and line and not line.endswith(b"\n"):
            line = stream.readline(_SKIP_BYTES)
        if is_too_long:
            yield number, None
            continue
        line = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
        if line.strip():
            yield number, line.strip()


def _too_long(number: int, limit: int) -> Row:
    return Row(number, b"null", faults=(Fault("", f"at most {limit} bytes a line"),))


def _as_json(line: bytes) -> bytes:
    """The line itself where it is JSON, else a JSON text that holds it."""
    try:
        from_json(line, allow_inf_nan=False)
    except ValueError:
        return to_json(line.decode("utf-8", "backslashreplace"))
    return line


def _scenario_row(number: int, line: bytes) -> Row:
    try:
        entry = from_json(line, allow_inf_nan=False)
    except ValueError:
        fault = Fault("", "The line is not valid JSON in UTF-8")
        return Row(number, _as_json(line), faults=(fault,))
    if not isinstance(entry, Mapping):
        return Row(number, line, faults=(Fault("", "a JSON object is expected"),))
    faults = [
        Fault(f"/{name}", "an object is expected")
        for name in ("organisation", "report")
        if not isinstance(entry.get(name), Mapping)
    ]
    faults += [
        Fault("", "only an organisation and a report are expected")
        for _ in range(bool(entry.keys() - {"organisation", "report"}))
    ]
    if faults:
        return Row(number, line, faults=tuple(faults))
    return Row(number, line, to_json(entry["report"]), entry["organisation"])
