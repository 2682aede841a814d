"""Files of reports: NDJSON, CSV and Excel, whole and broken."""

import gzip
import io
import json
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook

from app.intake.files import archive
from app.intake.files.lines import plain_rows, scenario_rows
from app.intake.files.opening import Format, format_of, opened_file
from app.intake.files.rows import FileRefusedError
from app.intake.files.spreadsheet import text_of

ORGANISATION = {"ref": "ngo-1", "name": "Invented", "kind": "ngo", "country": "SK"}


def rows_of(path, kind=None, **options):
    with opened_file(path, kind or format_of(path), **options) as source:
        return list(source.rows)


def written(folder: Path, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# --- NDJSON --------------------------------------------------------------------------------------


def test_plain_lines_are_passed_on_as_they_are():
    stream = io.BytesIO(b'\xef\xbb\xbf{"a": 1}\r\n\n  {"b":2}  \nnot json\n{"c":3}')
    rows = list(plain_rows(stream, limit=100))
    assert [(row.number, row.report) for row in rows] == [
        (1, b'{"a": 1}'), (3, b'{"b":2}'), (4, b"not json"), (5, b'{"c":3}'),
    ]  # fmt: skip
    assert rows[2].original == b'"not json"'
    assert json.loads(rows[0].original) == {"a": 1}


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b""])
@pytest.mark.parametrize("excess", [0, 1, 5, 3_000_000])
def test_a_line_beyond_the_limit_is_refused_alone(ending, excess):
    line = b"1" * (100 + excess) + ending
    rows = list(plain_rows(io.BytesIO(b"7\n" + line + (b"8\n" if ending else b"")), limit=100))
    assert [row.report is None for row in rows] == [False, excess > 0] + [False] * bool(ending)
    if ending:
        assert (rows[-1].number, rows[-1].report) == (3, b"8")


def test_a_scenario_line_gives_sender_and_report():
    line = json.dumps({"organisation": ORGANISATION, "report": {"external_ref": "ё", "x": 1.50}})
    row = next(scenario_rows(io.BytesIO(line.encode()), limit=1000))
    assert row.organisation == ORGANISATION
    assert json.loads(row.report) == {"external_ref": "ё", "x": 1.5}
    assert json.loads(row.original) == json.loads(line)


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ("{", ""),
        ("[]", ""),
        ('{"organisation": {}, "report": []}', "/report"),
        ('{"organisation": "x", "report": {}}', "/organisation"),
        ('{"organisation": {}, "report": {}, "more": 1}', ""),
        ('{"organisation": {}, "report": {"x": NaN}}', ""),
        ('{"organisation": {}, "report": {"x": "\\ud800"}}', ""),
        ("[" * 100_000, ""),
    ],
)
def test_a_scenario_line_of_another_form_is_refused_with_its_place(line, pointer):
    good = json.dumps({"organisation": ORGANISATION, "report": {}})
    rows = list(scenario_rows(io.BytesIO(f"{good}\n{line}\n{good}\n".encode()), limit=1_000_000))
    assert [row.report is None for row in rows] == [False, True, False]
    assert [fault.pointer for fault in rows[1].faults] == [pointer]
    json.loads(rows[1].original)


def test_a_scenario_that_names_no_organisation_from_the_start_is_refused_whole():
    with pytest.raises(FileRefusedError, match="--org"):
        list(scenario_rows(io.BytesIO(b'{"external_ref": "A-1"}\n'), limit=100))


# --- CSV -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_with_any_usual_delimiter_is_read(tmp_path, delimiter, encoding):
    lines = [
        ["external_ref", "forms", "narrative"],
        ["A-1", '"other;unknown"', f'"two{delimiter}\nlines ""quoted"""'],
        ["", "", ""],
        ["Ä-2", "", "x"],
    ]
    text = "\r\n".join(delimiter.join(cells) for cells in lines)
    rows = rows_of(written(tmp_path, "a.csv", text.encode(encoding)))
    assert [row.number for row in rows] == [2, 5]
    assert json.loads(rows[0].report) == {
        "external_ref": "A-1",
        "forms": ["other", "unknown"],
        "narrative": f'two{delimiter}\nlines "quoted"',
    }
    assert json.loads(rows[1].report) == {"external_ref": "Ä-2", "narrative": "x"}


def test_a_csv_row_that_is_no_good_is_refused_alone(tmp_path):
    content = b"external_ref,narrative\nA-1,b\xe9te\nA-2,x,y\nA-3,x\n"
    rows = rows_of(written(tmp_path, "a.csv", content))
    assert [[fault.detail for fault in row.faults] for row in rows] == [
        ["not UTF-8"], ["more cells than columns"], [],
    ]  # fmt: skip
    assert json.loads(rows[1].original) == {
        "external_ref": "A-2", "narrative": "x", "beyond": ["y"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [("", "no header"), ("\n\n", "no header"), ("a,b\n1,2\n", "unknown columns: “a”, “b”")],
)
def test_a_csv_file_without_a_header_of_ours_is_refused_whole(tmp_path, content, reason):
    with pytest.raises(FileRefusedError, match=reason):
        rows_of(written(tmp_path, "a.csv", content))


def test_an_endless_line_is_refused_in_bounded_memory(tmp_path):
    content = b'external_ref,narrative\nA-1,"' + b"x" * (2 << 20)
    with pytest.raises(FileRefusedError, match="longer than"):
        rows_of(written(tmp_path, "a.csv", content))


# --- Excel ---------------------------------------------------------------------------------------


def workbook(folder, rows, name="a.xlsx"):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return folder / name


def test_an_excel_sheet_is_read_with_dates_and_numbers_as_text(tmp_path):
    path = workbook(
        tmp_path,
        [
            [],
            ["external_ref", "observed_from", "observed_to", "lat", "lon", "person_1_phones",
             "safety_at_risk"],
            [417, date(2026, 3, 1), datetime(2026, 3, 2), 49.22, 18, 421905000111, True],
            [],
            ["A-2", "2026-03-01"],
        ],
    )  # fmt: skip
    rows = rows_of(path)
    assert [row.number for row in rows] == [3, 5]
    assert json.loads(rows[0].report) == {
        "external_ref": "417",
        "observed_from": "2026-03-01",
        "observed_to": "2026-03-02",
        "place": {"lat": 49.22, "lon": 18.0},
        "persons": [{"phones": ["421905000111"]}],
        "safety": {"at_risk": True},
    }
    assert json.loads(rows[1].report) == {"external_ref": "A-2", "observed_from": "2026-03-01"}


@pytest.mark.parametrize(
    ("value", "reason"),
    [("=1+1", "a formula"), (1234567890123456, "15 digits"), (1e300, "15 digits")],
)
def test_a_cell_that_holds_no_value_is_refused_with_its_column(tmp_path, value, reason):
    rows = rows_of(workbook(tmp_path, [["external_ref", "narrative"], ["A-1", value], ["A-2"]]))
    assert rows[0].report is None
    assert reason in rows[0].faults[0].detail
    assert "narrative" in rows[0].faults[0].detail
    assert rows[1].report is not None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (True, "true"), (False, "false"), (3, "3"), (3.0, "3"), (3.5, "3.5"),
        ("x", "x"), (date(2026, 3, 1), "2026-03-01"), (datetime(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 0, 1), "2026-03-01T00:01:00"), (time(14, 30), "14:30:00"),
    ],
)  # fmt: skip
def test_a_cell_becomes_sensible_text(value, text):
    assert text_of(value) == text


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = workbook(tmp_path, [["external_ref"], ["A-1"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/bomb", b"\0" * (3 << 20))
    assert path.stat().st_size < 1 << 20
    monkeypatch.setattr(archive, "MOST_BYTES", 2 << 20)
    with pytest.raises(FileRefusedError, match="unpacks to more than 2 MiB"):
        rows_of(path)


@pytest.mark.parametrize("keep", [0, 100, -200, -30])
def test_a_damaged_workbook_is_refused_in_one_line(tmp_path, keep):
    path = workbook(tmp_path, [["external_ref"], ["A-1"]])
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(FileRefusedError, match="not a readable Excel file"):
        rows_of(path)


# --- whichever -----------------------------------------------------------------------------------


def test_a_gzip_file_is_unpacked_and_its_progress_is_that_of_the_packed_file(tmp_path):
    path = written(tmp_path, "a.ndjson.gz", gzip.compress(b'{"a":1}\n{"a":2}\n'))
    with opened_file(path, format_of(path)) as source:
        assert [row.report for row in source.rows] == [b'{"a":1}', b'{"a":2}']
        assert source.position() == source.size == path.stat().st_size


@pytest.mark.parametrize("damage", [lambda c: c[:-12], lambda c: b"xx" + c, lambda c: c[:0]])
def test_a_damaged_gzip_file_is_refused_in_one_line(tmp_path, damage):
    content = damage(gzip.compress(b'{"a":1}\n' * 1000))
    path = written(tmp_path, "a.ndjson.gz", content)
    if not content:
        assert rows_of(path) == []
        return
    with pytest.raises(FileRefusedError, match="not a whole gzip file"):
        rows_of(path)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.ndjson", Format.NDJSON), ("A.NDJSON.GZ", Format.NDJSON), ("a.jsonl", Format.NDJSON),
        ("a.csv", Format.CSV), ("a.csv.gz", Format.CSV), ("a.b.xlsx", Format.XLSX),
    ],
)  # fmt: skip
def test_a_name_tells_the_format(name, kind):
    assert format_of(Path(name)) is kind


@pytest.mark.parametrize("name", ["a", "a.txt", "a.xls", ".gz", "csv"])
def test_a_name_that_tells_nothing_is_refused(name):
    with pytest.raises(FileRefusedError, match="--format"):
        format_of(Path(name))


def test_an_error_of_whoever_reads_is_not_taken_for_one_of_the_file(tmp_path):
    path = written(tmp_path, "a.ndjson", b"1\n")
    with pytest.raises(ConnectionError), opened_file(path, Format.NDJSON):
        raise ConnectionError
