"""The linkage model: what an agreement of each kind weighs, in bits, and when it links.

Match weights after Fellegi and Sunter (1969): log2(m/u), with u taken from the number of
reports that carry the value (term frequency). Nothing here knows a particular corpus.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, log2

from app.domain.attributes import AttributeKind

_FEWEST = 2


@dataclass(frozen=True, slots=True)
class KindModel:
    """m: probability that two reports on one operation agree, given that both carry the kind.
    population: size of the reference population that u is taken from.
    links_alone: whether one shared value may link two reports by itself.
    """

    m: float
    population: float
    links_alone: bool


@dataclass(frozen=True, slots=True)
class LinkageModel:
    """All weights of one version. `threshold` is in bits."""

    version: str
    threshold: float
    kinds: Mapping[AttributeKind, KindModel]
    _most: dict[AttributeKind, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Asked for with every value of every report.
        object.__setattr__(self, "_most", {kind: self._most_of(kind) for kind in self.kinds})

    def match_weight(self, kind: AttributeKind, carriers: int) -> float:
        """Bits that sharing one value of `kind` adds when `carriers` reports carry it; never
        below 0, for agreement, however common, is not evidence against.
        """
        of_kind = self.kinds[kind]
        return max(0.0, log2(of_kind.m * of_kind.population / frequency_step(carriers)))

    def most_carriers(self, kind: AttributeKind) -> int:
        """The largest number of carriers with which a value of `kind` still links alone; 0 if
        the kind never does. A power of two, as weights move in such steps only.
        """
        return self._most[kind]

    def _most_of(self, kind: AttributeKind) -> int:
        of_kind = self.kinds[kind]
        if not of_kind.links_alone:
            return 0
        step = _FEWEST
        if self.match_weight(kind, step) < self.threshold:
            return 0
        while self.match_weight(kind, step * 2) >= self.threshold:
            step *= 2
        return step


def frequency_step(carriers: int) -> int:
    """The number of carriers rounded up to a power of two, at least 2."""
    return 1 << max(carriers - 1, 1).bit_length()


def parse_model(data: Mapping[str, object]) -> LinkageModel:
    """The model of a parsed TOML document. Raises ValueError where it is wrong or incomplete."""
    version, threshold, kinds = data.get("version"), data.get("threshold"), data.get("kinds")
    if not isinstance(version, str) or not isinstance(kinds, Mapping):
        raise ValueError("a linkage model needs a version and kinds")  # noqa: TRY004
    if not isinstance(threshold, int | float) or not 0 < threshold < inf:
        raise ValueError("the threshold of a linkage model must be a number above 0")
    missing = {kind.value for kind in AttributeKind} ^ set(kinds)
    if missing:
        raise ValueError(f"kinds missing or unknown in the linkage model: {sorted(missing)}")
    parsed = {AttributeKind(name): _kind(name, entry) for name, entry in kinds.items()}
    return LinkageModel(version, float(threshold), parsed)


def _kind(name: str, entry: object) -> KindModel:
    if not isinstance(entry, Mapping):
        raise ValueError(f"{name} is no table")  # noqa: TRY004
    m, population, alone = entry.get("m"), entry.get("population"), entry.get("links_alone")
    if not isinstance(m, float) or not 0 < m < 1:
        raise ValueError(f"m of {name} must lie between 0 and 1")
    if (
        not isinstance(population, float)
        or not 1 <= population < inf
        or not isinstance(alone, bool)
    ):
        raise ValueError(f"population or links_alone of {name} is wrong")
    return KindModel(m, population, alone)
