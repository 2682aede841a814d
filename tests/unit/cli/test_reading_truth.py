"""The truth of a scenario: read as it is, or refused in one line."""

import gzip

import pytest

from app.cli.truth import read_truth
from app.intake.files.rows import FileRefusedError

GOOD = "organisation,external_ref,lead\nngo-1,Ё-1,a\nngo-2,Ё-1,\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("truth.csv", GOOD.encode()),
        ("truth.csv", GOOD.encode("utf-8-sig")),
        ("truth.csv.gz", gzip.compress(GOOD.encode())),
        (
            "truth.csv",
            b"lead,more,organisation,external_ref\r\na,1,ngo-1,\xd0\x81-1\r\n,2,ngo-2,\xd0\x81-1",
        ),
    ],
)
def test_truth_is_read_by_organisation_and_reference(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert read_truth(tmp_path / name) == {("ngo-1", "Ё-1"): "a", ("ngo-2", "Ё-1"): ""}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("t.csv", b"organisation,lead\n", "no column external_ref"),
        ("t.csv", b"", "no column organisation, external_ref, lead"),
        ("t.csv", b"organisation,external_ref,lead\n", "names no report"),
        ("t.csv", b"organisation,external_ref,lead\na,b\n", "line 2 is too short"),
        ("t.csv", GOOD.encode() + b"ngo-1,\xd0\x81-1,b\n", "line 4 repeats a report"),
        ("t.csv", b"organisation,external_ref,lead\na,\xff,\n", "not a readable CSV"),
        ("t.csv.gz", GOOD.encode(), "not a readable CSV"),
        ("t.csv.gz", gzip.compress(GOOD.encode())[:-9], "not a readable CSV"),
    ],
)
def test_another_file_is_refused_in_one_line(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileRefusedError, match=reason) as refused:
        read_truth(tmp_path / name)
    assert "\n" not in str(refused.value)
