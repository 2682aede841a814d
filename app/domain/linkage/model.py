"""The linkage model: what an agreement weighs, in bits, and when it links.

Match weights after Fellegi and Sunter (1969): log2(m/u), with u taken from how widely a value
is spread (term frequency, as in Splink). Nothing here knows a particular corpus.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from math import inf, log2
from typing import Any, TypeVar

from app.domain.attributes import AttributeKind

COMPOSED = frozenset({AttributeKind.PERSON, AttributeKind.ADDRESS})
"""Kinds that are compared by their parts and not as one value."""

_Section = TypeVar("_Section")


@dataclass(frozen=True, slots=True)
class Term:
    """m: probability that two reports on one operation agree, given that both say something.
    population: size of the reference population that u is taken from.
    """

    m: float
    population: float


@dataclass(frozen=True, slots=True)
class KindModel:
    """An exact kind: its term, its family, and whether it is too weak to link alone."""

    term: Term
    family: str
    weak: bool


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Bits from which two reports link, and from which a small group attaches to a lead."""

    link: float
    attach: float


@dataclass(frozen=True, slots=True)
class Leads:
    """Sizes in reports; see the data file for the rule that each serves."""

    small: int
    core: int
    readable: int
    per_doubling: float
    share: float


@dataclass(frozen=True, slots=True)
class Spread:
    """When a value is a hub, and how many of its carriers are looked at."""

    period_days: int
    free: int
    per_doubling: float
    hub_carriers: int
    hub_spread: int
    hub_share: float
    pairs: int
    firm_pairs: int
    sample: int
    representatives: int


@dataclass(frozen=True, slots=True)
class PersonModel:
    """Weights of comparing two persons, in bits."""

    name: Term
    given: Term
    unmatched: int
    near_word: float
    extra_word: float
    same_date: float
    swapped_date: float
    near_date: float
    same_year: float
    year_alone: float
    other_date: float
    other_year: float
    most_beside_one_word: float
    other_sex: float
    other_nationality: float


@dataclass(frozen=True, slots=True)
class FirmModel:
    """Weights of comparing two names of firms, in bits."""

    name: Term
    near_name: float
    unmatched: int


@dataclass(frozen=True, slots=True)
class AddressModel:
    """Terms of a whole address, and of street and number in what may be another town."""

    whole: Term
    street: Term


@dataclass(frozen=True, slots=True)
class PlaceModel:
    """Weights of two places of observation, in bits; distances in kilometres."""

    same_town: float
    same_region: float
    other_town: float
    other_country: float
    near_km: float
    far_km: float


@dataclass(frozen=True, slots=True)
class TimeModel:
    """Weights by the days between: (at most so many days, bits), rising; `later` beyond."""

    steps: tuple[tuple[float, float], ...]
    later: float

    def weight(self, days: int) -> float:
        """Bits for observations that many days apart."""
        return next((bits for most, bits in self.steps if days <= most), self.later)


@dataclass(frozen=True, slots=True)
class FormModel:
    """Weights where the forms of exploitation agree or have nothing in common, in bits."""

    same: float
    other: float


@dataclass(frozen=True, slots=True)
class LinkageModel:
    """All weights of one version. `further`: the share at which the weaker parts of a family
    count. `second`: bits from which a family counts as a kind of its own. `single`: families
    of which only the strongest part counts.
    """

    version: str
    thresholds: Thresholds
    leads: Leads
    spread: Spread
    further: float
    second: float
    single: frozenset[str]
    kinds: Mapping[AttributeKind, KindModel]
    person: PersonModel
    firm: FirmModel
    address: AddressModel
    place: PlaceModel
    time: TimeModel
    form: FormModel

    def is_weak(self, kind: AttributeKind) -> bool:
        """Whether a value of this kind never links by itself."""
        own = self.kinds.get(kind)
        return own.weak if own is not None else kind is AttributeKind.ADDRESS

    def weight(self, term: Term, spread: int) -> float:
        """Bits that an agreement adds when the value is spread over that many circumstances (a
        power of two); never below 0, for agreement, however common, is not evidence against.
        """
        return _weight(term, spread, self.spread.free, self.spread.per_doubling)


@lru_cache(maxsize=1024)
def _weight(term: Term, spread: int, free: int, per_doubling: float) -> float:
    everywhere = max(0.0, log2(max(1, spread) / free)) * per_doubling
    return max(0.0, round(log2(term.m * term.population / max(2, spread)) - everywhere, 2))


def power_step(count: int) -> int:
    """A count rounded up to a power of two, at least 1."""
    return 1 << max(count - 1, 0).bit_length()


def parse_model(data: Mapping[str, Any]) -> LinkageModel:
    """The model of a parsed TOML document. Raises ValueError where it is wrong or incomplete."""
    version = data.get("version")
    if not isinstance(version, str):
        raise ValueError("a linkage model needs a version")  # noqa: TRY004
    families = _table(data, "families", {"further", "second", "single"})
    time = _table(data, "time", {"steps", "later"})
    return LinkageModel(
        version=version,
        thresholds=_section(Thresholds, data, "thresholds"),
        leads=_section(Leads, data, "leads"),
        spread=_section(Spread, data, "spread"),
        further=_number("families.further", families.get("further")),
        second=_number("families.second", families.get("second")),
        single=_names("families.single", families["single"]),
        kinds=_kinds(_table(data, "kinds")),
        person=_section(PersonModel, data, "person"),
        firm=_section(FirmModel, data, "firm"),
        address=_section(AddressModel, data, "address"),
        place=_section(PlaceModel, data, "place"),
        time=TimeModel(_steps(time.get("steps")), _number("time.later", time.get("later"))),
        form=_section(FormModel, data, "form"),
    )


def _table(
    data: Mapping[str, Any], name: str, wanted: Collection[str] | None = None
) -> Mapping[str, Any]:
    table = data.get(name)
    if not isinstance(table, Mapping):
        raise ValueError(f"the linkage model has no table {name}")  # noqa: TRY004
    if wanted is not None and set(table) != set(wanted):
        raise ValueError(f"missing or unknown in {name}: {sorted(set(table) ^ set(wanted))}")
    return table


def _names(place: str, value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError(f"{place} must be a list of names")
    return frozenset(value)


def _section(cls: type[_Section], data: Mapping[str, Any], name: str) -> _Section:
    """A table whose entries are the fields of `cls`: numbers, whole numbers and terms."""
    types = {field.name: field.type for field in fields(cls)}  # type: ignore[arg-type]
    table = _table(data, name, types)
    values: dict[str, Any] = {}
    for key, value in table.items():
        place = f"{name}.{key}"
        if types[key] is Term:
            values[key] = _term(place, value)
        elif types[key] is int:
            values[key] = _whole(place, value)
        else:
            values[key] = _number(place, value)
    return cls(**values)


def _kinds(table: Mapping[str, Any]) -> Mapping[AttributeKind, KindModel]:
    exact = {kind.value for kind in AttributeKind if kind not in COMPOSED}
    if set(table) != exact:
        raise ValueError(f"kinds missing or unknown: {sorted(exact ^ set(table))}")
    return {AttributeKind(name): _kind(name, entry) for name, entry in table.items()}


def _kind(name: str, entry: object) -> KindModel:
    if not isinstance(entry, Mapping) or not {"m", "population", "family"} <= set(entry):
        raise ValueError(f"{name} needs m, population and family")
    family, weak = entry["family"], entry.get("weak", False)
    if not isinstance(family, str) or not isinstance(weak, bool):
        raise ValueError(f"family or weak of {name} is wrong")  # noqa: TRY004
    term = {key: value for key, value in entry.items() if key not in {"family", "weak"}}
    return KindModel(_term(name, term), family, weak)


def _term(place: str, value: object) -> Term:
    if not isinstance(value, Mapping) or set(value) != {"m", "population"}:
        raise ValueError(f"{place} needs m and population")
    m, population = (_number(place, value[key]) for key in ("m", "population"))
    if not 0 < m < 1 or population < 1:
        raise ValueError(f"m of {place} must lie between 0 and 1, its population be at least 1")
    return Term(m, population)


def _number(place: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -inf < value < inf:
        raise ValueError(f"{place} must be a number")
    return float(value)


def _whole(place: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{place} must be a whole number above 0")
    return value


def _steps(value: object) -> tuple[tuple[float, float], ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("time.steps must list days and bits")
    if not all(isinstance(step, list) and len(step) == 2 for step in value):  # noqa: PLR2004
        raise ValueError("each of time.steps is a pair of days and bits")
    steps = tuple((_number("time", days), _number("time", bits)) for days, bits in value)
    if list(steps) != sorted(steps):
        raise ValueError("time.steps must rise")
    return steps
