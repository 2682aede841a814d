"""Connected components: together is what a chain of stars joins, and nothing else."""

from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.linkage.clustering import clusters_of

NODES = [UUID(int=n) for n in range(1, 9)]
A, B, C, D, *_ = NODES


def as_sets(clusters):
    return {frozenset(cluster) for cluster in clusters}


@pytest.mark.parametrize(
    ("nodes", "stars", "clusters"),
    [
        ([], [], []),
        ([A], [], [[A]]),
        ([A, B], [], [[A], [B]]),
        ([A, B], [[]], [[A], [B]]),
        ([A, B], [[A]], [[A], [B]]),
        ([A, B], [[A, A]], [[A], [B]]),
        ([A, B], [[A, B]], [[A, B]]),
        ([A, B, C], [[A, B], [B, C]], [[A, B, C]]),
        ([A, B, C, D], [[A, B], [C, D]], [[A, B], [C, D]]),
        ([A, B, C, D], [[A, B], [C, D], [D, A]], [[A, B, C, D]]),
        ([A, B, C, D], [[D, C, B, A], [A, B]], [[A, B, C, D]]),
    ],
)
def test_components_by_hand(nodes, stars, clusters):
    assert as_sets(clusters_of(nodes, stars)) == as_sets(clusters)


@given(st.lists(st.lists(st.sampled_from(NODES), max_size=5), max_size=8))
def test_components_are_those_that_labels_find(stars):
    assert as_sets(clusters_of(NODES, stars)) == spread_of(stars)


def spread_of(stars):
    """The components by carrying the least label about until nothing changes."""
    label = {node: node for node in NODES}
    changing = True
    while changing:
        changing = False
        for star in stars:
            least = min((label[node] for node in star), default=None)
            for node in star:
                changing |= label[node] != least
                label[node] = least
    return {frozenset(n for n in NODES if label[n] == each) for each in label.values()}


@given(st.lists(st.lists(st.sampled_from(NODES), max_size=5), max_size=8), st.randoms())
def test_the_partition_does_not_depend_on_any_order(stars, chance):
    nodes, mixed = list(NODES), [list(star) for star in stars]
    chance.shuffle(nodes)
    chance.shuffle(mixed)
    for star in mixed:
        chance.shuffle(star)
    assert as_sets(clusters_of(nodes, mixed)) == as_sets(clusters_of(NODES, stars))


def test_a_long_chain_and_a_large_star_are_one_cluster_each():
    many = [UUID(int=n) for n in range(20_000)]
    chain = [[one, other] for one, other in pairwise(many)]
    assert [len(cluster) for cluster in clusters_of(many, chain)] == [20_000]
    assert [len(cluster) for cluster in clusters_of(many, [many])] == [20_000]
