"""The spreadsheet form, filled in and read back: whole, with bad rows, and hostile."""

import json
import os
import struct
import time
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from app.api.v1.reading import read_draft
from app.cli.accepting import _reasons, _rejection
from app.domain.errors import InvalidInputError
from app.domain.protocol.texts import LANGUAGES
from app.intake.files import archive, form
from app.intake.files.opening import Format, opened_file
from app.intake.files.rows import FileRefusedError
from tests.support.report_form import Form


def rows_of(path):
    with opened_file(path, Format.XLSX) as source:
        return list(source.rows)


def rejected(row):
    """What the file of rejected rows says of a row; None where it is accepted."""
    error = InvalidInputError(faults=row.faults)
    if row.report is not None:
        try:
            read_draft(row.report)
        except InvalidInputError as found:
            error = found
        else:
            return None
    return json.loads(_rejection(row, _reasons(row, error)))


def minimal(language="en", reference="R-1"):
    return Form(language).write("reports", 1, external_ref=reference, observed_from="2026-03-01")


def test_a_form_can_be_imported_empty(tmp_path):
    assert rows_of(Form().save(tmp_path / "a.xlsx")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_in_every_language_gives_the_same_report(tmp_path, language):
    filled = minimal(language, "R-1")
    filled.write("reports", 1, narrative="Two people.\nOne car.", nuts="SK031", route="UA; SK ;AT")
    filled.choose(
        "reports", 1, form_1="labour_exploitation", form_3="forced_begging", indicator_1="EX-01",
        indicator_10="CD-01", country="SK", at_risk="yes", do_not_contact="no", channel="direct",
        reliability="B", credibility="2", basis="vital_interest", scope_linking="yes",
        scope_police="no", scope_statistics="yes", victim_informed="no", code="H2", tlp="AMBER",
    )  # fmt: skip
    filled.write("persons", 1, external_ref="R-1", name="Nguyen", phones="+421 905 000 111; 0905",
                 document_kind="passport", document_number="X1", birth_date="1999-05")  # fmt: skip
    filled.choose("persons", 1, role="suspected_victim", age_group="child", sex="female",
                  nationality="VN", document_country="VN")  # fmt: skip
    filled.write("persons", 2, external_ref="R-1", given_name="Petr")
    filled.write("organisations", 1, external_ref="R-1", name="Invented")
    filled.choose("organisations", 1, role="employer", country="SK")
    filled.write("vehicles", 1, external_ref="R-1", plate="ZA123XY")
    filled.write("attributes", 1, external_ref="R-1", value="0905 000 111")
    filled.choose("attributes", 1, kind="phone", role="helper", country="SK")
    (row,) = rows_of(filled.save(tmp_path / "a.xlsx"))
    assert rejected(row) is None
    assert json.loads(row.report) == {
        "external_ref": "R-1",
        "observed_from": "2026-03-01",
        "forms": ["labour_exploitation", "forced_begging"],
        "indicators": ["EX-01", "CD-01"],
        "narrative": "Two people.\nOne car.",
        "place": {"country": "SK", "nuts": "SK031"},
        "route": ["UA", "SK", "AT"],
        "safety": {"at_risk": True, "do_not_contact": False},
        "source": {"channel": "direct", "reliability": "B", "credibility": 2},
        "consent": {
            "basis": "vital_interest", "scopes": ["linking", "statistics"],
            "victim_informed": False,
        },
        "handling": {"code": "H2", "tlp": "AMBER"},
        "persons": [
            {
                "role": "suspected_victim", "name": "Nguyen", "birth_date": "1999-05",
                "age_group": "child", "sex": "female", "nationality": "VN",
                "documents": [{"kind": "passport", "number": "X1", "country": "VN"}],
                "phones": ["+421 905 000 111", "0905"],
            },
            {"given_name": "Petr"},
        ],
        "organisations": [{"role": "employer", "name": "Invented", "country": "SK"}],
        "vehicles": [{"plate": "ZA123XY"}],
        "attributes": [
            {"kind": "phone", "value": "0905 000 111", "role": "helper", "country": "SK"}
        ],
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "el"])
def test_every_choice_that_is_offered_is_understood(tmp_path, language):
    filled = Form(language)
    count = 0
    for sheet in form.KEYS.values():
        name, column = sheet[0].name, sheet[1]
        for choice in filled.offered(name, column.name) if name != "reports" else ():
            count += 1
            filled.write("reports", count, external_ref=f"R-{count}", observed_from="2026-03-01")
            filled.write(name, count, external_ref=f"R-{count}", **{column.name: choice})
            if name == "attributes" and column.name != "kind":
                filled.choose(name, count, kind="phone")
            if name == "attributes":
                filled.write(name, count, value="1")
            if column.name == "document_country":
                filled.write(name, count, document_kind="passport", document_number="X1")
    rows = rows_of(filled.save(tmp_path / "a.xlsx"))
    assert len(rows) == count > 600
    assert [rejected(row) for row in rows if rejected(row)] == []


def test_a_code_is_understood_alone_and_whatever_its_case(tmp_path):
    filled = minimal().write("reports", 1, country="sk", form_1="Labour_Exploitation", code="h1")
    (row,) = rows_of(filled.save(tmp_path / "a.xlsx"))
    report = json.loads(row.report)
    assert (report["place"], report["forms"]) == ({"country": "SK"}, ["labour_exploitation"])
    assert report["handling"] == {"code": "H1"}


@pytest.mark.parametrize(
    ("column", "cell", "field", "value"),
    [
        ("at_risk", "Да", "safety", {"at_risk": True}),
        ("at_risk", "όχι", "safety", {"at_risk": False}),
        ("at_risk", True, "safety", {"at_risk": True}),
        ("do_not_contact", False, "safety", {"do_not_contact": False}),
        ("scope_police", True, "consent", {"basis": "consent", "scopes": ["police"]}),
        ("form_1", "Трудова експлоатация", "forms", ["labour_exploitation"]),
        ("form_1", "labour exploitation", "forms", ["labour_exploitation"]),
        ("country", "Словакия", "place", {"country": "SK"}),
        ("indicator_1", "Identity papers are held by someone else", "indicators", ["CD-01"]),
    ],
)
def test_a_word_without_its_code_is_understood_in_any_language_and_so_is_a_truth_value(
    tmp_path, column, cell, field, value
):
    filled = minimal("en").write("reports", 1, **{column: cell})
    if field == "consent":
        filled.choose("reports", 1, basis="consent")
    (row,) = rows_of(filled.save(tmp_path / "a.xlsx"))
    assert rejected(row) is None
    assert json.loads(row.report)[field] == value


@pytest.mark.parametrize("code", ["Jana Tajna and a long sentence", "EX-1"])
def test_a_cell_that_holds_no_code_is_refused_for_that_reason_alone(tmp_path, code):
    filled = minimal().write("reports", 1, indicator_1=code, country="Jana")
    (row,) = rows_of(filled.save(tmp_path / "a.xlsx"))
    assert sorted(each["detail"] for each in rejected(row)["reasons"]) == [
        "not a code of the catalogue", "not a country code of ISO 3166-1 alpha-2",
    ]  # fmt: skip


def test_a_time_of_a_cell_which_has_no_zone_is_refused_and_not_guessed(tmp_path):
    filled = minimal().write("reports", 1, observed_from=datetime(2026, 3, 1, 10, 0))
    filled.write("reports", 2, external_ref="R-2", observed_from=datetime(2026, 3, 1))
    filled.write("reports", 3, external_ref="R-3", observed_from="2026-03-01T10:00:00+01:00")
    first, *others = rows_of(filled.save(tmp_path / "a.xlsx"))
    (reason,) = rejected(first)["reasons"]
    assert (reason["pointer"], reason["column"]) == ("/observed_from", "B")
    assert "a time with its offset" in reason["detail"]
    assert [rejected(each) for each in others] == [None, None]


def test_bad_rows_are_refused_one_by_one_with_sheet_row_and_column_and_good_ones_are_not(tmp_path):
    filled = Form()
    filled.write("reports", 1, external_ref="good", observed_from="2026-03-01")
    filled.write("reports", 2, external_ref="no-day", narrative="Jana Tajna")
    filled.write("reports", 3, observed_from="2026-03-01")
    filled.write("reports", 4, external_ref="bad", observed_from="Jana", form_1="other",
                 form_2="Jana Tajna", country="Jana", at_risk="Jana", credibility="Jana",
                 scope_police="Jana")  # fmt: skip
    filled.write("reports", 5, external_ref="bad-person", observed_from="2026-03-01")
    filled.write("persons", 1, external_ref="bad-person", name="Jana")
    filled.write("persons", 2, external_ref="bad-person", birth_date="Jana", role="Jana",
                 document_number="X1")  # fmt: skip
    filled.write("reports", 6, external_ref="good", observed_from="2026-03-02")
    filled.write("persons", 3, external_ref="nowhere", name="Jana")
    filled.write("vehicles", 1, plate="ZA123XY")
    rows = rows_of(filled.save(tmp_path / "a.xlsx"))
    told = [rejected(row) for row in rows]
    places = [
        None if each is None else sorted(
            (reason["sheet"], reason["row"], reason.get("column", ""), reason["pointer"])
            for reason in each["reasons"]
        )
        for each in told
    ]  # fmt: skip
    column = {c.value: c.column_letter for s in filled.book.worksheets for c in s[1] if c.value}
    assert places == [
        None,
        [("Reports", 5, "B", "/observed_from")],
        [("Reports", 6, "A", "/external_ref")],
        sorted(
            ("Reports", 7, column[f"reports.{name}"], pointer)
            for name, pointer in [
                ("observed_from", "/observed_from"), ("form_2", "/forms/1"),
                ("country", "/place/country"), ("at_risk", "/safety/at_risk"),
                ("credibility", "/source/credibility"), ("scope_police", "/consent/scopes/0"),
                ("basis", "/consent/basis"),
            ]
        ),
        sorted(
            ("Persons", 5, column[f"persons.{name}"], pointer)
            for name, pointer in [
                ("birth_date", "/persons/1/birth_date"), ("role", "/persons/1/role"),
                ("document_kind", "/persons/1/documents/0/kind"),
            ]
        ),
        [("Reports", 9, "A", "/external_ref")],
        [("Persons", 6, "A", "/external_ref")],
        [("Vehicles", 4, "A", "/external_ref")],
    ]  # fmt: skip
    reasons = json.dumps([each["reasons"] for each in told if each])
    assert not [value for value in ("Jana", "Tajna", "ZA123XY", "X1") if value in reasons]


def test_rows_of_a_reference_that_stands_there_twice_belong_to_the_first(tmp_path):
    filled = minimal().write("reports", 2, external_ref="R-1", observed_from="2026-03-02")
    filled.write("persons", 1, external_ref="R-1", name="Petr")
    first, second = rows_of(filled.save(tmp_path / "a.xlsx"))
    assert json.loads(first.report)["persons"] == [{"name": "Petr"}]
    assert "same reference" in second.faults[0].detail


@pytest.mark.parametrize(
    ("sheet", "column"), [("reports", "narrative"), ("reports", "external_ref"),
                          ("persons", "name"), ("attributes", "value")],
)  # fmt: skip
@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("https://evil.example","x")', "=A1"])
def test_a_formula_is_refused_with_its_place_and_never_computed(tmp_path, sheet, column, formula):
    filled = minimal()
    if sheet != "reports":
        filled.write(sheet, 1, external_ref="R-1")
    filled.write(sheet, 1, **{column: formula})
    rows = rows_of(filled.save(tmp_path / "a.xlsx"))
    (reason,) = rejected(rows[0])["reasons"]
    assert reason["detail"] == "a formula is no value"
    assert (reason["sheet"], reason["row"]) == (filled.sheet(sheet).title, 4)
    assert filled.cell(sheet, 1, column).column_letter == reason["column"]


def test_a_text_that_looks_like_a_formula_is_text(tmp_path):
    filled = minimal().write("reports", 1, narrative="x")
    filled.cell("reports", 1, "narrative").value = '=cmd|" /C calc"!A0'
    filled.cell("reports", 1, "narrative").data_type = "s"
    (row,) = rows_of(filled.save(tmp_path / "a.xlsx"))
    assert json.loads(row.report)["narrative"] == '=cmd|" /C calc"!A0'


def test_a_form_whose_sheets_are_renamed_and_moved_is_still_read(tmp_path):
    filled = minimal().write("persons", 1, external_ref="R-1", name="Petr")
    filled.sheet("persons").title = "renamed"
    filled.book.move_sheet(filled.sheet("reports"), offset=3)
    (row,) = rows_of(filled.save(tmp_path / "a.xlsx"))
    assert json.loads(row.report)["persons"] == [{"name": "Petr"}]


@pytest.mark.parametrize(
    ("cell", "value", "why"),
    [
        ("C1", "reports.colour", "unknown columns"),
        ("C1", "reports.observed_from", "stands there twice"),
        ("A1", None, "lost the column of the reference"),
    ],
)
def test_a_form_whose_hidden_row_was_changed_is_refused_whole(tmp_path, cell, value, why):
    filled = minimal()
    filled.sheet("reports")[cell].value = value
    with pytest.raises(FileRefusedError, match=why):
        rows_of(filled.save(tmp_path / "a.xlsx"))


def test_more_rows_beside_the_reports_than_memory_is_for_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(form, "MOST_PARTS", 1)
    filled = minimal().write("persons", 1, external_ref="R-1", name="x")
    filled.write("vehicles", 1, external_ref="R-1", plate="y")
    with pytest.raises(FileRefusedError, match="more than 1 rows"):
        rows_of(filled.save(tmp_path / "a.xlsx"))


# --- hostile archives ----------------------------------------------------------------------------


def test_a_bomb_is_refused_before_anything_is_unpacked(tmp_path):
    path = minimal().save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet99.xml", b"<c/>" * (8 << 20))
    assert path.stat().st_size < 1 << 20
    begin = time.perf_counter()
    with pytest.raises(FileRefusedError, match="unpacks to more than 200 times"):
        rows_of(path)
    assert time.perf_counter() - begin < 1


def test_an_archive_of_very_many_parts_is_refused(tmp_path):
    path = minimal().save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a") as packed:
        for number in range(archive.MOST_ENTRIES):
            packed.writestr(f"x/{number}", b"")
    with pytest.raises(FileRefusedError, match="parts"):
        rows_of(path)


def test_a_part_that_lies_about_its_size_gives_no_more_than_it_says(tmp_path):
    """The size in the directory is what the bounds go by; what is behind it is not read."""
    book = Workbook()
    book.active.append(["external_ref"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    lie = "xl/worksheets/sheet1.xml"
    parts[lie] = parts[lie].replace(b"</sheetData>", b"<row/>" * (12 << 20) + b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    content = bytearray(path.read_bytes())
    # central directory header: the uncompressed size stands 24 bytes in, the name 46
    at = content.rindex(lie.encode()) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<I", content, at + 24, 2000)
    path.write_bytes(bytes(content))
    begin = time.perf_counter()
    with pytest.raises(FileRefusedError, match="not a readable Excel file"):
        rows_of(path)
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("offset", [0, archive._CHUNK - 60])
def test_entities_that_grow_without_end_are_refused_before_they_are_parsed(
    tmp_path, encoding, offset
):
    path = minimal().save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' if n else '<!ENTITY e0 "boom">' for n in range(12)
    )
    filler = f"<!--{os.urandom(offset // 4).hex()}-->" if offset else ""
    bomb = f"{filler}<!DOCTYPE worksheet [{entities}]><worksheet>&e11;</worksheet>"
    parts["xl/worksheets/sheet1.xml"] = bomb.encode(encoding)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    begin = time.perf_counter()
    with pytest.raises(FileRefusedError, match="document type"):
        rows_of(path)
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize("language", ["en", "sk"])
def test_an_own_code_of_an_extension_is_offered_and_read_back(tmp_path, language):
    filled = minimal(language).choose("reports", 1, indicator_1="SK-01")
    (row,) = rows_of(filled.save(tmp_path / "a.xlsx"))
    assert rejected(row) is None
    assert json.loads(row.report)["indicators"] == ["SK-01"]
