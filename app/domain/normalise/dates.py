"""Dates of which only a part may be known, and times with their offset.

Only ISO 8601 calendar dates and their reduced precision are read here; guessing the order of
day and month in "02/05/1999" is not our business.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

EARLIEST_YEAR = 1900
LATEST_YEAR = 2100

_ISO_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")

MOMENT_PATTERN = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2}))?$"
)
"""A full date, or a date and time with its offset (RFC 3339, 5.6)."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,9})?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


def parse_moment(raw: str) -> date | datetime | None:
    """Return the date of "2026-03-01", or the time in UTC of "2026-03-01T10:00:00+01:00"
    (RFC 3339, 5.6; finer than a microsecond is cut off), or None for anything else: a time without
    an offset could be meant in any zone, and other forms of ISO 8601 mislead readers.
    """
    try:
        if _DAY.fullmatch(raw):
            return date.fromisoformat(raw)
        text = raw.upper()
        if _TIME.fullmatch(text):
            # In UTC at once: near the first and the last year there may be no such day.
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return None


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A calendar date known to the year, the month or the day.

    A day without a month does not occur. Build it with `parse_partial_date`.
    """

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def is_full(self) -> bool:
        """Whether year, month and day are all known."""
        return self.month is not None and self.day is not None

    @property
    def is_filler(self) -> bool:
        """Whether this is a full date that forms put in when only the year is known.

        The first of January is by far the commonest birth date in registers of migrants;
        with it a name and a date no longer point to one person.
        """
        return self.month == 1 and self.day == 1

    def isoformat(self) -> str:
        """Return "1999", "1999-05" or "1999-05-02" (ISO 8601-1, 5.2.2)."""
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


def parse_partial_date(raw: str) -> PartialDate | None:
    """Return the date in "YYYY", "YYYY-MM" or "YYYY-MM-DD", or None when it is none.

    None also for days that do not exist and for years outside 1900 to 2100.
    """
    found = _ISO_DATE.fullmatch(raw.strip())
    if found is None:
        return None
    year, month, day = (None if part is None else int(part) for part in found.groups())
    if year is None or not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    return PartialDate(year, month, day)
