"""`tessera import`: nothing lost, nothing twice, what is refused is said."""

import csv
import io
import json
import os
import signal
import stat
import time

import pytest
from openpyxl import Workbook


def report(reference, **more):
    return {"external_ref": reference, "observed_from": "2026-03-01", **more}


def scenario(prefix, count, organisations=3, **more):
    return [
        {
            "organisation": {
                "ref": f"{prefix}-{n % organisations}", "name": "Invented", "kind": "ngo",
                "country": "SK",
            },
            "report": report(f"{prefix}-{n}", **more),
        }
        for n in range(count)
    ]  # fmt: skip


def summary(created=0, repeated=0, conflicts=0, rejected=0, file=None):
    return {
        "created": created, "repeated": repeated, "conflicts": conflicts, "rejected": rejected,
        "file of rejected": file,
    }  # fmt: skip


def members_of(tessera, prefix):
    tessera.run("status", "--wait", "30")
    lines = tessera.run("export", "memberships", "--format", "ndjson")[0].splitlines()
    rows = [json.loads(line) for line in lines]
    return [row for row in rows if row["external_ref"].startswith(prefix)]


def test_references_are_exported_as_they_were_sent_and_as_no_formula_in_csv(tessera, write):
    sent = {f"{mark}exact{mark}1" for mark in ("=", "+", "-", "@", "'", '"', ",", "\t", "")}
    entries = scenario("exact", len(sent))
    for entry, reference in zip(entries, sorted(sent), strict=True):
        entry["report"]["external_ref"] = reference
    tessera.run("import", write(entries))
    tessera.run("status", "--wait", "30")
    lines = tessera.run("export", "memberships", "--format", "ndjson")[0].splitlines()
    plain = {json.loads(line)["external_ref"] for line in lines}
    assert {reference for reference in plain if "exact" in reference} == sent
    rows = csv.DictReader(io.StringIO(tessera.run("export", "memberships")[0], newline=""))
    shown = {row["external_ref"] for row in rows if "exact" in row["external_ref"]}
    assert shown == {f"'{each}" if each[0] in "=+-@\t" else each for each in sent}


def test_a_scenario_is_imported_once_by_two_imports_at_the_same_time(tessera, write):
    path = write(scenario("race", 600))
    imports = [tessera.start("import", path) for _ in range(2)]
    answers = [json.loads(process.communicate(timeout=60)[0]) for process in imports]
    assert [process.returncode for process in imports] == [0, 0]
    assert sum(answer["created"] for answer in answers) == 600
    assert sum(answer["repeated"] for answer in answers) == 600
    rows = members_of(tessera, "race")
    assert len(rows) == 600
    assert {row["organisation"] for row in rows} == {"race-0", "race-1", "race-2"}


def test_an_import_that_was_interrupted_is_resumed_without_loss_or_repetition(tessera, write):
    path = write(scenario("stop", 8_000, narrative="x" * 200))
    process = tessera.start("import", path)
    while tessera.json("status")["reports"] < 1000 and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert error.startswith("tessera: interrupted;")
    assert error.count("\n") == 1
    again = tessera.json("import", path)
    assert 0 < again["repeated"] < 8_000
    assert again["created"] + again["repeated"] == 8_000
    assert again["rejected"] == again["conflicts"] == 0


def test_bad_rows_are_written_beside_the_input_and_do_not_hold_up_good_ones(tessera, write):
    first, second, third = scenario("bad", 3, organisations=1)
    wrong = scenario("bad", 1)[0]
    wrong["organisation"] |= {"ref": "bad-kind", "kind": "circus"}
    auditor = scenario("bad", 1)[0]
    auditor["organisation"] |= {"ref": "bad-auditor", "kind": "auditor"}
    second["report"]["observed_from"] = "yesterday"
    other = json.loads(json.dumps(first))
    other["report"]["narrative"] = "something else"
    path = write([first, second, wrong, auditor, other, third])
    rejected = path.with_name("reports.ndjson.rejected.ndjson")

    answer = tessera.json("import", path, code=1)

    assert answer == summary(created=2, conflicts=1, rejected=3, file=str(rejected))
    assert stat.S_IMODE(rejected.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in rejected.read_text().splitlines()]
    pointers = {line["line"]: [each["pointer"] for each in line["reasons"]] for line in lines}
    assert pointers == {
        2: ["/report/observed_from"], 3: ["/organisation/kind"], 4: ["/organisation/kind"],
        5: ["/report/external_ref"],
    }  # fmt: skip
    assert next(line["row"] for line in lines if line["line"] == 2) == second

    second["report"]["observed_from"] = "2026-03-02"
    write([first, second, third])
    assert tessera.json("import", path) == summary(created=1, repeated=2)
    assert not rejected.exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_flat_files_become_reports_with_all_that_links_them(tessera, tmp_path, ending):
    owner = tessera.organisation()
    table = [
        ["external_ref", "observed_from", "country", "person_1_phones", "vehicle_1_plate"],
        [f"{ending}-1", "2026-03-01", "SK", "0905 348 172", "ZA 417 FK"],
        [f"{ending}-2", "2026-03-02", "SK", "+421 905 348 172;0905 348 173", ""],
        [f"{ending}-3", "2026-02-30", "SK", "", ""],
    ]
    path = tmp_path / f"table.{ending}"
    if ending == "csv":
        path.write_text("\n".join(";".join(f'"{cell}"' for cell in row) for row in table))
    else:
        book = Workbook()
        for row in table:
            book.active.append(row)
        book.save(path)

    answer = tessera.json("import", path, "--org", owner, code=1)

    rejected = tmp_path / f"table.{ending}.rejected.ndjson"
    assert answer == summary(created=2, rejected=1, file=str(rejected))
    line = json.loads(rejected.read_text())
    assert line["line"] == 4
    assert line["reasons"][0]["column"] == "observed_from"
    assert line["row"]["external_ref"] == f"{ending}-3"
    rows = members_of(tessera, ending)
    assert len({row["lead_id"] for row in rows}) == 1
    assert {row["organisation"] for row in rows} == {owner}


def test_plain_reports_are_those_of_the_organisation_named(tessera, write):
    owner = tessera.organisation()
    path = write([report("plain-1"), report("plain-2")], "plain.data")
    answer = tessera.json("import", path, "--org", owner, "--format", "ndjson")
    assert answer == summary(created=2)


def test_wrong_usage_ends_with_2_and_one_line_before_anything_is_stored(tessera, write, tmp_path):
    before = tessera.json("status")["reports"]
    owner, auditor = tessera.organisation(), tessera.organisation(kind="auditor")
    plain = write([report("wrong-1")])
    (tmp_path / "t.csv").write_text("external_ref,colour\nwrong-2,red\n")
    (tmp_path / "t.txt").write_text("")
    for arguments, reason in (
        ([plain], "--org"),
        ([plain, "--org", "nobody"], "/org"),
        ([plain, "--org", "0198c0de-0000-7000-8000-000000000000"], "/org"),
        ([plain, "--org", auditor], "does not report"),
        ([tmp_path / "t.csv", "--org", owner], "unknown columns: “colour”"),
        ([tmp_path / "t.csv"], "--org"),
        ([tmp_path / "t.txt"], "--format"),
        ([tmp_path / "t.csv", "--org", owner, "--format", "xlsx"], "not a readable Excel file"),
    ):
        out, error = tessera.run("import", *arguments, code=2)
        assert out == ""
        assert error.startswith("tessera: ")
        assert error.count("\n") == 1
        assert reason in error
    assert tessera.json("status")["reports"] == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_takes_no_file_of_rejected_rows_is_said(tessera, write, tmp_path):
    path = write([*scenario("closed", 1), {"organisation": {}, "report": {}}])
    tmp_path.chmod(0o500)
    try:
        assert "cannot be written" in tessera.run("import", path, code=2)[1]
    finally:
        tmp_path.chmod(0o700)
