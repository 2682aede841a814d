"""What the signs of a lead add up to, as agencies are shown it."""

from typing import Literal

from pydantic import BaseModel, Field

from app.domain.assessment import Result, Urgency
from app.domain.indicators import Dimension

ElementName = Literal["act", "means", "purpose"]
_SUM = "share of the required elements that are decided"


class ElementOut(BaseModel):
    """What is known of one element of the crime."""

    result: Result = Field(
        description="not_indicated needs answers of a checklist; reports have none"
    )
    indicators: list[str] = Field(description="codes that count for it")
    dimensions: list[Dimension] = Field(description="positive by the ILO/EC Delphi rule")
    reports: list[str] = Field(description="of a lead: those that such a sign comes from")
    organisations: list[str] = Field(description="of a lead: the ids of their senders")
    open_questions: list[str] = Field(description="codes to ask about, best first")
    by_combination: bool = Field(description="indicated by all reports, by none of them alone")
    across_organisations: bool = Field(
        description="nor by all reports of any one organisation: it takes several"
    )
    required: bool = Field(description="false for the means where it is a child")


class ReadingOut(BaseModel):
    """The elements, read for one age."""

    act: ElementOut
    means: ElementOut
    purpose: ElementOut
    all_elements: Result = Field(description="all that are required, together")
    by_combination: bool = Field(
        description="all required elements are indicated, and no single report and no single "
        "organisation shows them all"
    )


class SetAsideOut(BaseModel):
    """A sign that does not count, and why."""

    code: str
    reason: Literal["not_in_catalogue", "low_grade", "not_graded", "not_for_this_age"]
    report_id: str | None


class SenderOut(BaseModel):
    """An organisation of the network."""

    id: str
    name: str
    kind: str
    country: str


class ContributionOut(BaseModel):
    """What the reports of one organisation bring to a lead, of signs that count."""

    organisation: SenderOut
    reports: list[str]
    indicators: list[str]
    elements: list[ElementName] = Field(description="of which they have a sign")
    shows_alone: list[ElementName] = Field(description="that they indicate without the others")


class LeadAssessmentOut(ReadingOut):
    """What the reports of a lead add up to that this reader may read. Screening, no verdict."""

    adult: ReadingOut | None = Field(description="read for an adult, where the age is not known")
    child: ReadingOut | None = Field(description="read for a child, where the age is not known")
    completeness: float = Field(ge=0, le=1, description=_SUM)
    urgency: Urgency
    reports_assessed: int = Field(ge=0, description="those of its reports that you may read")
    said_by: dict[str, list[str]] = Field(description="the reports behind each sign that counts")
    contributions: list[ContributionOut] = Field(description="the same by organisation")
    note: str
    catalogue_version: str
    additions: list[str] = Field(description="what was added to the published rule, where it bore")
    without_additions: dict[ElementName, Result]
    set_aside: list[SetAsideOut]
