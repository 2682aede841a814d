"""What a report is about: an operation, a case or a single sight, with all that belongs to it."""

from dataclasses import dataclass

from bench.scenarios.confounders import Confounder
from bench.scenarios.people import Person
from bench.scenarios.things import Thing
from bench.scenarios.towns import Town


@dataclass(slots=True, eq=False)
class Item:
    """A thing, in use from day `first` to day `last`; role: whose it is."""

    thing: Thing
    kind: str
    role: str
    first: float
    last: float
    weight: float
    owner: Person | None = None


@dataclass(slots=True, eq=False)
class Unit:
    """What some reports are about. lead: None where a report stands alone."""

    lead: str | None
    size: int
    form: str
    nationality: str
    start: float
    end: float
    towns: list[Town]
    items: list[Item]
    noise: list[Confounder]
    case_refs: list[str]
