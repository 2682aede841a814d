"""What agencies judge of two reports, and what is proposed to them to judge."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.api.v1.schemas.leads import LinkOut
from app.api.v1.schemas.report import visible


def _different(pair: list[UUID]) -> list[UUID]:
    if pair[0] == pair[1]:
        raise ValueError("two different reports are expected")
    return pair


Reason = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2000,
        description="why; for agencies only",
        json_schema_extra={"pattern": r"\S"},
    ),
    AfterValidator(visible),
]


class DecisionIn(BaseModel):
    """What is judged of two reports."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Literal["join", "separate"]
    reports: Annotated[
        list[UUID],
        Field(min_length=2, max_length=2, description="one of them at least is of the lead"),
        AfterValidator(_different),
    ]
    reason: Reason


class AnswerIn(BaseModel):
    """Why a proposal is accepted or rejected."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: Reason


class DecisionOut(BaseModel):
    """What was judged of two reports, kept over any relinking."""

    id: str
    kind: Literal["join", "separate"]
    reports: list[str] = Field(min_length=2, max_length=2)
    lead_id: str = Field(description="where it was made")
    at: datetime
    organisation: str = Field(description="who judged")


class ListedDecision(DecisionOut):
    """A decision with its reason."""

    in_force: bool = Field(description="no later decision on the same two reports")
    reason: str | None = Field(description="null where you may not read both reports")
    withheld: bool


class DecisionPage(BaseModel):
    """A page of decisions, newest first."""

    items: list[ListedDecision]
    next: str | None


class ProposalOut(BaseModel):
    """Two leads that may belong together."""

    id: str
    leads: list[str] = Field(min_length=2, max_length=2, description="the older first")
    match_weight: float = Field(description="bits of the strongest link between them")
    link_count: int = Field(description="links between them on which nobody decided")
    link: LinkOut = Field(description="the strongest")
    reason: Literal["weak evidence", "large lead", "judged apart elsewhere"] = Field(
        description="what kept the link from joining the leads"
    )


class ProposalPage(BaseModel):
    """A page of proposals, the strongest first."""

    items: list[ProposalOut]
    next: str | None
