"""The chain between two reports of a lead: why reports that have nothing in common are together."""

from collections.abc import Iterable, Mapping
from math import inf
from typing import NamedTuple
from uuid import UUID


class Hop(NamedTuple):
    """What holds two reports together. weight: in bits; infinite for a judgement, which no
    evidence outweighs.
    """

    one: UUID
    other: UUID
    weight: float


def best_path(hops: Iterable[Hop], start: UUID, end: UUID) -> list[UUID] | None:
    """The reports from `start` to `end` over the fewest hops; of several such chains the one whose
    weakest hop is strongest (the widest path); of equal ones that with the smallest ids.

    Of several hops between the same two the strongest counts. The chain is the same in both
    directions and in whatever order the hops come. None where there is no chain.
    """
    if end < start:
        path = best_path(hops, end, start)
        return path and path[::-1]
    neighbours = _neighbours(hops)
    left = _hops_left(neighbours, end)
    if start not in left:
        return [start] if start == end else None
    widths = _widths(neighbours, left, end)
    path = [start]
    while path[-1] != end:
        here = path[-1]
        path.append(
            min(
                other
                for other, weight in neighbours[here].items()
                if left[other] == left[here] - 1 and min(weight, widths[other]) >= widths[start]
            )
        )
    return path


def _neighbours(hops: Iterable[Hop]) -> dict[UUID, dict[UUID, float]]:
    found: dict[UUID, dict[UUID, float]] = {}
    for one, other, weight in hops:
        for near, far in ((one, other), (other, one)):
            known = found.setdefault(near, {})
            known[far] = max(weight, known.get(far, -inf))
    return found


def _hops_left(neighbours: Mapping[UUID, Mapping[UUID, float]], end: UUID) -> dict[UUID, int]:
    """How many hops each report is away from the end, nearest first; others are not in it."""
    left = {end: 0}
    edge = [end]
    while edge:
        nearer, edge = edge, []
        for here in nearer:
            for other in neighbours.get(here, ()):
                if other not in left:
                    left[other] = left[here] + 1
                    edge.append(other)
    return left


def _widths(
    neighbours: Mapping[UUID, Mapping[UUID, float]], left: Mapping[UUID, int], end: UUID
) -> dict[UUID, float]:
    """From each report, the weakest hop of the best among its shortest chains to the end."""
    widths = {end: inf}
    for here, distance in left.items():
        if here != end:
            widths[here] = max(
                min(weight, widths[other])
                for other, weight in neighbours[here].items()
                if left[other] == distance - 1
            )
    return widths
