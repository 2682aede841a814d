"""The protocol over the wire: catalogue, checklists, answers and what they add up to."""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.api.v1.schemas.report import ReportIn
from app.domain.assessment import Urgency
from app.domain.indicators import (
    AppliesTo,
    Dimension,
    Element,
    Form,
    Profile,
    Strength,
)
from app.domain.protocol.advising import Advice
from app.domain.protocol.checklists import Answer, Step
from app.domain.protocol.texts import Review

_QUESTION_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_MOST_ANSWERS = 200


class Told(BaseModel):
    """A text, the language that it is in, and whether a person of the field has gone over it."""

    language: str = Field(description="BCP 47; English where there is no translation")
    review: Review


class LanguageOut(BaseModel):
    """How far the texts of one language are."""

    language: str
    review: dict[str, Review] = Field(description="by kind of text")
    missing_count: int = Field(description="texts that are given in English instead")


class SectorOut(BaseModel):
    """A sector that has a checklist."""

    sector: str
    name: str
    question_count: int
    indicator_count: int = Field(description="indicators that its questions reach")
    checklist: str = Field(description="where the checklist is")


class WordsOut(Told):
    """The words for the codes of the protocol."""

    groups: dict[str, dict[str, str]] = Field(description="word by code, by group of codes")


class AdviceOut(Told):
    """What to do now."""

    id: Advice
    title: str
    text: str


class FeedbackTextOut(Told):
    """What a status of feedback means to the one who reported."""

    status: str
    text: str


class RulesOut(BaseModel):
    """The rules of the assessment."""

    dimension: str
    elements: str
    additions: list[str] = Field(description="own additions to the published rule, by name")
    note: str


class ExtensionOut(BaseModel):
    """Codes that a country or a network adds; each counts as a common code."""

    name: str
    prefix: str = Field(description="what its codes begin with")
    indicator_count: int
    languages: list[str]
    indicators: str = Field(description="where they are")


class PartnerProfileOut(BaseModel):
    """The indicators that an organisation or sector works with, in its own words."""

    name: str
    sector: str | None
    indicator_count: int
    languages: list[str]
    indicators: str = Field(description="where they are")


class ProtocolOut(BaseModel):
    """The protocol: its version and what belongs to it."""

    version: str
    versions: list[str] = Field(description="all released ones; a report keeps its own")
    language: str
    languages: list[LanguageOut]
    indicator_count: int
    sectors: list[SectorOut]
    extensions: list[ExtensionOut]
    profiles: list[PartnerProfileOut]
    words: WordsOut
    advice: list[AdviceOut]
    feedback: list[FeedbackTextOut]
    rules: RulesOut


class OwnWordingOut(Told):
    """What a profile says of an indicator."""

    label: str = Field(description="takes the place of the common label")
    hint: str | None = Field(description="for those who work by the profile")


class IndicatorOut(Told):
    """An indicator of the catalogue, or an own code of an extension."""

    model_config = ConfigDict(populate_by_name=True)

    code: str
    dimension: Dimension
    element: Element
    strength: Strength = Field(description="in the list for adults in labour exploitation")
    strengths: dict[Profile, Strength] = Field(description="where another list differs")
    forms: list[Form] = Field(description="forms it can speak for; empty: any")
    applies_to: AppliesTo
    defining: bool = Field(description="one such sign is enough for the purpose")
    urgency: Urgency | None
    asks_about: list[str] = Field(description="codes that it gives reason to ask about")
    source: str
    retired: str | None = Field(description="the version that retired the code")
    label: str
    explanation: str
    example: str = Field(description="invented")
    not_: str = Field(alias="not", description="what it is not")
    extension: str | None = Field(description="whose own code it is; null for a common one")
    maps_to: str | None = Field(
        description="the common code that an own code counts as; what it weighs is that one's"
    )
    own: OwnWordingOut | None = Field(description="with `?profile=`")


class IndicatorsOut(BaseModel):
    """The catalogue, or what of it was asked for."""

    version: str
    language: str
    items: list[IndicatorOut]
    next: None = Field(default=None, description="always null: the list is whole")


class ConditionOut(BaseModel):
    """Ask only after this answer to an earlier question."""

    question: str
    answer: Answer


class QuestionOut(Told):
    """A question of a checklist, and the indicators that answers report."""

    id: str
    step: Step
    text: str
    help: str | None
    yes: list[str]
    no: list[str]
    when: ConditionOut | None
    danger: Answer | None = Field(description="the answer that means immediate danger")


class StepOut(BaseModel):
    """A part of a checklist."""

    step: Step
    name: str


class ChecklistOut(BaseModel):
    """The checklist of a sector, in the order in which it is gone through."""

    version: str
    language: str
    sector: str
    name: str
    steps: list[StepOut]
    answers: dict[Answer, str] = Field(description="the word for each answer")
    questions: list[QuestionOut]


class AnswersIn(BaseModel):
    """Answers to a checklist. Nothing of them is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answers: Annotated[
        dict[str, Answer],
        Field(max_length=_MOST_ANSWERS, description="by the id of the question"),
    ]
    forms: Annotated[
        list[Form], Field(max_length=11, description="forms that it may be about, if any come up")
    ] = []

    @field_validator("answers", mode="before")
    @classmethod
    def _by_question(cls, answers: object) -> object:
        """Refuse keys that are no ids before any of them is named in a fault."""
        if isinstance(answers, dict) and not all(
            isinstance(each, str) and _QUESTION_ID.fullmatch(each) for each in answers
        ):
            raise ValueError("the keys are the ids of questions")
        return answers


class ReportedOut(Told):
    """An indicator that the answers report."""

    code: str
    label: str
    element: Element
    dimension: Dimension
    strength: Strength
    because: list[str] = Field(description="the questions whose answers report it")


class NextQuestionOut(QuestionOut):
    """A question to ask now."""

    decides: bool = Field(description="it may lead to a sign of an element that is still unknown")


class AnsweredOut(BaseModel):
    """What the answers add up to, what to ask next, and what to do now."""

    version: str
    language: str
    sector: str
    indicators: list[ReportedOut]
    age_group: Literal["adult", "child", "unknown"]
    urgency: Urgency
    assessment: dict[str, Any] = Field(description="as of a report; screening, no verdict")
    next_questions: list[NextQuestionOut]
    set_aside: list[str] = Field(
        description="questions whose answers do not count, as an earlier answer rules them out"
    )
    advice: list[AdviceOut]
    report: dict[str, Any] | None = Field(
        description="a body for POST /v1/reports, once `missing` is added; null without any sign"
    )
    missing: list[Literal["external_ref", "observed_from"]] = Field(
        description="what the report still lacks"
    )


REQUIRED_OF_A_REPORT = tuple(
    name for name, field in ReportIn.model_fields.items() if field.is_required()
)
