"""Why two reports are linked: the values they share, each with its weight, adding up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.attributes import AttributeKind
from app.domain.linkage.model import LinkageModel


@dataclass(frozen=True, slots=True)
class SharedValue:
    """One value that several reports of a lead carry.

    carriers: all reports of the network that carry it in a linking role.
    members: those of this lead, oldest first.
    stopped: why it does not link ("frequency", "stoplist"); None if it may.
    """

    index: bytes
    kind: AttributeKind
    carriers: int
    members: Sequence[UUID]
    stopped: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of evidence of a link, in bits."""

    index: bytes
    kind: AttributeKind
    carriers: int
    match_weight: float
    links_alone: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Two reports and the evidence that they belong together. The parts add up to the weight."""

    reports: tuple[UUID, UUID]
    parts: tuple[Part, ...]

    @property
    def match_weight(self) -> float:
        return sum(part.match_weight for part in self.parts)


def links_of(shared: Collection[SharedValue], model: LinkageModel) -> list[Link]:
    """The links that hold a lead together, strongest first.

    Each linking value ties its carriers to one another as a chain from the oldest on, so n
    carriers give n - 1 links and not n². Whatever else two linked reports share is
    counted in the link of these two.
    """
    pairs: dict[tuple[UUID, UUID], None] = {}
    for value in shared:
        if _links(value, model):
            for older, newer in zip(value.members, value.members[1:], strict=False):
                pairs[older, newer] = None
    carried = _carried(shared)
    links = [Link(pair, _parts(pair, carried, model)) for pair in pairs]
    return sorted(links, key=lambda link: (-link.match_weight, link.reports))


def _links(value: SharedValue, model: LinkageModel) -> bool:
    return value.stopped is None and value.carriers <= model.most_carriers(value.kind)


def _carried(shared: Collection[SharedValue]) -> Mapping[UUID, dict[bytes, SharedValue]]:
    carried: dict[UUID, dict[bytes, SharedValue]] = {}
    for value in shared:
        if value.stopped is None:
            for report in value.members:
                carried.setdefault(report, {})[value.index] = value
    return carried


def _parts(
    pair: tuple[UUID, UUID],
    carried: Mapping[UUID, Mapping[bytes, SharedValue]],
    model: LinkageModel,
) -> tuple[Part, ...]:
    left, right = carried[pair[0]], carried[pair[1]]
    common = [value for index, value in left.items() if index in right]
    parts = [
        Part(
            value.index,
            value.kind,
            value.carriers,
            model.match_weight(value.kind, value.carriers),
            _links(value, model),
        )
        for value in common
    ]
    return tuple(sorted(parts, key=lambda part: (-part.match_weight, part.kind, part.index)))
