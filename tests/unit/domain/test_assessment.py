"""What signs add up to: elements, ages, leads, answers and additions."""

import csv
import json
import random
import tomllib
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app
from app.domain.assessment import MOST_QUESTIONS, SCREENING_NOTE, Result, Urgency, assess
from app.domain.elements import Answers
from app.domain.indicators import (
    ALL_ADDITIONS,
    NO_ADDITIONS,
    Additions,
    AgeGroup,
    Element,
    Form,
    Sign,
)
from app.domain.protocol.catalogue import parse_catalogue

FOLDER = Path(app.__file__).parent / "data" / "protocol" / "v1"


def load():
    with (FOLDER / "indicators.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rules = tomllib.loads((FOLDER / "overrides.toml").read_text(encoding="utf-8"))
    return parse_catalogue(rows, version="1", rules=rules)


CATALOGUE = load()
ADULT, CHILD, UNKNOWN_AGE = AgeGroup.ADULT, AgeGroup.CHILD, AgeGroup.UNKNOWN
INDICATED, NOT, OPEN = Result.INDICATED, Result.NOT_INDICATED, Result.UNKNOWN
LABOUR = (Form.LABOUR_EXPLOITATION,)


def assessed(*codes, age=ADULT, additions=ALL_ADDITIONS, answers_no=(), asked_about=None, **rest):
    return assess(
        [Sign(code) for code in codes],
        age=age,
        catalogue=with_additions(additions),
        answers=Answers(frozenset(answers_no), asked_about),
        **rest,
    )


@cache
def with_additions(additions):
    if additions == ALL_ADDITIONS:
        return CATALOGUE
    return replace(CATALOGUE, rules=replace(CATALOGUE.rules, additions=additions))


def results(assessment):
    return tuple(each.result for each in assessment.reading)


def codes_of(element):
    return [each.code for each in CATALOGUE.indicators if each.element is element]


STRONG, MEDIUM, WEAK = ("CD-01", "CD-02"), ("CD-05", "CD-06", "CD-08"), ("CD-14",)


@pytest.mark.parametrize("counts", list(product(range(3), range(4), range(2))))
def test_the_means_stand_as_the_delphi_rule_says(counts):
    strong, medium, weak = counts
    found = assessed(*STRONG[:strong], *MEDIUM[:medium], *WEAK[:weak])
    expected = counts in {
        (s, m, w)
        for s, m, w in product(range(3), range(4), range(2))
        if s == 2 or (s == 1 and m + w) or m == 3 or (m == 2 and w)
    }
    assert (found.means.result is INDICATED) is expected
    assert found.means.dimensions == (("coercion_destination",) if expected else ())


def test_signs_of_different_dimensions_do_not_add_up():
    assert assessed("DR-01", "CR-01", "CD-01").means.result is OPEN


@pytest.mark.parametrize("code", ["AC-01", "AC-02", "AC-03", "AC-04"])
def test_one_act_is_enough(code):
    assert results(assessed(code)) == (INDICATED, OPEN, OPEN)


def test_three_elements_together_are_indicated_for_an_adult():
    found = assessed("AC-01", "CD-01", "CD-02", "EX-01", "EX-02")
    assert results(found) == (INDICATED, INDICATED, INDICATED)
    assert found.reading.all_elements is INDICATED
    assert found.completeness == 1.0
    assert found.means.indicators == ("CD-01", "CD-02")
    assert found.means.open_questions == ()
    assert (found.adult, found.child) == (None, None)


def test_for_a_child_act_and_purpose_are_enough():
    child = assessed("AC-01", "EX-01", "EX-02", age=CHILD)
    adult = assessed("AC-01", "EX-01", "EX-02", age=ADULT)
    assert (child.reading.all_elements, child.completeness) == (INDICATED, 1.0)
    assert (adult.reading.all_elements, adult.completeness) == (OPEN, 0.67)
    assert (child.means.required, adult.means.required) == (False, True)
    assert child.means.open_questions == ()


def test_the_means_of_a_child_are_still_told():
    means = assessed("CD-05", "CD-06", age=CHILD).means
    assert (means.result, means.indicators) == (INDICATED, ("CD-05", "CD-06"))


@pytest.mark.parametrize(
    ("codes", "age", "forms", "element", "result"),
    [
        (("CD-05", "CD-06"), ADULT, LABOUR, Element.MEANS, OPEN),
        (("CD-05", "CD-06"), CHILD, LABOUR, Element.MEANS, INDICATED),
        (("CD-05", "CD-07"), ADULT, LABOUR, Element.MEANS, OPEN),
        (("CD-05", "CD-07"), ADULT, (Form.SEXUAL_EXPLOITATION,), Element.MEANS, INDICATED),
        (("EX-01", "EX-02"), ADULT, LABOUR, Element.PURPOSE, INDICATED),
        (("EX-01", "EX-02"), ADULT, (Form.SEXUAL_EXPLOITATION,), Element.PURPOSE, OPEN),
        (("EX-06", "EX-02"), ADULT, (Form.SEXUAL_EXPLOITATION,), Element.PURPOSE, OPEN),
        (("EX-06", "EX-02"), CHILD, (Form.SEXUAL_EXPLOITATION,), Element.PURPOSE, INDICATED),
        (("EX-06", "EX-02"), CHILD, LABOUR, Element.PURPOSE, OPEN),
    ],
)
def test_strengths_are_those_of_the_list(codes, age, forms, element, result):
    found = assessed(*codes, age=age, forms=forms)
    assert getattr(found, element).result is result


def test_an_unknown_age_gives_both_readings_and_only_what_they_share():
    found = assessed("AC-01", "CD-05", "CD-06", "EX-01", "EX-02", age=UNKNOWN_AGE)
    assert found.adult.means.result is OPEN
    assert found.child.means.result is INDICATED
    assert results(found) == (INDICATED, OPEN, INDICATED)
    assert found.adult.all_elements is OPEN
    assert found.child.all_elements is INDICATED
    assert found.means.open_questions == found.adult.means.open_questions != ()
    assert "both_ages" in found.additions_used


def test_a_sign_of_a_child_makes_an_unknown_age_presumed_a_child():
    found = assessed("AC-01", "EX-10", age=UNKNOWN_AGE)
    assert found.reading == found.child
    assert found.reading.all_elements is INDICATED
    assert found.adult.purpose.result is OPEN
    assert found.urgency is Urgency.DANGER_NOW


def test_a_sign_of_a_child_does_not_count_for_an_adult():
    assert assessed("EX-10", age=ADULT).purpose.indicators == ()


FRAGMENTS = [
    Sign("AC-04", report_id="r-1", grade=2),
    Sign("CD-01", report_id="r-1", grade=2),
    Sign("CD-03", report_id="r-2", grade=3),
    Sign("EX-02", report_id="r-2", grade=3),
    Sign("EX-01", report_id="r-3", grade=1),
]


def on_lead(signs, age=ADULT, additions=ALL_ADDITIONS, answers_no=(), **rest):
    return assess(
        signs,
        age=age,
        catalogue=with_additions(additions),
        answers=Answers(frozenset(answers_no)),
        **rest,
    )


@pytest.mark.parametrize("age", [ADULT, CHILD, UNKNOWN_AGE])
def test_fragments_that_only_together_indicate_are_said_to(age):
    found = on_lead(FRAGMENTS, age)
    assert results(found) == (INDICATED, INDICATED, INDICATED)
    assert [each.by_combination for each in found.reading] == [False, True, True]
    assert [each.reports for each in found.reading] == [("r-1",), ("r-1", "r-2"), ("r-2", "r-3")]


def test_what_one_report_shows_alone_is_no_combination():
    found = on_lead([*FRAGMENTS, Sign("CD-02", report_id="r-1", grade=2)])
    assert not found.means.by_combination


def test_an_unknown_age_combines_what_no_report_shows_for_both_ages():
    signs = [Sign(code, report_id="r-1") for code in ("CD-05", "CD-06")]
    found = on_lead([*signs, Sign("CD-01", report_id="r-2")], UNKNOWN_AGE)
    assert (found.adult.means.by_combination, found.child.means.by_combination) == (True, False)
    assert found.means.by_combination


def test_a_lead_of_one_report_combines_nothing():
    found = on_lead([Sign(each.code, report_id="r-1") for each in FRAGMENTS])
    assert results(found) == (INDICATED, INDICATED, INDICATED)
    assert not any(each.by_combination for each in found.reading)


def test_the_same_sign_of_the_same_person_in_two_reports_counts_once():
    signs = [Sign("CD-01", report_id=each, subject="person-1", grade=2) for each in ("a", "b")]
    once, twice = on_lead(signs), on_lead(signs, additions=Additions(once_per_subject=False))
    assert (once.means.result, twice.means.result) == (OPEN, INDICATED)
    assert "once_per_subject" in once.additions_used


def test_information_below_grade_three_does_not_count_for_a_lead_and_is_named():
    signs = [Sign("CD-01", report_id="a", grade=2), Sign("CD-04", report_id="b", grade=4)]
    found = on_lead(signs)
    assert found.means.result is OPEN
    assert found.as_dict()["set_aside"] == [
        {"code": "CD-04", "reason": "low_grade", "report_id": "b"}
    ]
    assert "graded_only" in found.additions_used
    assert found.urgency is Urgency.DANGER_NOW
    counted = on_lead(signs, additions=Additions(graded_only=False))
    assert (counted.means.result, counted.means.by_combination) == (INDICATED, True)


def test_nothing_seen_and_nothing_asked_is_unknown():
    found = assessed()
    assert results(found) == (OPEN, OPEN, OPEN)
    assert found.completeness == 0
    assert found.urgency is Urgency.NONE_KNOWN
    assert all(each.open_questions for each in found.reading)


@pytest.mark.parametrize(
    ("no", "result"),
    [
        (["AC-01"], OPEN),
        (["AC-01", "AC-02", "AC-03"], OPEN),
        (["AC-01", "AC-02", "AC-03", "AC-04"], NOT),
    ],
)
def test_an_element_is_not_indicated_only_when_no_way_is_left(no, result):
    found = assessed(answers_no=no)
    assert found.act.result is result
    assert found.act.open_questions == tuple(
        each for each in codes_of(Element.ACT) if each not in no
    )
    assert found.reading.all_elements is result


def test_where_the_two_readings_disagree_nothing_is_decided():
    found = assessed("AC-01", "EX-09", age=UNKNOWN_AGE, answers_no=codes_of(Element.MEANS))
    assert (found.adult.all_elements, found.child.all_elements) == (NOT, INDICATED)
    assert found.reading.all_elements is OPEN


def test_no_to_all_that_a_checklist_asks_is_not_indicated_by_it():
    asked = frozenset({"CD-01", "CD-02", "DR-01"})
    assert assessed(answers_no=asked, asked_about=asked).means.result is NOT
    assert assessed(answers_no=asked).means.result is OPEN
    still = assessed(answers_no=["CD-01"], asked_about=asked | {"CD-03"}).means
    assert (still.result, set(still.open_questions)) == (OPEN, {"CD-02", "CD-03"})


def test_no_to_what_could_never_show_an_element_says_nothing_of_it():
    asked = frozenset({"CD-14"})
    assert assessed(answers_no=asked, asked_about=asked).means.result is OPEN


def test_a_sign_that_cannot_be_about_somebody_of_this_age_is_set_aside_and_said_so():
    assert ("EX-10", "not_for_this_age", None) in assessed("EX-10", "AC-01").set_aside
    assert assessed("EX-10", "AC-01", age=CHILD).set_aside == ()
    assert assessed("EX-10", "AC-01", age=UNKNOWN_AGE).set_aside == ()


def test_a_sign_outweighs_a_no_of_somebody_else():
    assert assessed("AC-01", answers_no=codes_of(Element.ACT)).act.result is INDICATED


def test_only_the_questions_of_the_named_forms_need_an_answer():
    no = [
        each.code
        for each in CATALOGUE.indicators
        if each.element is Element.PURPOSE and Form.LABOUR_EXPLOITATION in each.forms
    ]
    assert assessed(answers_no=no, forms=LABOUR).purpose.result is NOT
    assert assessed(answers_no=no).purpose.result is OPEN
    assert assessed(answers_no=no, forms=(*LABOUR, Form.UNKNOWN)).purpose.result is OPEN


@pytest.mark.parametrize(
    ("codes", "element", "asked"),
    [
        ((), Element.ACT, ("AC-01", "AC-02", "AC-03", "AC-04")),
        ((), Element.MEANS, ("CD-01", "CD-02", "CD-03", "CD-04", "DR-01")),
        ((), Element.PURPOSE, ("EX-01", "EX-02", "EX-03", "EX-04", "EX-05")),
        (("CD-01",), Element.MEANS, ("CD-02", "CD-03", "CD-04", "CD-05", "CD-06")),
        (("RV-01", "RV-09"), Element.MEANS, ("RV-02", "RV-03", "RV-04", "RV-05", "RV-06")),
        (("EX-02",), Element.PURPOSE, ("EX-01",)),
        (("OB-03",), Element.MEANS, ("CD-01", "CD-16", "CD-02", "CD-03", "CD-04")),
        (("OB-03",), Element.PURPOSE, ("EX-02", "EX-01", "EX-03", "EX-04", "EX-05")),
    ],
)
def test_the_questions_are_those_nearest_to_a_decision(codes, element, asked):
    found = assessed(*codes, forms=LABOUR)
    assert getattr(found, element).open_questions == asked


@pytest.mark.parametrize(
    ("codes", "age", "urgency"),
    [
        ((), ADULT, Urgency.NONE_KNOWN),
        (("EX-02",), ADULT, Urgency.NONE_KNOWN),
        (("CD-05",), ADULT, Urgency.SOON),
        (("CD-03",), ADULT, Urgency.DANGER_NOW),
        (("CD-04",), UNKNOWN_AGE, Urgency.DANGER_NOW),
        (("CR-01",), ADULT, Urgency.DANGER_NOW),
        (("EX-15",), ADULT, Urgency.DANGER_NOW),
        (("EX-02",), CHILD, Urgency.SOON),
        (("CD-05",), CHILD, Urgency.DANGER_NOW),
        (("OB-09",), UNKNOWN_AGE, Urgency.DANGER_NOW),
        (("EX-02",), UNKNOWN_AGE, Urgency.NONE_KNOWN),
    ],
)
def test_urgency_follows_the_gravest_sign_and_the_age(codes, age, urgency):
    assert assessed(*codes, age=age).urgency is urgency


def test_urgency_and_completeness_are_two_figures():
    urgent = assessed("CD-03")
    complete = assessed("AC-01", "DR-02", "DR-03", "DR-07", "EX-01", "EX-02")
    assert (urgent.urgency, urgent.completeness) == (Urgency.DANGER_NOW, 0.0)
    assert (complete.urgency, complete.completeness) == (Urgency.NONE_KNOWN, 1.0)


def test_observations_bring_up_questions_and_count_for_nothing():
    signs = ("CD-01", "OB-04")
    found = assessed(*signs)
    assert (found.means.result, found.means.indicators) == (OPEN, ("CD-01",))
    assert "observations_only_prompt" in found.additions_used
    counted = assessed(*signs, additions=Additions(observations_only_prompt=False))
    assert counted.means.result is INDICATED
    assert counted.means.indicators == ("CD-01", "OB-04")


@pytest.mark.parametrize("code", sorted(CATALOGUE.rules.defining - {"EX-10", "EX-18"}))
def test_one_defining_sign_is_enough_for_the_purpose_unless_switched_off(code):
    found = assessed(code)
    assert found.purpose.result is INDICATED
    assert found.purpose.dimensions == ("exploitation",)
    assert "defining_purpose" in found.additions_used
    assert found.without_additions[Element.PURPOSE] is NOT
    assert assessed(code, additions=Additions(defining_purpose=False)).purpose.result is OPEN


def test_a_purpose_that_stands_by_the_rule_needs_no_addition():
    found = assessed("EX-09", "EX-11")
    assert "defining_purpose" not in found.additions_used
    assert found.without_additions[Element.PURPOSE] is INDICATED


def test_without_additions_an_unknown_age_is_an_adult_and_unknown_is_not_indicated():
    found = assessed("AC-01", "CD-05", "CD-06", age=UNKNOWN_AGE, additions=NO_ADDITIONS)
    assert results(found) == (INDICATED, NOT, NOT)
    assert (found.adult, found.child) == (None, None)
    assert found.additions_used == ()


def test_the_bare_result_counts_what_the_additions_set_aside():
    signs = [Sign("CD-01", report_id=each, subject="p", grade=4) for each in ("a", "b")]
    found = on_lead(signs)
    assert found.means.result is OPEN
    assert found.without_additions[Element.MEANS] is INDICATED


KEYS = {
    "act", "means", "purpose", "all_elements", "adult", "child", "completeness", "urgency", "note",
    "catalogue_version", "additions", "without_additions", "set_aside", "by_combination", "said_by",
    "contributions",
}  # fmt: skip


@pytest.mark.parametrize("age", list(AgeGroup))
@pytest.mark.parametrize("signs", [[], FRAGMENTS])
def test_the_result_is_plain_json_of_one_shape(age, signs):
    plain = on_lead(signs, age).as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain.keys() == KEYS
    assert plain["note"] == SCREENING_NOTE
    assert plain["catalogue_version"] == "1"
    for element in ("act", "means", "purpose"):
        assert plain[element].keys() == {
            "result", "indicators", "dimensions", "reports", "organisations", "open_questions",
            "by_combination", "across_organisations", "required",
        }  # fmt: skip
    assert (plain["adult"] is None) is (age in (ADULT, CHILD))


codes = st.sampled_from(CATALOGUE.codes)
ages = st.sampled_from(list(AgeGroup))
forms = st.lists(st.sampled_from(list(Form)), max_size=2)
signs = st.builds(
    Sign,
    code=codes,
    report_id=st.sampled_from([None, "r-1", "r-2", "r-3"]),
    subject=st.sampled_from([None, "person-1", "site-1"]),
    grade=st.sampled_from([None, 1, 2, 3, 4]),
)
several_signs = st.lists(signs, max_size=8)
several_codes = st.lists(codes, max_size=40)


@given(several_signs, ages, forms, several_codes, st.integers())
def test_order_and_repetition_change_nothing(found, age, form, no, seed):
    shuffled = found * 2
    random.Random(seed).shuffle(shuffled)
    first = on_lead(found, age, forms=form, answers_no=no)
    assert on_lead(shuffled, age, forms=form, answers_no=no) == first


@given(several_signs, signs, ages, forms, several_codes)
def test_one_more_sign_never_takes_an_indication_away(found, more, age, form, no):
    before = on_lead(found, age, forms=form, answers_no=no)
    after = on_lead([*found, more], age, forms=form, answers_no=no)
    for old, new in zip(before.reading, after.reading, strict=True):
        assert old.result is not INDICATED or new.result is INDICATED


@given(several_signs, ages, forms)
def test_without_a_no_nothing_is_ever_not_indicated(found, age, form):
    assert NOT not in results(on_lead(found, age, forms=form))


@given(several_codes, st.sampled_from([ADULT, CHILD]), forms, several_codes)
def test_yes_to_all_open_questions_decides(seen, age, form, no):
    before = assessed(*seen, age=age, forms=form, answers_no=no)
    for element in ("act", "means", "purpose"):
        asked = getattr(before, element).open_questions
        assert len(asked) == len(set(asked)) <= MOST_QUESTIONS
        if asked:
            after = assessed(*seen, *asked, age=age, forms=form, answers_no=no)
            assert getattr(after, element).result is INDICATED


@given(several_codes, st.sampled_from([ADULT, CHILD]), forms)
def test_no_to_every_question_asked_comes_to_an_end_without_unknowns(seen, age, form):
    no = set()
    for _ in CATALOGUE.codes:
        found = assessed(*seen, age=age, forms=form, answers_no=no)
        asked = {code for each in found.reading for code in each.open_questions}
        if not asked:
            break
        assert not asked & no
        no |= asked
    assert not {code for each in found.reading for code in each.open_questions}
    assert OPEN not in [each.result for each in found.reading if each.required]
