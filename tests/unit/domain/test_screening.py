"""Screening: the age of all concerned, the signs that count, and what raises the urgency."""

import pytest

from app.domain.assessment import Result
from app.domain.figures import NO_ALARMS, Urgency
from app.domain.indicators import AgeGroup
from app.domain.screening import (
    Concerned,
    Told,
    age_of,
    concerned_by,
    screen,
    screen_report,
    screening_of_report,
    signs_of,
)
from app.storage.catalogues import load_catalogue

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("groups", "age"),
    [
        (set(), AgeGroup.UNKNOWN),
        ({"unknown"}, AgeGroup.UNKNOWN),
        ({"adult"}, AgeGroup.ADULT),
        ({"adult", "unknown"}, AgeGroup.UNKNOWN),
        ({"child"}, AgeGroup.CHILD),
        ({"child", "unknown"}, AgeGroup.CHILD),
        ({"adult", "child"}, AgeGroup.MIXED),
        ({"adult", "child", "unknown"}, AgeGroup.MIXED),
        ({"mixed", "adult"}, AgeGroup.MIXED),
        ({"mixed"}, AgeGroup.MIXED),
    ],
)
def test_doubt_makes_nobody_adult_and_a_child_makes_no_adult_a_child(groups, age):
    assert age_of(groups) is age


def test_signs_that_the_catalogue_does_not_know_are_left_out():
    [sign] = signs_of(["AC-02", "ZZ-99"], credibility=2, catalogue=CATALOGUE, report="r1")
    assert (sign.code, sign.report_id, sign.grade) == ("AC-02", "r1", 2)


def told(codes, *, grade=2, age="adult", forms=("labour_exploitation",), at_risk=False):
    return Told(grade, age, at_risk, forms, codes)


def alone(forms):
    return Concerned(AgeGroup.ADULT, forms, NO_ALARMS)


def test_forms_that_are_not_of_the_catalogue_are_left_out():
    signs = signs_of(["AC-02"], credibility=2, catalogue=CATALOGUE)
    known = screen(signs, alone(("other",)), CATALOGUE)
    assert screen(signs, alone(("other", "x")), CATALOGUE) == known


def test_a_remembered_assessment_is_what_is_found_anew():
    one = told(("AC-02", "DR-01"))
    signs = signs_of(one.codes, credibility=2, catalogue=CATALOGUE)
    anew = screen(signs, alone(one.forms), CATALOGUE)
    assert screen_report(one, CATALOGUE) == anew
    assert screening_of_report(one, CATALOGUE) == anew.as_dict()


def lead(*reports):
    signs = [
        sign
        for place, each in enumerate(reports)
        for sign in signs_of(
            each.codes, credibility=each.credibility, catalogue=CATALOGUE, report=str(place)
        )
    ]
    return screen(signs, concerned_by(reports, CATALOGUE), CATALOGUE)


@pytest.mark.parametrize("grade", [1, 2, 3, None])
def test_a_child_known_by_graded_information_frees_the_case_of_means(grade):
    found = lead(
        told(("AC-01",), age="unknown"), told(("EX-01", "EX-02"), age="child", grade=grade)
    )
    assert found.reading.all_elements is Result.INDICATED
    assert not found.means.required


def test_a_rumour_of_a_child_raises_the_urgency_and_decides_nothing():
    adults = told(("AC-01",)), told(("EX-01", "EX-02"))
    rumour = told(("OB-04",), age="child", grade=4, forms=("forced_begging",))
    before, after = lead(*adults), lead(*adults, rumour)
    assert [each.result for each in after.reading] == [each.result for each in before.reading]
    assert after.means.required
    assert after.completeness == before.completeness
    assert (before.urgency, after.urgency) == (Urgency.NONE_KNOWN, Urgency.SOON)
    assert concerned_by([*adults, rumour], CATALOGUE).forms == ("labour_exploitation",)


def test_the_rule_for_a_child_does_not_make_good_what_the_case_of_an_adult_lacks():
    found = lead(told(("AC-01", "EX-01")), told(("EX-02",), age="child"))
    assert found.reading.all_elements is Result.UNKNOWN
    assert found.means.required
    assert found.adult.all_elements is Result.UNKNOWN
    assert found.child.all_elements is Result.INDICATED
    assert found.urgency is Urgency.SOON


def test_a_sign_of_children_presumes_no_child_where_adults_and_children_are_known():
    found = lead(told(("AC-01",)), told(("EX-10",), age="child"))
    assert found.reading.all_elements is Result.UNKNOWN


@pytest.mark.parametrize("grade", [2, 4])
def test_somebody_in_danger_makes_a_lead_urgent_whoever_says_so(grade):
    found = lead(told(("AC-01",)), told((), at_risk=True, grade=grade))
    assert found.urgency is Urgency.DANGER_NOW
    assert screen_report(told((), at_risk=True), CATALOGUE).urgency is Urgency.DANGER_NOW
