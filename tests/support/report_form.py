"""The spreadsheet form, filled in as a partner would: by what its cells say, not by its code."""

import io
from pathlib import Path

from openpyxl import load_workbook

from app.domain.template.form import HEADING_ROWS, SHEETS
from app.domain.template.wording import Wording
from app.gateways.template_report.country_names import country_names
from app.gateways.template_report.workbook import render_workbook
from app.storage.catalogues import load_protocol


def wording(language="en"):
    """The texts of the template in a language."""
    return Wording(load_protocol(), language, country_names(language))


class Form:
    """One form to fill in."""

    def __init__(self, language="en"):
        self.book = load_workbook(io.BytesIO(render_workbook(wording(language))))

    def sheet(self, name, /):
        """The sheet of that key, whatever its title."""
        place = next(place for place, sheet in enumerate(SHEETS) if sheet.name == name)
        return self.book.worksheets[place]

    def cell(self, name, row, column, /):
        """The cell of a column, by its key; rows count from the first that is filled in."""
        sheet = self.sheet(name)
        place = next(c.column for c in sheet[1] if c.value == f"{name}.{column}")
        return sheet.cell(row=HEADING_ROWS + row, column=place)

    def offered(self, name, column):
        """What the drop-down of a column offers."""
        cell = self.cell(name, 1, column)
        for rule in self.sheet(name).data_validations.dataValidation:
            if cell.coordinate in rule.sqref:
                title, _, cells = rule.formula1.partition("!")
                return [each[0].value for each in self.book[title.strip("'")][cells]]
        return []

    def write(self, name, row, /, **cells):
        """Fill cells of a row in."""
        for column, value in cells.items():
            self.cell(name, row, column).value = value
        return self

    def choose(self, name, row, /, **codes):
        """Choose from the drop-downs of a row, by code."""
        for column, code in codes.items():
            options = self.offered(name, column)
            chosen = [o for o in options if code in o.split(" · ")]
            assert len(chosen) == 1, (column, code, options[:5])
            self.cell(name, row, column).value = chosen[0]
        return self

    def save(self, path: Path) -> Path:
        """Write it to a file."""
        self.book.save(path)
        return path
