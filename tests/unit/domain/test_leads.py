"""The score of a lead: each part by hand, its bounds, and what does not move it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.leads import ACT, MEANS, PURPOSE, LeadStatus, Summary, score_parts
from app.domain.reports import ReportStatus

ALONE = Summary(
    1, 1, 1, None, None, [], [], [], [], has_children=False, elements=0
)  # fmt: skip


def test_a_lead_of_one_report_without_signs_scores_nothing():
    assert set(score_parts(ALONE).values()) == {0.0}


def test_a_lead_without_reports_has_no_parts():
    assert score_parts(replace(ALONE, report_count=0)) == {}


@pytest.mark.parametrize(
    ("changes", "part", "points"),
    [
        ({"organisation_count": 2}, "corroboration", 10.0),
        ({"organisation_count": 4}, "corroboration", 30.0),
        ({"organisation_count": 50}, "corroboration", 30.0),
        ({"sector_count": 2}, "sectors", 10.0),
        ({"sector_count": 3}, "sectors", 20.0),
        ({"sector_count": 9}, "sectors", 20.0),
        ({"elements": ACT}, "elements", 10.0),
        ({"elements": ACT | PURPOSE}, "elements", 20.0),
        ({"elements": ACT | MEANS | PURPOSE}, "elements", 30.0),
        ({"has_children": True}, "children", 10.0),
        ({"report_count": 2}, "extent", 2.0),
        ({"report_count": 3}, "extent", 3.17),
        ({"report_count": 32}, "extent", 10.0),
        ({"report_count": 5000}, "extent", 10.0),
    ],
)
def test_each_part_by_hand(changes, part, points):
    parts = score_parts(replace(ALONE, **changes))
    assert parts.pop(part) == points
    assert set(parts.values()) == {0.0}


summaries = st.builds(
    Summary,
    report_count=st.integers(1, 100_000),
    organisation_count=st.integers(1, 500),
    sector_count=st.integers(1, 21),
    first_observed=st.none(),
    last_observed=st.none(),
    forms=st.just([]),
    countries=st.just([]),
    nuts=st.just([]),
    indicators=st.just([]),
    has_children=st.booleans(),
    elements=st.integers(0, 7),
)


@given(summaries)
def test_a_score_lies_between_0_and_100(summary):
    parts = score_parts(summary)
    assert all(points >= 0 for points in parts.values())
    assert sum(parts.values()) <= 100


@given(summaries, st.integers(1, 5))
def test_more_of_anything_never_scores_less(summary, more):
    before = score_parts(summary)
    for name in ("report_count", "organisation_count", "sector_count"):
        after = score_parts(replace(summary, **{name: getattr(summary, name) + more}))
        assert all(after[part] >= before[part] for part in before)


def test_every_outcome_of_a_lead_can_be_told_to_a_reporter():
    told = {status.value for status in ReportStatus}
    assert {status.value for status in LeadStatus} - told == {"new"}
