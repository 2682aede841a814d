"""What a reporter is told."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.domain.leads import LeadStatus


class FeedbackOut(BaseModel):
    """One event about one of your reports."""

    cursor: str = Field(description="go on from here with `after`")
    report_id: str
    external_ref: str
    status: LeadStatus
    message: str | None
    at: datetime


class FeedbackPage(BaseModel):
    """A page of the feed."""

    items: list[FeedbackOut]
    next: str = Field(description="cursor to go on from; always there")
