"""Versions of the catalogue: a code is retired, never removed, and is still read."""

import pytest

from app.domain.assessment import Result, assess
from app.domain.indicators import AgeGroup, Sign
from app.domain.protocol.catalogue import check_succession
from tests.support.protocol import ROWS, RULES, catalogue, row


def next_version(change=None, *, rows=ROWS, version="2"):
    changed = [each | (change or {}).get(each["code"], {}) for each in rows]
    return catalogue(changed, version=version)


def test_a_catalogue_without_the_column_has_no_retired_code():
    assert {each.retired for each in catalogue().indicators} == {None}
    assert catalogue().in_force == catalogue().indicators


def test_a_retired_code_is_known_and_no_longer_in_force():
    later = next_version({"EX-02": {"retired": "2"}})
    assert "EX-02" in later
    assert later.get("EX-02").retired == "2"
    assert "EX-02" not in {each.code for each in later.in_force}
    assert len(later.in_force) == len(ROWS) - 1


@pytest.mark.parametrize("code", [each["code"] for each in ROWS])
def test_a_retired_sign_weighs_as_it_did(code):
    signs = [Sign(each["code"]) for each in ROWS if each["code"] != "OB-01"]
    rules = {**RULES, "prompts": {}}
    before = assess(signs, age=AgeGroup.CHILD, catalogue=catalogue(rules=rules))
    rows = [each | ({"retired": "2"} if each["code"] == code else {}) for each in ROWS]
    after = assess(signs, age=AgeGroup.CHILD, catalogue=catalogue(rows, rules, "2"))
    assert after.reading == before.reading
    assert after.urgency is before.urgency


def test_nobody_is_asked_about_a_retired_code():
    age = AgeGroup.ADULT
    assert "EX-02" in assess([], age=age, catalogue=catalogue()).purpose.open_questions
    later = next_version({"EX-02": {"retired": "2"}})
    assert "EX-02" not in assess([], age=age, catalogue=later).purpose.open_questions


def test_a_retired_sign_and_one_in_force_add_up():
    later = next_version({"EX-02": {"retired": "2"}})
    found = assess([Sign("EX-01"), Sign("EX-02")], age=AgeGroup.ADULT, catalogue=later)
    assert found.purpose.result is Result.INDICATED


def test_an_observation_brings_up_no_retired_code():
    with pytest.raises(ValueError, match=r"prompts.OB-01: CD-04 is retired"):
        next_version({"CD-04": {"retired": "2"}})


def test_a_version_may_add_retire_and_reword():
    added = row("EX-03", "exploitation", "purpose")
    check_succession(
        catalogue(),
        next_version({"EX-02": {"retired": "2", "label_en": "New"}}, rows=[*ROWS, added]),
    )


@pytest.mark.parametrize(
    ("newer", "said"),
    [
        (next_version(rows=[each for each in ROWS if each["code"] != "EX-02"]), "EX-02 is missing"),
        (
            next_version({"EX-02": {"dimension": "coercive_recruitment", "element": "means"}}),
            "EX-02 was of exploitation in version 1",
        ),
    ],
)
def test_a_version_that_loses_or_moves_a_code_is_refused(newer, said):
    with pytest.raises(ValueError, match=said):
        check_succession(catalogue(), newer)


@pytest.mark.parametrize("later", ["", "3"])
def test_what_was_retired_stays_so(later):
    second = next_version({"EX-02": {"retired": "2"}})
    third = next_version({"EX-02": {"retired": later}}, version="3")
    with pytest.raises(ValueError, match=r"version 3: EX-02 was retired in version 2"):
        check_succession(second, third)
