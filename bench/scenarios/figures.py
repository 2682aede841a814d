"""What a scenario holds, counted as its reports go by."""

from collections import Counter, defaultdict
from statistics import median
from typing import Any

from bench.scenarios.flow import Made

_PARTS = ("persons", "organisations", "vehicles", "attributes")


class Figures:
    """Leads that are complete are forgotten but for their size."""

    def __init__(self) -> None:
        self.reports = 0
        self.alone = 0
        self._sizes: Counter[int] = Counter()
        self._values: Counter[str] = Counter()
        self._carriers: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._open: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._within_reach = 0.0

    def add(self, made: Made) -> None:
        """Count one report."""
        self.reports += 1
        for part in _PARTS:
            self._values[part] += len(made.line["report"][part])
        for label, name in dict.fromkeys(made.met):
            self._carriers[label][name] += 1
        if made.lead is None:
            self.alone += 1
            self._within_reach += 1
            return
        members = self._open[made.lead]
        members.append(made.seen)
        if len(members) == made.size:
            self._sizes[made.size] += 1
            self._within_reach += _reach(self._open.pop(made.lead))

    def told(self) -> dict[str, Any]:
        """All figures. `oracle_f1`: B-cubed F1 of whoever joins the reports of an operation that
        share a true value and no others, how ever it is written.
        """
        recall = self._within_reach / self.reports
        return {
            "reports": self.reports,
            "alone": round(self.alone / self.reports, 3),
            "leads": sum(self._sizes.values()),
            "lead_sizes": _grouped(self._sizes),
            "largest_lead": max(self._sizes, default=1),
            "values_per_report": {
                part: round(self._values[part] / self.reports, 2) for part in _PARTS
            },
            "oracle_f1": round(2 * recall / (1 + recall), 3),
            "confounders": {
                label: {
                    "values": len(carriers),
                    "carriers": sum(carriers.values()),
                    "median": median(carriers.values()),
                    "most": max(carriers.values()),
                }
                for label, carriers in sorted(self._carriers.items())
            },
        }


def _grouped(sizes: Counter[int]) -> dict[str, int]:
    bounds = (2, 3, 5, 10, 20, 50, 100, 150)
    grouped, below = {}, 1
    for bound in bounds:
        name = str(bound) if bound == below + 1 else f"{below + 1}-{bound}"
        grouped[name] = sum(count for size, count in sizes.items() if below < size <= bound)
        below = bound
    return grouped


def _reach(members: list[tuple[str, ...]]) -> float:
    """The sum over the reports of the share of their lead that shared values lead to."""
    groups: list[tuple[set[str], int]] = []
    for seen in members:
        names, count = set(seen), 1
        apart = []
        for group in groups:
            if names.isdisjoint(group[0]):
                apart.append(group)
            else:
                names |= group[0]
                count += group[1]
        groups = [*apart, (names, count)]
    return sum(count * count for _, count in groups) / len(members)
