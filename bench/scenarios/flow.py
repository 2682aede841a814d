"""Reports in order of arrival, made as they are asked for.

Units begin one after the other; their coming reports wait on a heap until no unit that is still
to begin can be earlier. So only the units in progress are kept; the years that a scenario spans
grow with the logarithm of its size.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from math import log10
from random import Random
from typing import Any, NamedTuple

from bench.scenarios.fragments import report_of
from bench.scenarios.operations import World
from bench.scenarios.units import Unit

_ALONE = 0.345
_CASE = 0.45
_LATE = 0.05


class Made(NamedTuple):
    """line: of `reports.ndjson`. lead: None for a report that belongs with no other; size: how
    many reports the lead has in the end. seen: names of the things of its unit that it shows;
    met: label and name of the confounders in it.
    """

    line: dict[str, Any]
    lead: str | None
    size: int
    seen: tuple[str, ...]
    met: tuple[tuple[str, str], ...]


def generate(reports: int, seed: int) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Lines of a scenario with the lead each belongs to; the same for the same seed."""
    for made in scenario(reports, seed):
        yield made.line, made.lead


def scenario(reports: int, seed: int) -> Iterator[Made]:
    """The same, with what is in each."""
    chance = Random(seed)
    days = 365 * (2.4 + 2 * log10(max(reports, 1000) / 1000))
    world = World(chance, reports, days=days)
    waiting: list[tuple[float, int, float, Unit]] = []
    planned = alone = 0
    while planned < reports:
        now = days * planned / reports - days
        while waiting and waiting[0][0] <= now:
            yield _made(world, waiting)
        unit = _next(world, alone, planned, now, left=reports - planned)
        alone += unit.size == 1
        for day in _days(chance, unit):
            late = chance.expovariate(1 / 120) if chance.random() < _LATE else 0
            arrival = day + chance.expovariate(1 / 8) + late
            heappush(waiting, (arrival, planned, day, unit))
            planned += 1
    while waiting:
        yield _made(world, waiting)


def _next(world: World, alone: int, planned: int, now: float, *, left: int) -> Unit:
    """Reports alone are kept at their share, so that a large operation does not shift it."""
    chance = world.chance
    if left == 1 or alone + chance.randrange(9) <= _ALONE * planned:
        return world.alone(now)
    if chance.random() < _CASE:
        return world.case(min(left, 2 + int(chance.expovariate(1.0))), now)
    return world.operation(min(left, world.operation_size()), now)


def _days(chance: Random, unit: Unit) -> list[float]:
    """When it is seen: mostly spread evenly, at times with a long silence between."""
    length = unit.end - unit.start
    days = sorted(unit.start + chance.random() * length for _ in range(unit.size))
    if unit.size > 3 and chance.random() < 0.2:
        silence = chance.uniform(120, 420)
        half = unit.start + length * chance.uniform(0.3, 0.7)
        days = [day + silence if day > half else day for day in days]
        for item in unit.items:
            item.last += silence if item.last > half else 0
            item.first += silence if item.first > half else 0
    return days


def _made(world: World, waiting: list[tuple[float, int, float, Unit]]) -> Made:
    _, _, day, unit = heappop(waiting)
    reporter, report, draft = report_of(world, unit, day)
    line = {"organisation": reporter.line, "report": report}
    return Made(line, unit.lead, unit.size, tuple(draft.seen), tuple(draft.met))
