"""The spreadsheet form (XLSX) for partners without a system: drop-down lists, all cells as text.

Reading it back is the business of `app.intake.files`. It holds no formula, no macro and no link.
"""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.domain.template.form import HEADING_ROWS, SHEETS, Column, Sheet
from app.domain.template.wording import Wording, codes_of

_LISTS = "lists"
_ROWS = 2000
"""How many rows of each sheet offer lists. More can be written all the same."""
_AS_TEXT = "@"
"""Without it a spreadsheet takes the plus off a phone number and the zeros before it."""
_TOP = Alignment(vertical="top", wrap_text=True)
_DARK = PatternFill("solid", fgColor="1D4F73")
_LIGHT = PatternFill("solid", fgColor="F2F6F9")
_ON_DARK = Font(bold=True, color="FFFFFF")
_SMALL = Font(size=9, italic=True, color="555555")


def render_workbook(wording: Wording) -> bytes:
    """The form in the language of `wording`."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    book.remove(sheet)
    ranges = _Ranges(wording)
    for each in SHEETS:
        _fill(book.create_sheet(wording.say("sheet", each.name)), each, wording, ranges)
    _guide(book.create_sheet(wording.say("sheet", "guide")), wording)
    ranges.write(book.create_sheet(_LISTS))
    book.active = len(SHEETS)
    book.properties.title = wording.say("page", "title")
    book.properties.creator = "Tessera"
    book.properties.language = wording.spoken
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Ranges:
    """The code lists that are used, each a column of a sheet of its own."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._lists: dict[str, list[str]] = {}

    def of(self, list_: str) -> str:
        """The range that holds a list, for a drop-down."""
        if list_ not in self._lists:
            codes = codes_of(list_, self._wording.catalogue)
            self._lists[list_] = [self._wording.choice(list_, code) for code in codes]
        letter = get_column_letter(list(self._lists).index(list_) + 1)
        return f"'{_LISTS}'!${letter}$1:${letter}${len(self._lists[list_])}"

    def write(self, sheet: Worksheet) -> None:
        """Put the lists where `of` said they are."""
        for place, choices in enumerate(self._lists.values(), start=1):
            for row, choice in enumerate(choices, start=1):
                _put(sheet, row, place, choice)
        sheet.sheet_state = "hidden"


def _fill(target: Worksheet, sheet: Sheet, wording: Wording, ranges: _Ranges) -> None:
    for place, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(place)
        of_column = target.column_dimensions[letter]
        of_column.width = column.width
        of_column.number_format = _AS_TEXT
        _put(target, 1, place, sheet.key(column))
        _put(target, 2, place, _heading(column, wording), _ON_DARK, _DARK)
        hint = wording.hint(column.hint or ("choose" if column.list else ""))
        _put(target, HEADING_ROWS, place, hint, _SMALL, _LIGHT)
        if column.list:
            target.add_data_validation(_offer(column, letter, wording, ranges))
    target.row_dimensions[1].hidden = True
    target.row_dimensions[2].height = 45
    target.row_dimensions[HEADING_ROWS].height = 60
    target.freeze_panes = f"B{HEADING_ROWS + 1}"


def _heading(column: Column, wording: Wording) -> str:
    label = wording.say("fields", column.label)
    number = f" {column.number}" if column.number else ""
    return f"{label}{number}{' *' if column.needed else ''}"


def _offer(column: Column, letter: str, wording: Wording, ranges: _Ranges) -> DataValidation:
    """A drop-down over the rows to be filled in. What is not in the list is refused at once."""
    return DataValidation(
        type="list",
        formula1=ranges.of(column.list),
        allow_blank=True,
        showErrorMessage=True,
        error=wording.say("sheet", "not_in_list"),
        errorTitle=wording.say("hints", "choose"),
        sqref=f"{letter}{HEADING_ROWS + 1}:{letter}{HEADING_ROWS + _ROWS}",
    )


def _guide(target: Worksheet, wording: Wording) -> None:
    lines = [(wording.say("page", "title"), Font(bold=True, size=14))]
    lines += [(wording.say("page", key), Font(bold=key == "danger")) for key in _notes(wording)]
    lines += [(wording.say("sheet", f"step_{n}"), Font()) for n in range(1, 6)]
    for list_, field in (("handling", "code"), ("tlps", "tlp")):
        lines.append((wording.say("fields", field), Font(bold=True)))
        codes = codes_of(list_, wording.catalogue)
        lines += [(wording.choice(list_, code), Font()) for code in codes]
    lines.append((f"{wording.say('page', 'protocol')} {wording.catalogue.version}", _SMALL))
    target.column_dimensions["A"].width = 100
    for row, (text, font) in enumerate(lines, start=1):
        _put(target, row, 1, text, font)


def _notes(wording: Wording) -> tuple[str, ...]:
    notes = ("danger", "screening", "known")
    return (*notes, "draft") if wording.is_draft else notes


def _put(
    sheet: Worksheet,
    row: int,
    place: int,
    text: str,
    font: Font | None = None,
    fill: PatternFill | None = None,
) -> None:
    cell = sheet.cell(row=row, column=place)
    cell.value = text
    cell.data_type = "s"  # never a formula, whatever the text begins with
    cell.number_format = _AS_TEXT
    if font is not None:
        cell.font = font
        cell.alignment = _TOP
    if fill is not None:
        cell.fill = fill
