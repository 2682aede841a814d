"""Partial dates."""

import pytest

from app.domain.normalise.dates import PartialDate, parse_partial_date


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1999", PartialDate(1999)),
        ("1999-05", PartialDate(1999, 5)),
        ("1999-05-02", PartialDate(1999, 5, 2)),
        (" 1999-05-02 ", PartialDate(1999, 5, 2)),
        ("2000-02-29", PartialDate(2000, 2, 29)),
        ("1900", PartialDate(1900)),
        ("2100-12-31", PartialDate(2100, 12, 31)),
    ],
)
def test_iso_dates_of_any_precision_are_read_and_written_back(raw, expected):
    parsed = parse_partial_date(raw)
    assert parsed == expected
    assert parsed.isoformat() == raw.strip()


@pytest.mark.parametrize(
    "raw",
    [
        "", "unknown", "02.05.1999", "05/02/1999", "1999-5-2", "99", "1999-13", "1999-00", "1999-02-30",
        "1900-02-29", "1899-12-31", "2101", "0000-01-01", "1999-05-02T00:00:00", "1999-05-", "١٩٩٩",
    ],
)  # fmt: skip
def test_what_is_no_iso_date_between_1900_and_2100_is_refused(raw):
    assert parse_partial_date(raw) is None


@pytest.mark.parametrize(
    ("raw", "is_full", "is_filler"),
    [
        ("1999", False, False),
        ("1999-01", False, False),
        ("1999-01-01", True, True),
        ("1900-01-01", True, True),
        ("1999-01-02", True, False),
        ("1999-10-01", True, False),
    ],
)
def test_the_first_of_january_is_a_filler_and_a_lone_year_is_not_full(raw, is_full, is_filler):
    parsed = parse_partial_date(raw)
    assert (parsed.is_full, parsed.is_filler) == (is_full, is_filler)
