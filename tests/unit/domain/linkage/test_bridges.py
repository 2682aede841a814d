"""Bridges of a graph, against taking each link away and looking."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.domain.linkage.bridges import bridges_of
from app.domain.linkage.clustering import clusters_of


def neighbours_of(nodes, links):
    near = {node: set() for node in nodes}
    for one, other in links:
        near[one].add(other)
        near[other].add(one)
    return near


@st.composite
def connected(draw):
    """A connected graph: each node after the first is tied to one before it, and more links."""
    count = draw(st.integers(1, 12))
    links = {(draw(st.integers(0, node - 1)), node) for node in range(1, count)}
    more = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    links |= {(min(pair), max(pair)) for pair in draw(st.lists(more, max_size=12))}
    return list(range(count)), {(one, other) for one, other in links if one != other}


@given(connected(), st.lists(st.integers(1, 5), min_size=12, max_size=12))
def test_a_bridge_is_a_link_without_which_the_graph_falls_in_two(graph, weights):
    nodes, links = graph
    sizes = dict(zip(nodes, weights, strict=False))
    found = {}
    for one, other, beyond in bridges_of(neighbours_of(nodes, links), sizes):
        found[min(one, other), max(one, other)] = (other, beyond)
    for link in links:
        parts = clusters_of(nodes, [list(each) for each in links - {link}])
        assert (link in found) is (len(parts) == 2)
        if link in found:
            end, beyond = found[link]
            assert beyond == sum(sizes[n] for n in next(p for p in parts if end in p))


def test_a_long_chain_is_walked_without_recursion():
    nodes = list(range(20_000))
    near = neighbours_of(nodes, list(pairwise(nodes)))
    assert len(bridges_of(near, dict.fromkeys(nodes, 1))) == len(nodes) - 1


def test_nothing_has_no_bridges():
    assert bridges_of({}, {}) == []
