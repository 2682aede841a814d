"""What the API answers about reports. What is sent is described in `report`."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.problems import Problem
from app.api.v1.schemas.protocol import Told
from app.api.v1.schemas.report import AttributeIn, ReportIn
from app.domain.protocol.checklists import Answer
from app.domain.reports import ReportStatus


class WarningOut(BaseModel):
    """A value that is kept as sent and does not link."""

    pointer: str
    detail: str


class ValueOut(BaseModel):
    """A normalised value, and where in the report it stands."""

    pointer: str
    kind: str
    role: str
    normalised: str | None
    links: bool
    note: str | None


class AttributeOut(AttributeIn):
    """An attribute as sent, with the form in which it is compared."""

    normalised: str | None = None


class ReportOut(ReportIn):
    """A report as its sender reads it. Once withdrawn, only the first fields are left."""

    model_config = ConfigDict(extra="allow")

    id: str
    status: ReportStatus
    version: int
    received_at: datetime
    updated_at: datetime
    catalogue_version: str
    attributes: list[AttributeOut] = Field(default=[])  # type: ignore[assignment]
    values: list[ValueOut] = Field(default=[])
    warnings: list[WarningOut] = Field(default=[])
    assessment: dict[str, Any] | None = None


class WithdrawnOut(BaseModel):
    """What is left of a withdrawn report."""

    id: str
    status: Literal["withdrawn"]
    version: int
    received_at: datetime
    updated_at: datetime
    external_ref: str
    catalogue_version: str


class ReportPage(BaseModel):
    """Own reports, newest first."""

    items: list[ReportOut | WithdrawnOut]
    next: str | None = Field(description="cursor of the next page; null at the end")


class OpenQuestionOut(Told):
    """A question still to ask, in words."""

    code: str = Field(description="the indicator that it is about, as in open_questions")
    text: str
    help: str | None
    answer: Answer = Field(description="the one that reports the indicator")


class AssessmentOut(BaseModel):
    """The answer of a dry run: nothing was stored."""

    assessment: dict[str, Any]
    questions: list[OpenQuestionOut] = Field(
        description="all open_questions of the assessment, best first within each element"
    )
    warnings: list[WarningOut]
    values: list[ValueOut]


class BatchLine(BaseModel):
    """The answer to one line of a batch."""

    line: int
    external_ref: str | None = None
    status: Literal[201, 200, 409, 413, 422, 503]
    id: str | None = None
    warnings: list[WarningOut] | None = None
    problem: Problem | None = None
