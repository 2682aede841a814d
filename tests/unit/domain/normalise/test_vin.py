"""Vehicle identification numbers."""

import pytest

from app.domain.attributes import Context
from app.domain.normalise.vin import normalise_vin

NOWHERE = Context()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("WVWZZZ1JZXW000001", "WVWZZZ1JZXW000001"),
        ("wvw-zzz-1jz-xw000001", "WVWZZZ1JZXW000001"),
        ("VIN: WVWZZZ1JZXW000001", "WVWZZZ1JZXW000001"),
        ("WVWZZZIJZXWOOOOO1", "WVWZZZ1JZXW000001"),
        ("WVWZZZ1JZXWQ00001", "WVWZZZ1JZXW000001"),
        ("1M8GDM9AXKP042788", "1M8GDM9AXKP042788"),
        ("ТМВ ZZZ 1U 0X2 0000 01", "TMBZZZ1U0X2000001"),
    ],
)
def test_spellings_of_one_vin_agree(raw, expected):
    assert [n.value for n in normalise_vin(raw, NOWHERE).values] == [expected]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("1M8GDM9A1KP042788", "check digit"),
        ("WVWZZZ1JZXW00001", "17"),
        ("WVWZZZ1JZXW0000011", "17"),
        ("00000000000000000", "not known"),
        ("n/a", "not known"),
    ],
)
def test_a_wrong_length_or_north_american_check_digit_leaves_no_value(raw, words):
    outcome = normalise_vin(raw, NOWHERE)
    assert outcome.values == ()
    assert words in outcome.problem


def test_the_check_digit_counts_only_for_makers_of_north_america():
    assert normalise_vin("WM8GDM9A1KP042788", NOWHERE).values
