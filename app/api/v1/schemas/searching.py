"""What an agency asks of one value, and what it is told."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.v1.schemas.leads import LeadSummary
from app.api.v1.schemas.report import Country, Token, Value
from app.domain.attributes import AttributeKind


class SearchIn(BaseModel):
    """A value of one kind, written in whatever way, or its token; one of the two."""

    model_config = ConfigDict(extra="forbid")

    kind: AttributeKind
    value: Value | None = Field(default=None, description="not of a person, who is found by token")
    token: Token | None = None
    country: Country | None = Field(default=None, description="of the value, where it says none")
    platform: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="of a profile that is given by its name alone"
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.value is None) == (self.token is None):
            raise ValueError("either value or token is expected")
        return self


class AskOut(BaseModel):
    """Whom to ask."""

    id: str
    name: str
    kind: str
    country: str


class HandlingOut(BaseModel):
    """What binds whoever asks."""

    code: str
    tlp: str


class HitOut(BaseModel):
    """A report that carries the value, and where it is."""

    id: str
    lead: str | None = Field(description="null while it is not linked yet")
    withheld: bool
    ask: AskOut | None = Field(description="who sent it, where it is withheld")
    handling: HandlingOut | None = Field(description="likewise")


class SearchOut(BaseModel):
    """A hit, with the reports that carry the value and their leads; or none."""

    hit: Literal[True, False]
    leads: list[LeadSummary] = Field(description="of the reports on this page")
    reports: list[HitOut]
    next: str | None
