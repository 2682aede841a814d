"""The access log as it is answered."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from app.domain.access import Purpose
from app.domain.audit import Action, ActorKind, Operation


class ActingOrganisation(BaseModel):
    """An organisation that acted."""

    id: str
    name: str | None = Field(description="null where it is in the network no more")


class ActorOut(BaseModel):
    """Who acted: a client, the command line, or the system by itself."""

    kind: ActorKind
    organisation: ActingOrganisation | None
    client_id: str | None = Field(
        description="of a person from an outside issuer: an opaque id, always the same"
    )


class AuditEntryOut(BaseModel):
    """An entry: who did what to which things, when and why."""

    id: str
    at: datetime
    operation: Operation = Field(description="of Directive (EU) 2016/680, Article 25")
    action: Action
    actor: ActorOut
    purpose: Purpose | None
    object_kind: str = Field(description="what the ids of `objects` name")
    objects: list[str] = Field(max_length=500)
    subject: str | None = Field(
        description="client_id of the client, or opaque id of the person, acted on"
    )
    chain: int
    sequence: int


class AuditPage(BaseModel):
    """A page of the access log, newest entry first."""

    items: list[AuditEntryOut]
    next: str | None = Field(description="cursor of the next page; null at the end")


class AccessOut(BaseModel):
    """How often an organisation has read the report for a purpose."""

    agency: str
    purpose: Purpose
    count: int
    last_day: date


class AccessesOut(BaseModel):
    """Who has read a report: counts alone, no times and no persons."""

    total: int
    last_day: date | None
    items: list[AccessOut]
