"""How good a partition of reports into leads is, measured against the truth.

Everything is counted from the contingency table of true and found clusters, in time linear in
the number of reports; no pair is ever listed. How the partition came about is not known here.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and their harmonic mean, each 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of the two (van Rijsbergen 1979); 0 where both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class FalseMerge:
    """A found lead that mixes several true ones: its reports, and how many true leads they are
    of. A report that truly stands alone counts as a lead of its own.
    """

    reports: int
    true_leads: int


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of one partition.

    pairwise: over pairs of reports. Precision: of the pairs put together, the share that belongs
        together; recall: of the pairs that belong together, the share put together. Each is 1
        where there is no such pair.
    bcubed: over reports (Bagga and Baldwin 1998; compared with others by Amigó et al. 2009).
        Precision of a report: the share of its found lead, itself included, that belongs with
        it; recall: the share of its true lead that is found with it. Both averaged over all
        reports, each counting the same.
    largest_false_merge: of the found leads that mix true ones, that with most reports (of equal
        ones, that which mixes most); None if there is none.
    alone_left_alone: of the reports that truly stand alone, the share found alone; None if
        there is none.
    leads, true_leads: clusters of two or more reports.
    """

    reports: int
    leads: int
    true_leads: int
    pairwise: Scores
    bcubed: Scores
    largest_false_merge: FalseMerge | None
    alone_left_alone: float | None


def measure_quality(reports: Iterable[tuple[str | None, str | None]]) -> Quality:
    """Measure a partition. Each report is given as (true lead, found lead); None or empty stands
    for a report alone, which is its own cluster. The order does not matter.
    """
    given = list(reports)
    cells = _contingency(given)
    true_sizes, found_sizes = _sizes(cells, 0), _sizes(cells, 1)
    together = _pairs(cells.values())
    alone = [found_sizes[found] == 1 for (true, found) in cells if isinstance(true, int)]
    return Quality(
        reports=len(given),
        leads=sum(size > 1 for size in found_sizes.values()),
        true_leads=sum(size > 1 for size in true_sizes.values()),
        pairwise=Scores(
            _share(together, _pairs(found_sizes.values())),
            _share(together, _pairs(true_sizes.values())),
        ),
        bcubed=Scores(
            _share(sum(n * n / found_sizes[cell[1]] for cell, n in cells.items()), len(given)),
            _share(sum(n * n / true_sizes[cell[0]] for cell, n in cells.items()), len(given)),
        ),
        largest_false_merge=_largest_false_merge(cells, found_sizes),
        alone_left_alone=sum(alone) / len(alone) if alone else None,
    )


_Cluster = str | int  # a number where the report stands alone: no name of a lead equals it
_Cells = Counter[tuple[_Cluster, _Cluster]]


def _contingency(reports: Iterable[tuple[str | None, str | None]]) -> _Cells:
    """How many reports each pair of a true and a found cluster has in common."""
    numbers = count()
    return Counter((true or next(numbers), found or next(numbers)) for true, found in reports)


def _sizes(cells: _Cells, side: int) -> Counter[_Cluster]:
    sizes: Counter[_Cluster] = Counter()
    for cell, n in cells.items():
        sizes[cell[side]] += n
    return sizes


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _largest_false_merge(cells: _Cells, found_sizes: Counter[_Cluster]) -> FalseMerge | None:
    mixed = Counter(found for _, found in cells)
    merges = [(found_sizes[found], leads) for found, leads in mixed.items() if leads > 1]
    return FalseMerge(*max(merges)) if merges else None
