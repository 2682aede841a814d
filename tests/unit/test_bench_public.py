"""Public record sets become scenarios: every line is a valid report, and the truth is theirs."""

import csv
import json
from collections import Counter

import pytest

from app.api.v1.schemas.report import ReportIn
from app.cli.truth import read_truth
from bench.public import SETS, SourceError, iso_date, write_set

FEBRL_HEADING = (
    "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, "
    "date_of_birth, soc_sec_id\n"
)
FEBRL = (
    "rec-1-org, alba, wattle, 7, invented place, far farm, nowhere, 2119, sa, 19560409, 1804974\n"
    "rec-1-dup-0, alba, watle, , , , , 2119, sa, 19561309, 1804947\n"
)
OTHER = "rec-12-org, , quoll, 9, made up street, , erewhon, 3165, nsw, , 6089216\n"
SPLINK = (
    "unique_id,first_name,surname,dob,city,email,cluster\n"
    "0,Iva ,Example,1971-06-24,Leeds,iva@mail.example,0\n"
    "1,Iva,,1971-05-24,,,0\n"
    "2,Otto,Sample,,York,otto@mail.example,1\n"
)
GUIDE = "id,name,addr,city,phone,type\n"
FODORS = GUIDE + "9,the invented fork,1 none st.,erewhon,212/555-0101,american\n"
ZAGATS = GUIDE + (
    "9,another place,2 none st.,erewhon,212-555-0102,thai\n"
    "10,invented fork  the,1 none street,erewhon,212-555-0101,american\n"
)
PAIRS = "fodors_id,zagats_id\n9,10\n"
CASES = {
    "febrl1": ([FEBRL_HEADING + FEBRL + OTHER], Counter({2: 1, 1: 1}), "1804974"),
    "febrl4": ([FEBRL_HEADING + FEBRL, FEBRL_HEADING + OTHER], Counter({2: 1, 1: 1}), "1804974"),
    "splink-fake": ([SPLINK], Counter({2: 1, 1: 1}), "iva@mail.example"),
    "fodors-zagats": ([FODORS, ZAGATS, PAIRS], Counter({2: 1, 1: 1}), "212-555-0101"),
}
each_set = pytest.mark.parametrize("name", CASES)


@pytest.fixture
def written(tmp_path):
    def write(name, *, texts=None, with_id=True):
        sources = []
        for number, text in enumerate(CASES[name][0] if texts is None else texts):
            sources.append(tmp_path / f"{number}.csv")
            sources[-1].write_text(text, encoding="utf-8")
        sizes = write_set(name, sources, tmp_path / "out", with_id=with_id)
        text = (tmp_path / "out" / "reports.ndjson").read_text(encoding="utf-8")
        return sizes, [json.loads(line) for line in text.splitlines()], tmp_path / "out"

    return write


@each_set
def test_every_record_becomes_a_valid_report_and_a_row_of_the_truth(written, name):
    sizes, lines, folder = written(name)
    for line in lines:
        ReportIn.model_validate_json(json.dumps(line["report"]))
    truth = read_truth(folder / "truth.csv")
    assert sizes == CASES[name][1]
    assert list(truth) == [(x["organisation"]["ref"], x["report"]["external_ref"]) for x in lines]
    assert sorted(Counter(truth.values()).values()) == [1, 2]
    assert Counter(truth.values())[""] == 1


@each_set
@pytest.mark.parametrize("with_id", [True, False])
def test_the_field_that_identifies_by_itself_is_left_out_on_demand(written, name, with_id):
    _, lines, _ = written(name, with_id=with_id)
    assert (CASES[name][2] in json.dumps(lines)) is with_id


def test_a_febrl_record_keeps_its_name_birth_date_address_and_number(written):
    _, lines, folder = written("febrl1")
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        leads = {row["external_ref"]: row["lead"] for row in csv.DictReader(file)}
    report = next(x["report"] for x in lines if "wattle" in json.dumps(x))
    assert report["persons"] == [
        {
            "role": "suspected_victim",
            "given_name": "alba",
            "family_name": "wattle",
            "birth_date": "1956-04-09",
            "documents": [{"kind": "national_id", "number": "1804974", "country": "AU"}],
        }
    ]
    assert report["place"] == {
        "country": "AU",
        "locality": "nowhere",
        "address": "7 invented place, far farm",
    }
    assert leads[report["external_ref"]] == "rec-1"


def test_what_a_record_lacks_or_has_malformed_is_absent_from_the_report(written):
    _, lines, _ = written("febrl1")
    report = next(x["report"] for x in lines if "watle" in json.dumps(x))
    assert report["place"] == {"country": "AU"}
    assert "birth_date" not in report["persons"][0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19560409", "1956-04-09"),
        ("2015-10-29", "2015-10-29"),
        ("19561309", None),
        ("18991231", None),
        ("", None),
        ("unknown", None),
    ],
)
def test_a_date_is_read_or_dropped(text, expected):
    assert iso_date(text) == expected


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [SPLINK],
        [FEBRL_HEADING + FEBRL, FEBRL_HEADING + OTHER],
        [FEBRL_HEADING + "rec-1-org, alba\n"],
    ],
    ids=["no file", "another set", "a file too many", "a short row"],
)
def test_sources_that_are_not_of_the_set_are_refused(written, texts):
    with pytest.raises(SourceError):
        written("febrl1", texts=texts)


def test_all_febrl_sets_are_offered():
    assert {"febrl1", "febrl2", "febrl3", "febrl4"} <= SETS.keys()
