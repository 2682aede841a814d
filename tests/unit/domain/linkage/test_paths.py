"""The chain between two reports: fewest hops, then the strongest weakest hop, then the ids."""

from itertools import combinations, pairwise, permutations
from math import inf
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.linkage.paths import Hop, best_path

REPORTS = 7


def uuid(number):
    return UUID(int=number)


def hop(one, other, weight=20.0):
    return Hop(uuid(one), uuid(other), weight)


def path(hops, start, end):
    """The chain by numbers."""
    found = best_path(hops, uuid(start), uuid(end))
    return found and [each.int for each in found]


@pytest.mark.parametrize(
    ("hops", "expected"),
    [
        pytest.param([hop(1, 2)], [1, 2], id="one hop"),
        pytest.param([hop(2, 1)], [1, 2], id="a hop has no direction"),
        pytest.param([hop(1, 3), hop(3, 2)], [1, 3, 2], id="over another report"),
        pytest.param([hop(1, 2, 15), hop(1, 3, 40), hop(3, 2, 40)], [1, 2], id="fewest hops first"),
        pytest.param(
            [hop(1, 3, 40), hop(3, 2, 20), hop(1, 4, 25), hop(4, 2, 25)],
            [1, 4, 2],
            id="then the strongest weakest hop",
        ),
        pytest.param(
            [hop(1, 4, 30), hop(4, 2, 25), hop(1, 3, 25), hop(3, 2, 40)],
            [1, 3, 2],
            id="then the smallest id",
        ),
        pytest.param(
            [hop(1, 3, inf), hop(3, 2, 21), hop(1, 4, 20), hop(4, 2, inf)],
            [1, 3, 2],
            id="a judgement is never the weakest hop",
        ),
        pytest.param(
            [hop(1, 3, 10), hop(1, 3, 30), hop(3, 2, 20), hop(1, 4, 15), hop(4, 2, 40)],
            [1, 3, 2],
            id="of several hops between two the strongest counts",
        ),
        pytest.param([hop(1, 3), hop(2, 4)], None, id="no chain"),
        pytest.param([], None, id="no hops"),
        pytest.param([hop(1, 1), hop(1, 2)], [1, 2], id="a hop to itself leads nowhere"),
    ],
)
def test_the_chain_between_two_reports(hops, expected):
    assert path(hops, 1, 2) == expected


@pytest.mark.parametrize("hops", [[], [hop(1, 2)]])
def test_a_report_is_a_chain_of_its_own(hops):
    assert path(hops, 1, 1) == [1]


numbers = st.integers(1, REPORTS)
hops_of_any_kind = st.lists(
    st.builds(hop, numbers, numbers, st.sampled_from([15.0, 19.5, 20.0, 33.25, inf])), max_size=16
)


def _every_chain(weights, start, end):
    """The shortest simple chains, by brute force."""
    others = [n for n in range(1, REPORTS + 1) if n not in (start, end)]
    for length in range(len(others) + 1):
        chains = ((start, *middle, end) for middle in permutations(others, length))
        found = [chain for chain in chains if all(pair in weights for pair in _pairs(chain))]
        if found:
            return found
    return []


def _pairs(chain):
    return [frozenset(pair) for pair in pairwise(chain)]


def _weights(hops):
    weights = {}
    for one, other, weight in hops:
        if one != other:
            key = frozenset((one.int, other.int))
            weights[key] = max(weight, weights.get(key, -inf))
    return weights


def _weakest(weights, chain):
    return min(weights[pair] for pair in _pairs(chain))


@given(hops_of_any_kind, st.sampled_from(list(combinations(range(1, REPORTS + 1), 2))))
def test_no_other_chain_is_shorter_or_equally_short_and_stronger(hops, ends):
    start, end = ends
    weights = _weights(hops)
    found = path(hops, start, end)
    chains = _every_chain(weights, start, end)
    if not chains:
        assert found is None
        return
    best = max(_weakest(weights, chain) for chain in chains)
    assert tuple(found) == min(chain for chain in chains if _weakest(weights, chain) == best)


@given(hops_of_any_kind, numbers, numbers, st.randoms(use_true_random=False))
def test_neither_order_nor_direction_changes_the_chain(hops, start, end, random):
    found = path(hops, start, end)
    shuffled = [Hop(each.other, each.one, each.weight) for each in hops]
    random.shuffle(shuffled)
    assert path(shuffled, start, end) == found
    assert path(hops, end, start) == (found and found[::-1])
