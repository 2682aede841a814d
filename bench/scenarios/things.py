"""What an operation uses and a report may show of it, as it truly is. How it is written is in
`spelling`; `key` names the thing in statistics.
"""

from dataclasses import dataclass
from typing import TypeAlias

from bench.scenarios.countries import Country
from bench.scenarios.people import Person
from bench.scenarios.towns import Town


@dataclass(slots=True, eq=False)
class Phone:
    country: Country
    national: str

    @property
    def key(self) -> str:
        return f"phone +{self.country.dial}{self.national}"


@dataclass(slots=True, eq=False)
class Email:
    text: str

    @property
    def key(self) -> str:
        return f"email {self.text}"


@dataclass(slots=True, eq=False)
class Profile:
    platform: str
    handle: str

    @property
    def key(self) -> str:
        return f"profile {self.platform} {self.handle}"


@dataclass(slots=True, eq=False)
class Advert:
    """A page: host and path; a portal's own page has no path."""

    host: str
    path: str

    @property
    def key(self) -> str:
        return f"advert {self.host}{self.path}"


@dataclass(slots=True, eq=False)
class Account:
    iban: str

    @property
    def key(self) -> str:
        return f"iban {self.iban}"


@dataclass(slots=True, eq=False)
class Car:
    country: str
    plate: str
    description: str

    @property
    def key(self) -> str:
        return f"plate {self.country} {self.plate}"


@dataclass(slots=True, eq=False)
class Address:
    """street: its spellings, the full one first."""

    town: Town
    street: tuple[str, ...]
    number: str
    postcode: str
    lat: float
    lon: float
    venue: str | None = None

    @property
    def key(self) -> str:
        return f"address {self.town.names[0]} {self.street[0]} {self.number}"


@dataclass(slots=True, eq=False)
class Firm:
    country: str
    core: str
    forms: tuple[str, ...]
    number: str
    role: str = "employer"
    phone: Phone | None = None
    email: Email | None = None
    address: Address | None = None

    @property
    def key(self) -> str:
        return f"firm {self.number}"


@dataclass(slots=True, eq=False)
class CaseRef:
    """A file number that a second organisation quotes."""

    text: str

    @property
    def key(self) -> str:
        return f"case_ref {self.text}"


Thing: TypeAlias = (
    Phone | Email | Profile | Advert | Account | Car | Address | Firm | Person | CaseRef
)
