"""No cell of a table that we hand out is a formula."""

import csv
import io

import pytest

from app.domain.cells import inert
from app.domain.codelists.mappings import CodeMapping, MappingRow
from app.services.publish_code_lists import publish_code_lists
from app.storage.catalogues import load_catalogue


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"), ("+cmd|calc", "'+cmd|calc"), ("-2", "'-2"), ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), ("", ""), ("R-1", "R-1"), ("'=1", "'=1"),
        ("a=b", "a=b"), (" =1", " =1"),
    ],
)  # fmt: skip
def test_a_cell_that_would_begin_a_formula_has_an_apostrophe_before_it(cell, shown):
    assert inert(cell) == shown


def test_no_cell_of_a_code_list_is_a_formula():
    row = MappingRow(*("=1+1" for _ in MappingRow._fields))
    mapping = CodeMapping(
        **dict.fromkeys(CodeMapping.__annotations__, "x") | {"name": "evil", "rows": (row,)}
    )
    files = publish_code_lists(load_catalogue(), [mapping])
    rows = list(csv.reader(io.StringIO(files["mappings/evil.csv"].content.decode())))
    assert rows[1] == ["'=1+1"] * len(MappingRow._fields)
