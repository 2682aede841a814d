"""Why reports are linked: parts that add up, few links for many carriers, nothing stopped."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attributes import AttributeKind
from app.domain.linkage.evidence import SharedValue, links_of
from app.domain.linkage.model import KindModel, LinkageModel

A, B, C, D = (UUID(int=n) for n in range(1, 5))
PHONE, MAIL, ADDRESS = AttributeKind.PHONE, AttributeKind.EMAIL, AttributeKind.ADDRESS
MODEL = LinkageModel(
    "test",
    2.0,
    {kind: KindModel(0.5, 32.0, kind is not ADDRESS) for kind in AttributeKind},
)
"""Two carriers weigh 3 bits, up to four 2 (and link), up to eight 1 (and do not)."""


def shared(index, members, kind=PHONE, carriers=None, stopped=None):
    return SharedValue(index, kind, carriers or len(members), members, stopped)


def test_one_shared_value_makes_one_link_of_one_part():
    [link] = links_of([shared(b"p", [A, B])], MODEL)
    assert link.reports == (A, B)
    [part] = link.parts
    assert (part.index, part.kind, part.carriers) == (b"p", PHONE, 2)
    assert part.match_weight == link.match_weight == 3.0
    assert part.links_alone


def test_what_two_linked_reports_share_besides_adds_to_their_link():
    found = links_of([shared(b"a", [A, B], ADDRESS), shared(b"p", [A, B], carriers=4)], MODEL)
    [link] = found
    assert [(part.kind, part.match_weight, part.links_alone) for part in link.parts] == [
        (ADDRESS, 3.0, False),
        (PHONE, 2.0, True),
    ]
    assert link.match_weight == 5.0


def test_a_value_that_never_links_alone_makes_no_link():
    assert links_of([shared(b"a", [A, B], ADDRESS)], MODEL) == []


def test_a_value_that_too_many_carry_makes_no_link_and_adds_what_it_weighs():
    crowded = shared(b"x", [A, B], MAIL, carriers=5)
    assert links_of([crowded], MODEL) == []
    [link] = links_of([crowded, shared(b"p", [A, B])], MODEL)
    assert [(part.kind, part.match_weight, part.links_alone) for part in link.parts] == [
        (PHONE, 3.0, True),
        (MAIL, 1.0, False),
    ]


@pytest.mark.parametrize("reason", ["frequency", "stoplist"])
def test_a_stopped_value_neither_links_nor_counts(reason):
    stopped = shared(b"x", [A, B], MAIL, stopped=reason)
    assert links_of([stopped], MODEL) == []
    [link] = links_of([stopped, shared(b"p", [A, B])], MODEL)
    assert link.match_weight == 3.0


def test_the_carriers_of_one_value_are_a_chain_from_the_oldest_on():
    found = links_of([shared(b"p", [A, B, C, D])], MODEL)
    assert [link.reports for link in found] == [(A, B), (B, C), (C, D)]


def test_the_strongest_link_comes_first():
    found = links_of([shared(b"p", [A, B, C]), shared(b"m", [B, C], MAIL)], MODEL)
    assert [(link.reports, link.match_weight) for link in found] == [((B, C), 5.0), ((A, B), 2.0)]


def test_a_pair_tied_by_two_values_is_one_link():
    found = links_of([shared(b"p", [A, B]), shared(b"m", [A, B], MAIL)], MODEL)
    assert [len(link.parts) for link in found] == [2]


some_values = st.lists(
    st.tuples(
        st.sampled_from([PHONE, MAIL, ADDRESS]),
        st.sets(st.sampled_from([A, B, C, D]), min_size=2),
        st.integers(0, 6),
        st.sampled_from([None, None, None, "frequency", "stoplist"]),
    ),
    max_size=6,
).map(
    lambda some: [
        SharedValue(bytes([n]), kind, len(members) + more, sorted(members), stopped)
        for n, (kind, members, more, stopped) in enumerate(some)
    ]
)


@given(some_values)
def test_every_link_adds_up_and_rests_on_a_value_that_links(values):
    for link in links_of(values, MODEL):
        weights = [part.match_weight for part in link.parts]
        assert link.match_weight == sum(weights)
        assert weights == sorted(weights, reverse=True)
        assert any(part.links_alone and part.match_weight >= MODEL.threshold for part in link.parts)
        for part in link.parts:
            value = values[part.index[0]]
            assert value.stopped is None
            assert set(link.reports) <= set(value.members)


@given(some_values, st.randoms())
def test_the_order_of_values_does_not_matter(values, chance):
    mixed = list(values)
    chance.shuffle(mixed)
    assert links_of(mixed, MODEL) == links_of(values, MODEL)
