"""What agencies are told of why reports are together or apart, and of leads as they were."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.v1.schemas.leads import LinkPart


class HopOut(BaseModel):
    """What holds two neighbours of a chain together: evidence, or an analyst's judgement, with the
    evidence beside it where there is any.
    """

    kind: Literal["link", "judgement"]
    reports: list[str] = Field(min_length=2, max_length=2, description="in the chain's order")
    match_weight: float | None = Field(description="bits; null where a judgement alone holds")
    strong: bool | None = Field(description="links by itself; null where withheld")
    withheld: bool = Field(description="you may not read both reports: hits alone are shown")
    model_version: str | None
    parts: list[LinkPart] = Field(description="they add up to the weight")


class PathOut(BaseModel):
    """The chain between two reports of a lead."""

    reports: list[str] = Field(
        description="in order; empty where links are just being found anew and give no chain"
    )
    links: list[HopOut] = Field(description="one between each two reports that follow each other")
    weakest: float | None = Field(description="bits of the weakest link; null without any")


class PairIn(BaseModel):
    """Two reports to be compared."""

    model_config = ConfigDict(extra="forbid")

    reports: Annotated[list[UUID], Field(min_length=2, max_length=2)] = Field(
        description="two different ids", json_schema_extra={"uniqueItems": True}
    )


class PairNotLinking(BaseModel):
    """A value that both reports carry and that does not link them, and why."""

    kind: str
    value: str | None = Field(description="null where only tokens were sent")
    carriers: int = Field(description="reports of the network that carry it in a linking role")
    reason: Literal["spread", "stoplist", "different_country", "not_for_linking"] = Field(
        description="spread: seen in too many different circumstances; different_country: issued "
        "by different countries, or it is not said by which; not_for_linking: its role (a "
        "witness's, a helper's) or missing consent to linking"
    )
    note: str | None = Field(description="why it was put on the stop-list")


class PairJudgement(BaseModel):
    """What an analyst decided on the two."""

    kind: Literal["join", "separate"]
    at: datetime


class PairExplanation(BaseModel):
    """Why two reports are, or are not, in one lead, compared at this moment."""

    reports: list[str] = Field(min_length=2, max_length=2)
    together: bool = Field(description="whether they are in the same lead")
    leads: list[str | None] = Field(
        min_length=2, max_length=2, description="where each is; null while it is not linked yet"
    )
    reason: Literal[
        "linked", "attached", "joined", "same_lead_by_others", "nothing_in_common",
        "below_threshold", "weak_alone", "only_shared_values", "separated", "cut", "not_compared",
        "waiting", "other_circle",
    ]  # fmt: skip
    detail: str = Field(description="the reason in a sentence")
    match_weight: float
    strong: bool = Field(description="may link by itself")
    threshold: float = Field(description="bits from which strong evidence links two reports")
    attach_threshold: float = Field(
        description="bits from which weak evidence attaches a small group to a lead"
    )
    parts: list[LinkPart] = Field(description="they add up to the weight")
    not_linking: list[PairNotLinking]
    judgement: PairJudgement | None = Field(description="the one in force between the two")
    model_version: str


class PastLeadOut(BaseModel):
    """A lead with the reports that it had at a time in the past (`as_of`)."""

    id: str
    as_of: datetime
    created_at: datetime
    report_count: int
    members: list[str]
