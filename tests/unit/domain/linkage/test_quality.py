"""Linkage quality: figures done by hand, and an oracle that lists every pair."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.linkage.quality import FalseMerge, Scores, measure_quality

names = st.one_of(st.none(), st.just(""), st.sampled_from("abcd"))
partitions = st.lists(st.tuples(names, names), max_size=30)


def clusters(labels):
    """Each report's cluster by a plain reading: those of equal name, or the report alone."""
    return [
        {i} if not label else {j for j, other in enumerate(labels) if other == label}
        for i, label in enumerate(labels)
    ]


def divided(part, whole):
    return part / whole if whole else 1.0


@given(partitions)
def test_the_counts_agree_with_listing_every_pair(reports):
    true, found = clusters([t for t, _ in reports]), clusters([f for _, f in reports])
    pairs = list(combinations(range(len(reports)), 2))
    real = {(i, j) for i, j in pairs if j in true[i]}
    made = {(i, j) for i, j in pairs if j in found[i]}

    quality = measure_quality(reports)

    assert quality.pairwise.precision == pytest.approx(divided(len(real & made), len(made)))
    assert quality.pairwise.recall == pytest.approx(divided(len(real & made), len(real)))
    both = list(zip(true, found, strict=True))
    precision = divided(sum(len(t & f) / len(f) for t, f in both), len(reports))
    recall = divided(sum(len(t & f) / len(t) for t, f in both), len(reports))
    assert quality.bcubed.precision == pytest.approx(precision)
    assert quality.bcubed.recall == pytest.approx(recall)
    assert quality.leads == len({frozenset(f) for f in found if len(f) > 1})
    assert quality.true_leads == len({frozenset(t) for t in true if len(t) > 1})


@given(partitions)
def test_the_largest_false_merge_and_the_alone_agree_with_a_plain_reading(reports):
    true, found = clusters([t for t, _ in reports]), clusters([f for _, f in reports])
    mixed = [(len(f), len({frozenset(true[i]) for i in f})) for f in found]
    worst = max(((size, leads) for size, leads in mixed if leads > 1), default=None)
    alone = [len(found[i]) == 1 for i, (t, _) in enumerate(reports) if not t]

    quality = measure_quality(reports)

    assert quality.largest_false_merge == (FalseMerge(*worst) if worst else None)
    assert quality.alone_left_alone == (sum(alone) / len(alone) if alone else None)


@given(partitions, st.randoms())
def test_neither_order_nor_names_matter(reports, random):
    shuffled = [(t and f"true {t}", f and f"found {f}") for t, f in reports]
    random.shuffle(shuffled)
    first, second = measure_quality(reports), measure_quality(shuffled)
    assert second.pairwise == first.pairwise
    assert second.bcubed.precision == pytest.approx(first.bcubed.precision)
    assert second.bcubed.recall == pytest.approx(first.bcubed.recall)
    assert second.largest_false_merge == first.largest_false_merge


def test_the_figures_of_an_example_done_by_hand():
    # True: a = 3 reports, b = 2, one alone. Found: 1 = a a b, 2 = a b, the last alone.
    quality = measure_quality(
        [("a", "1"), ("a", "1"), ("b", "1"), ("a", "2"), ("b", "2"), (None, None)]
    )
    assert quality.pairwise == Scores(1 / 4, 1 / 4)
    assert quality.bcubed.precision == pytest.approx((2 / 3 * 2 + 1 / 3 + 1 / 2 * 2 + 1) / 6)
    assert quality.bcubed.recall == pytest.approx((2 / 3 * 2 + 1 / 2 + 1 / 3 + 1 / 2 + 1) / 6)
    assert quality.largest_false_merge == FalseMerge(reports=3, true_leads=2)
    assert quality.alone_left_alone == 1.0
    assert (quality.reports, quality.leads, quality.true_leads) == (6, 2, 2)


@pytest.mark.parametrize(
    ("reports", "pairwise", "f1"),
    [
        ([], Scores(1, 1), 1.0),
        ([("a", "x"), ("a", "x")], Scores(1, 1), 1.0),
        ([("a", None), ("a", None)], Scores(1, 0), 0.0),
        ([(None, "x"), (None, "x")], Scores(0, 1), 0.0),
        ([("a", "x"), ("b", "x"), ("a", "y"), ("b", "y")], Scores(0, 0), 0.0),
        ([("", ""), (None, None)], Scores(1, 1), 1.0),
    ],
)
def test_the_edges_are_defined(reports, pairwise, f1):
    quality = measure_quality(reports)
    assert quality.pairwise == pairwise
    assert quality.pairwise.f1 == f1


def test_reports_alone_that_are_merged_are_a_false_merge_of_as_many_leads():
    quality = measure_quality([(None, "x"), (None, "x"), ("a", "x"), ("b", "b")])
    assert quality.largest_false_merge == FalseMerge(reports=3, true_leads=3)
    assert quality.alone_left_alone == 0.0
