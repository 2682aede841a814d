"""What linking must find, worked out once more and in the plainest way.

Nothing here comes from the product: not the arithmetic, not the search for components. It is slow
and short, so that it can be believed.
"""

from collections.abc import Collection, Iterable, Mapping
from math import ceil, log2
from typing import NamedTuple


class Rule(NamedTuple):
    """How a kind of value weighs: log2(m * population / carriers), carriers rounded up to a power
    of two (at least 2); below `threshold` bits, or where it may not, it does not link.
    """

    m: float
    population: float
    may_link_alone: bool
    threshold: float

    def links(self, carriers: int) -> bool:
        """Whether a value with so many carriers links them."""
        rounded = 2 ** ceil(log2(max(carriers, 2)))
        return self.may_link_alone and log2(self.m * self.population / rounded) >= self.threshold


def partition(
    reports: Mapping[object, Iterable[tuple[str, str, bool]]],
    stop_list: Collection[tuple[str, str]],
    rules: Mapping[str, Rule],
) -> frozenset[frozenset[object]]:
    """The reports, cut into leads.

    reports: of every report that was not withdrawn, its (kind, value, may link). stop_list: (kind,
    value) of the values that never link.
    """
    carriers = {}
    for report, values in reports.items():
        for kind, value, may_link in values:
            if may_link:
                carriers.setdefault((kind, value), set()).add(report)
    ties = [
        together
        for (kind, value), together in carriers.items()
        if (kind, value) not in stop_list and rules[kind].links(len(together))
    ]
    label = {report: number for number, report in enumerate(reports)}
    changing = True
    while changing:
        changing = False
        for together in ties:
            least = min(label[report] for report in together)
            for report in together:
                if label[report] != least:
                    label[report] = least
                    changing = True
    leads = {}
    for report, number in label.items():
        leads.setdefault(number, set()).add(report)
    return frozenset(frozenset(lead) for lead in leads.values())
