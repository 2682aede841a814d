"""Screening: the age of all concerned, the signs that count, and the elements as bits."""

import pytest

from app.domain.assessment import Result
from app.domain.indicators import AgeGroup
from app.domain.leads import ACT, MEANS, PURPOSE
from app.domain.screening import (
    age_of,
    elements_of,
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
        ({"adult", "child"}, AgeGroup.CHILD),
        ({"child", "unknown"}, AgeGroup.CHILD),
    ],
)
def test_a_child_makes_all_a_child_and_doubt_makes_nobody_adult(groups, age):
    assert age_of(groups) is age


def test_signs_that_the_catalogue_does_not_know_are_left_out():
    [sign] = signs_of(["AC-02", "ZZ-99"], credibility=2, catalogue=CATALOGUE, report="r1")
    assert (sign.code, sign.report_id, sign.grade) == ("AC-02", "r1", 2)


def assess_report(codes, age=AgeGroup.ADULT, forms=("labour_exploitation",)):
    return screen_report(codes, credibility=2, age=age, forms=forms, catalogue=CATALOGUE)


def test_no_sign_indicates_no_element():
    assert elements_of(assess_report(())) == 0


def test_an_element_that_is_indicated_is_its_bit():
    bits = {}
    for code in CATALOGUE.codes:
        found = assess_report((code,))
        for bit, element in ((ACT, found.act), (MEANS, found.means), (PURPOSE, found.purpose)):
            indicated = element.result is Result.INDICATED
            assert bool(elements_of(found) & bit) == indicated
            bits[bit] = bits.get(bit, False) or indicated
    assert bits[ACT]


def test_all_signs_of_the_catalogue_together_indicate_every_element():
    assert elements_of(assess_report(CATALOGUE.codes)) == ACT | MEANS | PURPOSE


def test_forms_that_are_not_of_the_catalogue_are_left_out():
    signs = signs_of(["AC-02"], credibility=2, catalogue=CATALOGUE)
    known = screen(signs, age=AgeGroup.ADULT, forms=["other"], catalogue=CATALOGUE)
    assert screen(signs, age=AgeGroup.ADULT, forms=["other", "x"], catalogue=CATALOGUE) == known


def test_a_remembered_assessment_is_what_is_found_anew():
    codes = ("AC-02", "DR-01")
    signs = signs_of(codes, credibility=2, catalogue=CATALOGUE)
    anew = screen(signs, age=AgeGroup.ADULT, forms=("labour_exploitation",), catalogue=CATALOGUE)
    assert assess_report(codes) == anew
    plain = screening_of_report(
        codes,
        credibility=2,
        age=AgeGroup.ADULT,
        forms=("labour_exploitation",),
        catalogue=CATALOGUE,
    )
    assert plain == anew.as_dict()
