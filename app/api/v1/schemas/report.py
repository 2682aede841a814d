"""A report as partners send it (contract, section 5): every field, bound and refusal.

Limits stand here and so in the OpenAPI document. What is not named here is refused.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from app.domain.attributes import AttributeKind, AttributeRole
from app.domain.codes import (
    COUNTRIES,
    LANGUAGE_PATTERN,
    NUTS_PATTERN,
    Channel,
    ConsentBasis,
    ConsentScope,
    HandlingCode,
    OrganisationRole,
    PersonRole,
    Sex,
    SourceReliability,
    Tlp,
    country_of_nuts,
    lies_in,
)
from app.domain.indicators import NOT_A_CODE, Form
from app.domain.normalise.dates import MOMENT_PATTERN, parse_moment, parse_partial_date

_ORGANISATION_ID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_INDICATOR = re.compile(r"^[A-Z]{2}-[0-9]{2}$")
_EARLIEST = date(1900, 1, 1)


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise ValueError("not a country code of ISO 3166-1 alpha-2")
    return code


def _indicator(code: str) -> str:
    if not _INDICATOR.fullmatch(code):
        raise ValueError(NOT_A_CODE)
    return code


def _kind_of_sign(value: object) -> str:
    """What a sign is to be read as, so that it is refused for one reason and not for two. The
    brackets tell `problems.faults_of` that this names no place in the input.
    """
    return "[code]" if isinstance(value, str) else "[sign]"


def _nuts(region: str) -> str:
    if country_of_nuts(region) is None:
        raise ValueError("no country has NUTS codes that begin so")
    return region


def visible(text: str) -> str:
    """Refuse a text in which nothing can be seen. Raises ValueError."""
    if not any(character.isprintable() and character != " " for character in text):
        raise ValueError("has no visible character")
    return text


def _birth_date(text: str) -> str:
    if text != text.strip() or parse_partial_date(text) is None:
        raise ValueError("not a date, year-month or year of ISO 8601 between 1900 and 2100")
    return text


def _recipient(text: str) -> str:
    if text not in COUNTRIES and not _ORGANISATION_ID.match(text):
        raise ValueError("neither a country code nor the id of an organisation")
    return text


def _moment(value: object) -> object:
    """Read a date or a time of RFC 3339 from its text."""
    moment = parse_moment(value) if isinstance(value, str) else None
    if moment is None:
        raise ValueError(
            "a date (2026-03-01) or a time with its offset (2026-03-01T10:00:00Z) is expected"
        )
    return moment


def _not_before_1900(moment: date | datetime) -> date | datetime:
    if day_of(moment) < _EARLIEST:
        raise ValueError("lies before 1900")
    return moment


def moment_of(moment: date | datetime) -> datetime:
    """The time in UTC of a date or a time; a date begins at midnight."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)


def day_of(moment: date | datetime) -> date:
    """The day in UTC of a date or a time."""
    return moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment


Country = Annotated[
    str,
    AfterValidator(_country),
    Field(
        description="ISO 3166-1 alpha-2",
        examples=["SK"],
        json_schema_extra={"minLength": 2, "maxLength": 2},
    ),
]
Nuts = Annotated[
    str,
    Field(pattern=NUTS_PATTERN, description="NUTS code", examples=["SK031"]),
    AfterValidator(_nuts),
]
Language = Annotated[str, Field(pattern=LANGUAGE_PATTERN, max_length=35, description="BCP 47")]
Moment = Annotated[
    date | datetime,
    BeforeValidator(_moment, json_schema_input_type=Annotated[str, Field(pattern=MOMENT_PATTERN)]),
    AfterValidator(_not_before_1900),
    Field(
        description="a date, or a time with its offset (RFC 3339)",
        examples=["2026-03-01", "2026-03-01T10:00:00Z"],
    ),
]
BirthDate = Annotated[
    str,
    Field(max_length=10, description="date, year-month or year", examples=["1999-05"]),
    AfterValidator(_birth_date),
]
Recipient = Annotated[str, Field(max_length=36), AfterValidator(_recipient)]
Code = Annotated[
    str,
    AfterValidator(_indicator),
    Field(json_schema_extra={"minLength": 2, "maxLength": 20, "pattern": _INDICATOR.pattern}),
]
Short = Annotated[str, Field(min_length=1, max_length=200)]
Line = Annotated[str, Field(min_length=1, max_length=500)]
Note = Annotated[str, Field(max_length=2000)]
Value = Annotated[str, Field(min_length=1, max_length=1000)]
Token = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_-]{43}=?$",
        description="base64url of HMAC-SHA-256 (reports without identity)",
    ),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class IndicatorIn(_Part):
    """A sign that was seen."""

    code: Code
    note: Note | None = None


SignIn = Annotated[
    Annotated[IndicatorIn, Tag("[sign]")] | Annotated[Code, Tag("[code]")],
    Discriminator(_kind_of_sign),
]


class PlaceIn(_Part):
    """Where it was seen."""

    country: Country | None = None
    nuts: Nuts | None = None
    locality: Short | None = None
    address: Line | None = None
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)

    @field_validator("nuts")
    @classmethod
    def _of_the_country(cls, region: str | None, info: ValidationInfo) -> str | None:
        country = info.data.get("country")
        if region is not None and country is not None and not lies_in(region, country):
            raise ValueError("this region is not of the country of the place")
        return region

    @model_validator(mode="after")
    def _both_coordinates(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon go together")
        return self


class DocumentIn(_Part):
    """An identity document."""

    kind: Short
    number: Short
    country: Country | None = None


class PersonIn(_Part):
    """A person of the observation. Nothing is required: a sign without identity is welcome."""

    role: PersonRole = PersonRole.UNKNOWN
    name: Short | None = None
    given_name: Short | None = None
    family_name: Short | None = None
    aliases: list[Short] = Field(default_factory=list, max_length=20)
    birth_date: BirthDate | None = None
    age_group: Literal["adult", "child", "unknown"] | None = None
    sex: Sex | None = None
    nationality: Country | None = None
    languages: list[Language] = Field(default_factory=list, max_length=20)
    documents: list[DocumentIn] = Field(default_factory=list, max_length=20)
    phones: list[Short] = Field(default_factory=list, max_length=20)
    emails: list[Line] = Field(default_factory=list, max_length=20)
    profiles: list[Value] = Field(default_factory=list, max_length=20)


class OrganisationIn(_Part):
    """A firm, venue or other body of the observation."""

    role: OrganisationRole = OrganisationRole.OTHER
    name: Short | None = None
    registration_number: Short | None = None
    country: Country | None = None
    address: Line | None = None
    phones: list[Short] = Field(default_factory=list, max_length=20)
    emails: list[Line] = Field(default_factory=list, max_length=20)
    urls: list[Value] = Field(default_factory=list, max_length=20)


class VehicleIn(_Part):
    """A vehicle of the observation."""

    plate: Short | None = None
    country: Country | None = None
    vin: Short | None = None
    description: Line | None = None


AttributeKindIn = Literal[
    "phone", "email", "url", "profile", "iban", "wallet", "document", "plate", "vin", "ip",
    "address", "company", "image_hash", "case_ref",
]  # fmt: skip


class AttributeIn(_Part):
    """One value that may tie this report to others, or its token."""

    kind: AttributeKindIn
    value: Value | None = None
    token: Token | None = None
    role: AttributeRole = AttributeRole.UNKNOWN
    country: Country | None = None
    platform: Short | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _value_or_token(self) -> Self:
        if (self.value is None) == (self.token is None):
            raise ValueError("either value or token is required, not both")
        return self

    @property
    def attribute_kind(self) -> AttributeKind:
        return AttributeKind(self.kind)


class SourceIn(_Part):
    """Europol 4x4 grading."""

    reliability: SourceReliability | None = None
    credibility: int | None = Field(default=None, ge=1, le=4)
    channel: Channel | None = None


class HandlingIn(_Part):
    """Under which conditions the report may be read."""

    code: HandlingCode = HandlingCode.H1
    tlp: Tlp = Tlp.AMBER
    share_with: list[Recipient] = Field(
        default_factory=list,
        max_length=300,
        description="countries or organisation ids; empty: the network",
    )


class ConsentIn(_Part):
    """The legal basis, and what the person agreed to where it was asked."""

    basis: ConsentBasis
    scopes: list[ConsentScope] | None = Field(default=None, max_length=4)
    victim_informed: bool | None = None
    note: Note | None = None


class SafetyIn(_Part):
    """What must be known before anybody acts."""

    do_not_contact: bool = False
    at_risk: bool = False


class ReportIn(_Part):
    """What one organisation sends about one observation."""

    external_ref: Annotated[
        Short,
        Field(
            description="the sender's own reference, unique within the organisation",
            json_schema_extra={"pattern": r"\S"},
        ),
        AfterValidator(visible),
    ]
    observed_from: Moment
    observed_to: Moment | None = None
    language: Language | None = None
    forms: list[Form] = Field(default_factory=list, max_length=11)
    indicators: list[SignIn] = Field(default_factory=list, max_length=200)
    narrative: Annotated[str, Field(max_length=20_000)] | None = None
    place: PlaceIn | None = None
    route: list[Country] = Field(default_factory=list, max_length=50)
    persons: list[PersonIn] = Field(default_factory=list, max_length=100)
    organisations: list[OrganisationIn] = Field(default_factory=list, max_length=50)
    vehicles: list[VehicleIn] = Field(default_factory=list, max_length=50)
    attributes: list[AttributeIn] = Field(default_factory=list, max_length=200)
    source: SourceIn | None = None
    handling: HandlingIn | None = None
    consent: ConsentIn | None = None
    safety: SafetyIn | None = None
