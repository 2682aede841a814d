"""Whether somebody was a child when something was observed."""

from datetime import date

import pytest

from app.domain.ages import age_group_at
from app.domain.indicators import AgeGroup
from app.domain.normalise.dates import parse_partial_date

CHILD, ADULT, UNKNOWN = AgeGroup.CHILD, AgeGroup.ADULT, AgeGroup.UNKNOWN
DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("2008-12-05", CHILD),
        ("2008-03-02", CHILD),
        ("2008-03-01", ADULT),
        ("2008", UNKNOWN),
        ("2008-01-01", UNKNOWN),
        ("2009", CHILD),
        ("2009-01-01", CHILD),
        ("2007", ADULT),
        ("2007-05", ADULT),
        ("1900-01-01", UNKNOWN),
        ("1900", UNKNOWN),
    ],
)
def test_a_birth_date_decides_as_far_as_it_is_known(birth, expected):
    assert age_group_at(DAY, parse_partial_date(birth)) is expected


def test_without_a_birth_date_nothing_is_known():
    assert age_group_at(DAY, None) is UNKNOWN


@pytest.mark.parametrize("stated", [CHILD, ADULT])
def test_what_is_stated_counts_first(stated):
    assert age_group_at(DAY, parse_partial_date("2001-05-06"), stated=stated) is stated
