"""Who brings what to a lead, and what only several together show."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assessment import Result, assess
from app.domain.indicators import Additions, AgeGroup, Element, Form, Sign
from app.storage.catalogues import load_catalogue

CATALOGUE = load_catalogue()
ADULT, CHILD, UNKNOWN = AgeGroup.ADULT, AgeGroup.CHILD, AgeGroup.UNKNOWN
LABOUR = (Form.LABOUR_EXPLOITATION,)
ACT, MEANS, PURPOSE = ("AC-01",), ("CD-01", "CD-02"), ("EX-01", "EX-02")


def said(report, organisation, *codes, grade=2, subject=None):
    """The signs of one report."""
    return [Sign(code, report, subject, grade, organisation) for code in codes]


def lead(*reports, age=ADULT, catalogue=CATALOGUE):
    signs = [sign for signs in reports for sign in signs]
    return assess(signs, age=age, catalogue=catalogue, forms=LABOUR)


SEVERAL_TIMES = replace(
    CATALOGUE, rules=replace(CATALOGUE.rules, additions=Additions(once_per_subject=False))
)


APART = (said("r1", "A", *ACT), said("r2", "B", *MEANS), said("r3", "C", *PURPOSE))


@pytest.mark.parametrize("age", AgeGroup)
def test_elements_that_each_stand_alone_and_together_only_in_the_whole(age):
    found = lead(*APART, age=age)
    assert found.reading.all_elements is Result.INDICATED
    assert found.reading.by_combination
    assert not any(each.by_combination or each.across_organisations for each in found.reading)


@pytest.mark.parametrize(
    ("owners", "whole", "means"),
    [
        (("A", "B", "C", "D"), True, (True, True)),
        (("A", "B", "B", "C"), True, (True, False)),
        (("A", "A", "A", "B"), True, (True, False)),
        (("A", "A", "A", "A"), False, (True, False)),
        ((None, None, None, None), True, (True, True)),
        (("A", "A", None, "A"), True, (True, True)),
    ],
)
def test_reports_of_one_organisation_are_one_voice(owners, whole, means):
    codes = (ACT, ("CD-01",), ("CD-02",), PURPOSE)
    reports = zip("wxyz", owners, codes, strict=True)
    found = lead(*(said(id_, owner, *some) for id_, owner, some in reports))
    assert found.reading.by_combination is whole
    assert (found.means.by_combination, found.means.across_organisations) == means


def test_one_report_that_has_all_makes_no_combination_of_the_others():
    found = lead(*APART, said("r4", "D", *ACT, *MEANS, *PURPOSE))
    assert found.reading.all_elements is Result.INDICATED
    assert not found.reading.by_combination


def test_what_is_not_indicated_is_not_so_by_combination():
    found = lead(*APART[:2])
    assert found.reading.all_elements is Result.UNKNOWN
    assert not found.reading.by_combination


def test_for_a_child_act_and_purpose_of_one_organisation_are_the_whole():
    together = (said("r1", "A", *ACT, *PURPOSE), said("r2", "B", *MEANS))
    assert not lead(*together, age=CHILD).reading.by_combination
    assert lead(*together, age=ADULT).reading.by_combination
    unknown = lead(*together, age=UNKNOWN)
    assert (unknown.adult.by_combination, unknown.child.by_combination) == (True, False)
    assert unknown.reading.by_combination


def test_each_organisation_is_told_with_its_reports_its_signs_and_what_it_shows_alone():
    found = lead(
        said("r1", "A", "AC-01", "CD-01"),
        said("r2", "B", "CD-02", "OB-03"),
        said("r3", "A", "EX-01"),
    )
    first, second = found.contributions
    assert first.as_dict() == {
        "organisation": "A", "reports": ["r1", "r3"], "indicators": ["AC-01", "CD-01", "EX-01"],
        "elements": ["act", "means", "purpose"], "shows_alone": ["act"],
    }  # fmt: skip
    assert second.as_dict() == {
        "organisation": "B", "reports": ["r2"], "indicators": ["CD-02", "OB-03"],
        "elements": ["means"], "shows_alone": [],
    }  # fmt: skip
    assert found.means.organisations == ("A", "B")
    assert found.said_by["CD-02"] == ("r2",)


def test_a_lead_of_one_report_shows_all_that_it_shows_alone():
    found = lead(said("r1", "A", *ACT, *MEANS))
    assert found.contributions[0].shows_alone == (Element.ACT, Element.MEANS)
    assert not found.means.across_organisations


def test_what_is_set_aside_contributes_nothing():
    found = lead(said("r1", "A", *ACT), said("r2", "B", *MEANS, grade=4))
    assert [each.organisation for each in found.contributions] == ["A"]
    assert found.said_by == {"AC-01": ("r1",)}
    assert {each.report_id for each in found.set_aside} == {"r2"}


def test_one_report_by_itself_names_no_reports_and_no_organisations():
    found = assess([Sign(code) for code in MEANS], age=ADULT, catalogue=CATALOGUE)
    assert found.contributions == ()
    assert found.said_by == {}


@pytest.mark.parametrize("owners", [("A", "A"), ("A", "B")])
def test_a_sign_counts_once_however_many_reports_say_it(owners):
    reports = [said(id_, owner, "CD-01") for id_, owner in zip("xy", owners, strict=True)]
    found = lead(*reports)
    assert found.means.result is Result.UNKNOWN
    assert found.means.reports == ("x", "y")
    twice = lead(*reports, catalogue=SEVERAL_TIMES)
    assert twice.means.result is Result.INDICATED


def test_a_sign_counts_for_each_subject_where_it_is_known_whom_it_is_about():
    same = [said(id_, "A", "CD-01", subject="p1") for id_ in "xy"]
    others = [said(id_, "A", "CD-01", subject=id_) for id_ in "xy"]
    nobody = [said("x", "A", "CD-01", subject="p1"), said("y", "A", "CD-01")]
    results = [lead(*reports).means.result for reports in (same, others, nobody)]
    assert results == [Result.UNKNOWN, Result.INDICATED, Result.UNKNOWN]


signs = st.builds(
    Sign,
    code=st.sampled_from(CATALOGUE.codes),
    report_id=st.sampled_from(["r1", "r2", "r3", "r4"]),
    grade=st.sampled_from([None, 1, 3, 4]),
)
OWNERS = {"r1": "A", "r2": "A", "r3": "B", "r4": "C"}


def owned(some):
    return [
        Sign(each.code, each.report_id, None, each.grade, OWNERS[each.report_id]) for each in some
    ]


@given(st.lists(signs, max_size=16), st.sampled_from(AgeGroup))
def test_several_organisations_are_needed_just_where_none_alone_has_the_same(some, age):
    """By the definition: assess what each organisation said, apart from the others."""
    some = owned(some)
    whole = assess(some, age=age, catalogue=CATALOGUE)
    if whole.reading == whole.child:
        age = CHILD  # presumed by all of them together
    for place, element in enumerate(whole.reading):
        alone = [
            list(assess(_of(some, owner), age=age, catalogue=CATALOGUE).reading)[place].result
            for owner in "ABC"
        ]
        if element.result is not Result.INDICATED:
            assert not element.across_organisations
            assert not element.by_combination
        else:
            assert element.across_organisations is (Result.INDICATED not in alone)
        assert element.by_combination or not element.across_organisations


def _of(some, owner):
    return [each for each in some if each.organisation_id == owner]


@given(st.lists(signs, max_size=12), st.sampled_from(AgeGroup), st.integers())
def test_the_order_in_which_reports_came_tells_nothing(some, age, seed):
    some = owned(some)
    shuffled = some * 2
    random.Random(seed).shuffle(shuffled)
    first = assess(some, age=age, catalogue=CATALOGUE)
    assert assess(shuffled, age=age, catalogue=CATALOGUE) == first
