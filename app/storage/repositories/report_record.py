"""A report as it is stored, and as a stub of one that may not be read."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from app.domain.screening import Told


class ReportRecord(NamedTuple):
    """A report as it is stored; see the table `report` for the columns."""

    id: UUID
    organisation_id: UUID
    external_ref: str
    version: int
    status: str
    received_at: datetime
    updated_at: datetime
    observed_from: date
    observed_to: date | None
    language: str | None
    forms: Sequence[str]
    indicators: Sequence[str]
    country: str | None
    nuts: str | None
    age: str
    at_risk: bool
    credibility: int | None
    handling_code: str
    tlp: str
    share_with: Sequence[str]
    police: bool
    circle: Sequence[str] | None
    readers: Sequence[str] | None
    catalogue_version: str
    sealed: bytes | None
    traits: bytes | None
    rank: int

    @property
    def told(self) -> Told:
        """What it says that bears on an assessment."""
        return Told(
            self.credibility, self.age, self.at_risk, tuple(self.forms), tuple(self.indicators)
        )


_NEVER = datetime.min.replace(tzinfo=UTC)
_NOBODY = UUID(int=0)
BLANK = ReportRecord(
    id=_NOBODY, organisation_id=_NOBODY, external_ref="", version=0, status="", received_at=_NEVER,
    updated_at=_NEVER, observed_from=_NEVER.date(), observed_to=None, language=None, forms=(),
    indicators=(), country=None, nuts=None, age="unknown", at_risk=False, credibility=None,
    handling_code="", tlp="", share_with=(), police=False, circle=(), readers=(),
    catalogue_version="", sealed=None, traits=None, rank=0,
)  # fmt: skip
"""What stands in a stub beside what may be known: nothing."""
