"""Partial dates, and times with their offset."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.normalise.dates import (
    MOMENT_PATTERN,
    PartialDate,
    parse_moment,
    parse_partial_date,
)


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


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-03-01T10:20:30Z", datetime(2026, 3, 1, 10, 20, 30, tzinfo=UTC)),
        ("2026-03-01t10:20:30z", datetime(2026, 3, 1, 10, 20, 30, tzinfo=UTC)),
        ("2026-03-01T00:20:30+01:00", datetime(2026, 2, 28, 23, 20, 30, tzinfo=UTC)),
        ("2026-03-01T23:20:30.5-01:30", datetime(2026, 3, 2, 0, 50, 30, 500_000, tzinfo=UTC)),
        ("2026-03-01T10:20:30.123456789Z", datetime(2026, 3, 1, 10, 20, 30, 123_456, tzinfo=UTC)),
    ],
)
def test_a_date_and_a_time_with_its_offset_are_read(raw, expected):
    assert parse_moment(raw) == expected
    assert re.search(MOMENT_PATTERN, raw)


@pytest.mark.parametrize(
    "raw",
    [
        "", "20260301", "2026-W10-1", "2026W101", "2026-060", "2026-03", "2026-03-01T10", "2026-03-01T10Z",
        "2026-03-01T10:00", "2026-03-01T10:00Z", "2026-03-01T10:00:00", "2026-03-01 10:00:00Z",
        "20260301T100000Z", "2026-03-01T10:00:00+01", "2026-03-01T10:00:00+0100", "2026-03-01\n",
        " 2026-03-01", "2026-02-30", "2026-03-01T25:00:00Z", "2026-03-01T10:00:00+24:00",
        "2026-03-01T10:00:00+01:60", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
        "٢٠٢٦-٠٣-٠١", "0000-00-00", "1772352000",
    ],
)  # fmt: skip
def test_other_forms_of_dates_and_times_are_not_read(raw):
    assert parse_moment(raw) is None


@given(st.text(max_size=40) | st.from_regex(MOMENT_PATTERN))
def test_what_is_read_has_the_form_that_the_document_states(raw):
    if parse_moment(raw) is not None:
        assert re.fullmatch(MOMENT_PATTERN, raw)
