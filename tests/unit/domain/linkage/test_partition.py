"""Reports put together into leads: by strong links, by weak ones to a core, by judgements."""

import random
from dataclasses import replace
from itertools import combinations, pairwise, permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.linkage.model import Leads, Thresholds
from app.domain.linkage.partition import Judgements, Link, Node, binds, partition
from tests.support.traits import MODEL as DELIVERED

MODEL = replace(
    DELIVERED,
    thresholds=Thresholds(link=19.5, attach=15.0),
    leads=Leads(small=4, core=2, readable=150, per_doubling=2.5, share=0.34),
)
STRONG, WEAK = 20.0, 16.0


def uuid(number):
    return UUID(int=number + 1)


def tie(one, other):
    return (min(one, other), max(one, other))


def strong(one, other, weight=STRONG):
    return Link(uuid(one), uuid(other), weight, strong=True, tie=tie(one, other))


def weak(one, other, weight=WEAK):
    return Link(uuid(one), uuid(other), weight, strong=False, tie=tie(one, other))


def judged(joined=(), separated=()):
    return Judgements(
        *(frozenset((uuid(a), uuid(b)) for a, b in pairs) for pairs in (joined, separated))
    )


def clusters_of(count, links=(), judgements=None):
    """The clusters of so many reports, whose ranks are their numbers."""
    nodes = {uuid(number): Node(number) for number in range(count)}
    return partition(nodes, links, judgements or Judgements(), MODEL)


def sets_of(clusters):
    """Each cluster as (core, attached), by number."""
    return {
        (frozenset(r.int - 1 for r in each.core), frozenset(r.int - 1 for r in each.attached))
        for each in clusters
    }


def leads_of(count, links=(), judgements=None):
    """The clusters as sets of numbers, those of one report left out."""
    found = ({r.int - 1 for r in each.nodes} for each in clusters_of(count, links, judgements))
    return sorted(sorted(each) for each in found if len(each) > 1)


@pytest.mark.parametrize(
    ("link", "does"),
    [
        (strong(0, 1, 19.5), True),
        (strong(0, 1, 19.49), False),
        (weak(0, 1, 19.5), False),
        (weak(0, 1, 99.0), False),
    ],
)
def test_only_strong_evidence_from_the_threshold_on_binds(link, does):
    assert binds(link, MODEL) is does
    assert leads_of(2, [link]) == ([[0, 1]] if does else [])


@pytest.mark.parametrize(
    ("count", "links", "leads"),
    [
        (0, [], []),
        (3, [], []),
        (3, [strong(0, 1)], [[0, 1]]),
        (3, [strong(0, 1), strong(1, 2)], [[0, 1, 2]]),
        (4, [strong(0, 1), strong(2, 3)], [[0, 1], [2, 3]]),
        (4, [strong(3, 2), strong(0, 1), strong(1, 2)], [[0, 1, 2, 3]]),
        (2, [strong(0, 7), strong(7, 1)], []),  # a report that is not given joins nobody
        (2, [strong(0, 0)], []),
    ],
)
def test_strong_links_chain(count, links, leads):
    assert leads_of(count, links) == leads


# Weak links

CORE = [strong(0, 1), strong(1, 2)]


@pytest.mark.parametrize(
    ("count", "links", "clusters"),
    [
        (2, [weak(0, 1, 99)], {((0,), ()), ((1,), ())}),  # never a lead of two singles
        (3, [weak(0, 1), weak(1, 2), weak(0, 2)], {((0,), ()), ((1,), ()), ((2,), ())}),
        (4, [*CORE, weak(2, 3)], {((0, 1, 2), (3,))}),
        (4, [strong(0, 1), strong(2, 3), weak(1, 2)], {((0, 1), (2, 3))}),
        # of two cores that to which the strongest link leads, of equal ones the first by content
        (6, [*CORE, strong(3, 4), weak(5, 0), weak(5, 3, 17)], {((0, 1, 2), ()), ((3, 4), (5,))}),
        (6, [*CORE, strong(3, 4), weak(5, 0), weak(5, 3)], {((0, 1, 2), (5,)), ((3, 4), ())}),
        (
            6,
            [strong(0, 1), strong(2, 3), strong(3, 4), weak(5, 2), weak(5, 1)],
            {((0, 1), (5,)), ((2, 3, 4), ())},
        ),
    ],
)
def test_weak_links_bring_small_groups_to_a_core(count, links, clusters):
    expected = {(frozenset(core), frozenset(attached)) for core, attached in clusters}
    assert sets_of(clusters_of(count, links)) == expected


def test_an_attached_group_never_pulls_others():
    links = [*CORE, weak(2, 3), weak(3, 4)]  # 4 knows only 3, which is attached
    assert sets_of(clusters_of(5, links)) == {
        (frozenset({0, 1, 2}), frozenset({3})),
        (frozenset({4}), frozenset()),
    }
    pair = [*CORE, strong(3, 4), weak(2, 3), weak(4, 5)]  # and likewise where a pair is attached
    assert sets_of(clusters_of(6, pair)) == {
        (frozenset({0, 1, 2}), frozenset({3, 4})),
        (frozenset({5}), frozenset()),
    }


@pytest.mark.parametrize(("size", "attaches"), [(4, True), (5, False)])
def test_only_a_small_group_attaches(size, attaches):
    links = [strong(n, n + 1) for n in range(9)]
    links += [strong(10 + n, 11 + n) for n in range(size - 1)]
    found = leads_of(10 + size, [*links, weak(0, 10)])
    assert len(found) == (1 if attaches else 2)


# Judgements


def test_a_joined_pair_is_one_lead_without_any_link():
    assert leads_of(3, [], judged(joined=[(0, 2)])) == [[0, 2]]


def test_a_separated_pair_is_apart_whatever_links_it():
    assert leads_of(2, [strong(0, 1, 99)], judged(separated=[(0, 1)])) == []


def test_a_separation_is_not_undone_through_a_third_report():
    links = [strong(0, 2, 30), strong(1, 2, 25)]
    assert leads_of(3, links, judged(separated=[(0, 1)])) == [[0, 2]]


def test_a_separation_is_not_undone_by_attaching():
    links = [*CORE, weak(2, 3)]
    assert leads_of(4, links, judged(separated=[(3, 0)])) == [[0, 1, 2]]
    second = [*CORE, strong(4, 5), weak(3, 2, 17), weak(3, 4)]
    assert leads_of(6, second, judged(separated=[(3, 0)])) == [[0, 1, 2], [3, 4, 5]]


def test_two_that_are_apart_do_not_meet_in_the_core_that_both_would_attach_to():
    links = [*CORE, weak(2, 3), weak(2, 4)]
    assert leads_of(5, links, judged(separated=[(3, 4)])) == [[0, 1, 2, 3]]


def test_joined_reports_are_the_core_that_links_grow_from():
    found = leads_of(4, [strong(1, 2, 19.5), strong(2, 3, 30)], judged([(0, 1)], [(0, 3)]))
    assert found == [[0, 1], [2, 3]]


def test_judgements_on_reports_that_are_not_given_have_no_effect():
    judgements = judged(joined=[(0, 8)], separated=[(1, 9), (8, 9)])
    assert leads_of(3, [strong(0, 1)], judgements) == [[0, 1]]


def test_where_a_lead_is_divided_the_weakest_link_falls():
    links = [strong(0, 1, 22), strong(1, 2, 20), strong(2, 3, 25)]
    assert leads_of(4, links, judged(separated=[(0, 3)])) == [[0, 1], [2, 3]]


# Crowded leads


def blob(start, size, weight=STRONG):
    return [strong(a, b, weight) for a, b in combinations(range(start, start + size), 2)]


def test_a_crowded_lead_is_cut_at_a_weak_bridge():
    links = [*blob(0, 100, 25), *blob(100, 100, 25), strong(50, 150)]
    assert [len(lead) for lead in leads_of(200, links)] == [100, 100]


def test_a_bridge_that_is_strong_for_the_size_of_its_side_holds():
    # 19.5 + 2.5 * log2(100) = 36.1
    for weight, count in ((36.0, 2), (36.2, 1)):
        links = [*blob(0, 100, 40), *blob(100, 100, 40), strong(50, 150, weight)]
        assert len(leads_of(200, links)) == count


def test_many_bridges_hold_where_each_is_weak():
    for bridges, count in ((33, 2), (34, 1)):  # a share of 0.34 of 100
        across = [strong(n, 100 + n) for n in range(bridges)]
        assert len(leads_of(200, [*blob(0, 100, 25), *blob(100, 100, 25), *across])) == count


def test_a_lead_that_can_be_read_is_not_examined():
    links = [*blob(0, 75), *blob(75, 75), strong(0, 75)]
    assert [len(lead) for lead in leads_of(150, links)] == [150]


def test_one_operation_with_one_phone_stays_whole_however_large():
    links = [strong(representative, n) for n in range(4, 400) for representative in range(4)]
    assert [len(lead) for lead in leads_of(400, [*links, *blob(0, 4)])] == [400]


def test_a_long_chain_of_single_links_is_cut():
    chance = random.Random(3)
    links = [strong(n, n + 1, 19.5 + chance.random() * 3) for n in range(400)]
    # Both sides of 8 or more cost 19.5 + 2.5 * 3 = 27 bits, and no link weighs as much.
    assert max(len(lead) for lead in leads_of(401, links)) <= 150


def test_what_is_not_crowded_is_left_alone_beside_a_crowded_lead():
    links = [*blob(0, 100), *blob(100, 100), strong(50, 150), *blob(200, 3)]
    assert [200, 201, 202] in leads_of(203, links)


@pytest.mark.parametrize("shape", ["random", "star", "chain", "blobs"])
def test_ten_thousand_reports_are_put_together(shape):
    chance = random.Random(7)
    count = 10_000
    if shape == "random":
        pairs = [chance.sample(range(count), 2) for _ in range(30_000)]
    elif shape == "star":
        pairs = [(chance.randrange(4), n) for n in range(4, count) for _ in range(3)]
    elif shape == "chain":
        pairs = [pair for pair in pairwise(range(count)) for _ in range(3)]
    else:
        pairs = [(n - n % 500 + chance.randrange(500), n) for n in range(count) for _ in range(3)]
    links = [strong(a, b, STRONG + chance.random() * 8) for a, b in pairs if a != b]
    found = clusters_of(count, links, judged(separated=[(0, 9_999)]))
    assert sum(len(each.nodes) for each in found) == count


# Properties

COUNT = 9
numbers = st.integers(0, COUNT - 1)
pairs = st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1])
weights = st.sampled_from([15.0, 16.0, 19.5, 20.0, 25.0])
some_links = st.lists(
    st.builds(
        lambda pair, weight, kind: kind(*pair, weight),
        pairs,
        weights,
        st.sampled_from([strong, weak]),
    ),
    max_size=14,
)
some_pairs = st.lists(pairs.map(sorted).map(tuple), max_size=4)
crowding = st.sampled_from([3, 150])


@st.composite
def some_judgements(draw):
    joined = set(draw(some_pairs))
    return judged(joined, set(draw(some_pairs)) - joined)


def found_by(links, judgements, readable=150, nodes=None):
    nodes = nodes or {uuid(number): Node(number) for number in range(COUNT)}
    model = replace(MODEL, leads=replace(MODEL.leads, readable=readable))
    return partition(nodes, links, judgements, model)


def together(clusters):
    return {frozenset(pair) for each in clusters for pair in combinations(each.nodes, 2)}


@given(some_links, some_judgements(), crowding)
def test_every_report_is_in_exactly_one_cluster(links, judgements, readable):
    found = [report for each in found_by(links, judgements, readable) for report in each.nodes]
    assert sorted(found) == [uuid(number) for number in range(COUNT)]


@given(some_links, some_judgements(), crowding, st.randoms())
def test_the_order_of_links_and_of_reports_does_not_matter(links, judgements, readable, chance):
    mixed = [Link(*chance.sample([link.one, link.other], 2), *link[2:]) for link in links]
    chance.shuffle(mixed)
    order = list(range(COUNT))
    chance.shuffle(order)
    nodes = {uuid(number): Node(number) for number in order}
    turned = Judgements(
        *(
            frozenset(tuple(chance.sample(pair, 2)) for pair in sorted(side))
            for side in (judgements.joined, judgements.separated)
        )
    )
    again = found_by(mixed, turned, readable, nodes)
    assert sets_of(again) == sets_of(found_by(links, judgements, readable))


@given(some_links, some_judgements(), crowding, st.permutations(range(COUNT)))
def test_ids_given_in_another_order_of_arrival_make_no_difference(
    links, judgements, readable, arrival
):
    ids = {uuid(number): uuid(arrival[number]) for number in range(COUNT)}
    back = {later: first for first, later in ids.items()}
    moved = [Link(ids[link.one], ids[link.other], *link[2:]) for link in links]
    sides = (judgements.joined, judgements.separated)
    judged_anew = Judgements(*(frozenset((ids[a], ids[b]) for a, b in side) for side in sides))
    nodes = {ids[uuid(number)]: Node(number) for number in range(COUNT)}
    again = found_by(moved, judged_anew, readable, nodes)
    renamed = [
        each._replace(
            core=tuple(back[r] for r in each.core), attached=tuple(back[r] for r in each.attached)
        )
        for each in again
    ]
    assert sets_of(renamed) == sets_of(found_by(links, judgements, readable))


@given(some_links, some_judgements(), crowding)
def test_separated_pairs_are_never_together(links, judgements, readable):
    found = together(found_by(links, judgements, readable))
    assert found.isdisjoint(frozenset(pair) for pair in judgements.separated)


@given(some_links, some_pairs, crowding)
def test_joined_pairs_are_together_where_nothing_is_separated(links, joined, readable):
    found = together(found_by(links, judged(joined), readable))
    assert {frozenset((uuid(a), uuid(b))) for a, b in joined} <= found


@given(some_links, some_judgements(), crowding)
def test_links_never_divide_what_judgements_alone_join(links, judgements, readable):
    assert together(found_by([], judgements)) <= together(found_by(links, judgements, readable))


@given(some_links, crowding)
def test_weak_links_alone_make_no_lead(links, readable):
    only_weak = [link._replace(strong=False) for link in links]
    assert together(found_by(only_weak, Judgements(), readable)) == set()


@given(some_links, some_judgements(), crowding)
def test_cores_are_those_without_the_weak_links_and_what_attaches_is_one_of_them(
    links, judgements, readable
):
    bare = found_by([link for link in links if link.strong], judgements, readable)
    cores = {frozenset(each.core) for each in bare}
    for each in found_by(links, judgements, readable):
        assert frozenset(each.core) in cores
        left = set(each.attached)
        parts = [core for core in cores if core <= left]
        assert set().union(*parts) == left
        assert all(len(core) <= MODEL.leads.small for core in parts)
        assert not left or len(each.core) >= MODEL.leads.core


@given(some_links, some_pairs, st.data())
def test_without_a_link_the_cores_of_readable_leads_never_hold_more(links, joined, data):
    cores = [link for link in links if link.strong]
    fewer = list(cores)
    if fewer:
        fewer.pop(data.draw(st.integers(0, len(fewer) - 1)))
    judgements = judged(joined)
    assert together(found_by(fewer, judgements)) <= together(found_by(cores, judgements))


@given(some_links, crowding)
def test_a_crowded_lead_is_only_ever_cut_never_widened(links, readable):
    cores = [link for link in links if link.strong]
    free = together(found_by(cores, Judgements()))
    assert together(found_by(cores, Judgements(), readable)) <= free


# Leads that stand for their cores


def test_a_lead_counts_as_many_reports_as_its_core_has():
    nodes = {uuid(0): Node(0, size=5), uuid(1): Node(9, size=1), uuid(2): Node(7, size=5)}
    found = partition(nodes, [weak(0, 1), weak(0, 2)], Judgements(), MODEL)
    assert sets_of(found) == {
        (frozenset({0}), frozenset({1})),
        (frozenset({2}), frozenset()),
    }


def test_leads_that_are_large_together_are_crowded():
    for size, count in ((75, 1), (76, 2)):
        nodes = {uuid(0): Node(0, size), uuid(1): Node(1, size)}
        found = partition(nodes, [strong(0, 1)], Judgements(), MODEL)
        assert len(found) == count


@given(some_links, some_pairs, st.data())
def test_cores_may_be_put_into_one_node_each_without_changing_the_outcome(links, joined, data):
    judgements = judged(joined)
    found = found_by(links, judgements)
    chosen = data.draw(st.lists(st.sampled_from(found), unique=True))
    home = {node: min(each.core) for each in chosen for node in each.core}
    nodes = {uuid(number): Node(number) for number in range(COUNT)}
    for each in chosen:
        for node in each.core:
            del nodes[node]
        nodes[min(each.core)] = Node(min(each.core).int - 1, len(each.core))
    moved = [
        link._replace(one=home.get(link.one, link.one), other=home.get(link.other, link.other))
        for link in links
    ]
    held = frozenset((home.get(a, a), home.get(b, b)) for a, b in judgements.joined)
    again = found_by(moved, Judgements(held), nodes=nodes)
    inside = {min(each.core): each.core for each in chosen}
    opened = {
        tuple(
            frozenset(one for node in side for one in inside.get(node, (node,)))
            for side in (each.core, each.attached)
        )
        for each in again
    }
    assert opened == {(frozenset(each.core), frozenset(each.attached)) for each in found}


# Cuts


@given(some_links, some_judgements())
def test_a_strong_link_that_did_not_hold_marks_both_its_leads_as_cut(links, judgements):
    found = found_by(links, judgements, readable=3)
    of = {node: each for each in found for node in each.nodes}
    cores = {node for each in found for node in each.core}
    for link in links:
        if binds(link, MODEL) and of[link.one] is not of[link.other]:
            assert all(of[node].cut for node in (link.one, link.other) if node in cores)


@given(some_links)
def test_a_lead_that_neither_size_nor_judgement_touches_is_not_cut(links):
    assert not any(each.cut for each in found_by(links, Judgements()))


def thing(one, other):
    return weak(one, other)._replace(things=True)


@pytest.mark.parametrize(
    ("links", "attaches"),
    [
        ([thing(2, 0)], False),
        ([thing(2, 0), thing(2, 1)], True),
        ([thing(2, 0), weak(2, 1)], True),
        ([weak(2, 0)], True),
    ],
)
def test_a_thing_that_many_share_attaches_only_where_two_of_the_core_have_it(links, attaches):
    assert (leads_of(3, [strong(0, 1), *links]) == [[0, 1, 2]]) is attaches


def test_two_of_a_group_at_the_house_of_one_of_the_core_do_not_attach():
    links = [strong(0, 1), strong(0, 4), strong(1, 4), strong(2, 3), thing(2, 0), thing(3, 0)]
    assert leads_of(5, links) == [[0, 1, 4], [2, 3]]


def thing_of(one, other, weight):
    return weak(one, other, weight)._replace(things=True)


def test_the_best_of_several_things_counts_in_whatever_order_links_come():
    cores = [strong(0, 1), strong(2, 3)]
    things = [
        thing_of(0, 4, 18.0),
        thing_of(1, 4, 16.0),
        thing_of(2, 4, 17.0),
        thing_of(3, 4, 15.5),
    ]
    for order in permutations(things):
        assert [0, 1, 4] in leads_of(5, [*cores, *order])
