"""What agencies are shown of leads, and what they send."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.v1.schemas.assessment import LeadAssessmentOut
from app.domain.assessment import Urgency
from app.domain.leads import LeadStatus


class LeadSummary(BaseModel):
    """A lead as lists show it."""

    id: str
    status: LeadStatus
    score: float = Field(ge=0, le=100)
    score_parts: dict[str, float]
    report_count: int
    organisation_count: int
    sector_count: int
    first_observed: date | None
    last_observed: date | None
    forms: list[str]
    countries: list[str]
    nuts: list[str]
    indicators: list[str]
    has_children: bool
    completeness: float = Field(
        ge=0,
        le=1,
        description="share of the required elements that are indicated, over the reports that "
        "every agency may read",
    )
    urgency: Urgency = Field(description="over the same reports; apart from completeness")
    created_at: datetime
    updated_at: datetime
    merged_into: str | None


class LeadPage(BaseModel):
    """A page of leads."""

    items: list[LeadSummary]
    next: str | None


class LeadAttribute(BaseModel):
    """A value and the reports that carry it."""

    kind: str
    value: str | None = Field(description="null where only tokens were sent")
    roles: list[str]
    links: bool
    report_count: int
    reports: list[str]


class NearValue(BaseModel):
    """A value that both leads have, and the reports of the other that carry it."""

    kind: str
    value: str | None = Field(description="null where only tokens were sent")
    reports: list[str]


class NearLead(BaseModel):
    """A lead that is kept apart, as not the same agencies may know of the two."""

    lead: str
    shared: list[NearValue]


class LeadOut(LeadSummary):
    """A lead with what its readable reports say."""

    model_version: str
    assessment: LeadAssessmentOut
    persons: list[dict[str, Any]]
    attributes: list[LeadAttribute]
    withheld_count: int
    nearby: list[NearLead] = Field(
        description="leads of other circles that you may know of and that share a value with this; "
        "at most 20, those with most first"
    )


class LeadReportsOut(BaseModel):
    """The member reports: whole, or `{"withheld": true, "ask": {…}}`."""

    items: list[dict[str, Any]]
    next: str | None


class LinkPart(BaseModel):
    """One piece of evidence, in bits."""

    kind: str = Field(
        description="a kind of attribute, or person, firm, address, place, time, form"
    )
    value: str | None = Field(description="the shared value; null where traits were compared")
    comparison: str = Field(description="how far the two agree")
    carriers: int | None = Field(description="reports of the network that carry the value")
    links_alone: bool = Field(description="a kind that may link two reports by itself")
    match_weight: float = Field(description="bits; below 0 where it speaks against")


class LinkOut(BaseModel):
    """Why two reports are linked. The parts add up to the weight. Of a link with a report that you
    may not read only the hits are shown: the values that both carry and that you can read, each
    with what its kind weighs at most.
    """

    reports: list[str] = Field(min_length=2, max_length=2)
    match_weight: float
    strong: bool | None = Field(
        description="links by itself; else it attaches a small group to a lead; null where withheld"
    )
    withheld: bool = Field(description="you may not read both reports")
    model_version: str
    parts: list[LinkPart]


class NotLinking(BaseModel):
    """A value that reports of the lead share without being linked by it, and why."""

    kind: str
    value: str | None
    carriers: int
    reports: list[str]
    reason: Literal["spread", "stoplist"] = Field(
        description="spread: seen in too many different circumstances"
    )
    note: str | None = Field(description="why it was put on the stop-list")


class LinksOut(BaseModel):
    """The links that hold a lead together."""

    items: list[LinkOut]
    not_linking: list[NotLinking]
    threshold: float = Field(description="bits from which strong evidence links two reports")
    attach_threshold: float = Field(
        description="bits from which weak evidence attaches a small group to a lead"
    )
    model_version: str
    next: str | None


class LeadEventOut(BaseModel):
    """Something that happened to a lead."""

    id: str
    kind: Literal["created", "grew", "shrank", "merged", "split", "decided", "outcome"]
    at: datetime
    reports: list[str]
    leads: list[str]
    causes: list[str]
    status: LeadStatus | None = Field(default=None, description="of an outcome")
    message: str | None = Field(default=None, description="what reporters were told")
    internal_note: str | None = None
    organisation: str | None = Field(default=None, description="who recorded the outcome")


class HistoryOut(BaseModel):
    """What happened to a lead, oldest first."""

    items: list[LeadEventOut]
    next: str | None


class OutcomeIn(BaseModel):
    """What became of a lead."""

    model_config = ConfigDict(extra="forbid", strict=True)

    status: Literal[
        "under_assessment", "information_requested", "investigation_opened", "victim_referred",
        "no_further_action", "prosecution", "conviction", "closed",
    ]  # fmt: skip
    message: Annotated[str, Field(max_length=4000)] | None = Field(
        default=None, description="told to every contributing reporter"
    )
    internal_note: Annotated[str, Field(max_length=4000)] | None = Field(
        default=None, description="for agencies only"
    )


class OutcomeOut(BaseModel):
    """A recorded outcome."""

    id: str
    lead_id: str
    status: LeadStatus
    at: datetime
