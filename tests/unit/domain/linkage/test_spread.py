"""How widely a value is spread: a much reported phone is none, a helpline's is everywhere."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.linkage.model import power_step
from app.domain.linkage.spread import Linking, Standing, circumstances_of, standing_of
from tests.support.traits import DAY, MODEL, traits

SPREAD = replace(MODEL.spread, period_days=182, hub_carriers=20, hub_spread=10, hub_share=0.35)


def standing(circumstances, qualifiers=None, *, weak=False):
    said = qualifiers or [None] * len(circumstances)
    return standing_of(circumstances, said, SPREAD, weak=weak)


@pytest.mark.parametrize(
    ("circumstances", "expected"),
    [
        ([], Standing(Linking.PAIRS, 2)),
        ([7], Standing(Linking.PAIRS, 2)),
        ([7, 7, 7, 7], Standing(Linking.PAIRS, 2)),
        ([1, 2], Standing(Linking.PAIRS, 2)),
        ([1, 2, 3], Standing(Linking.PAIRS, 4)),
        # 12 carriers are compared with each other, 13 through representatives.
        ([1] * 12, Standing(Linking.PAIRS, 2)),
        ([1] * 13, Standing(Linking.STAR, 2)),
        # A hub has more than 20 carriers, in more than 10 circumstances, more than 35 % of them.
        (list(range(20)), Standing(Linking.STAR, 32)),
        (list(range(21)), Standing(Linking.HUB, 32)),
        ([*range(10)] * 2 + [1] * 5, Standing(Linking.STAR, 16)),
        ([*range(11)] + [0] * 20, Standing(Linking.HUB, 16)),  # 11 > 0.35 * 31 = 10.85
        ([*range(11)] + [0] * 21, Standing(Linking.STAR, 16)),  # 11 <= 0.35 * 32 = 11.2
        ([*range(14)] + [0] * 26, Standing(Linking.STAR, 16)),  # 14 = 0.35 * 40 is not more
        ([*range(15)] + [0] * 25, Standing(Linking.HUB, 16)),
    ],
)
def test_a_hub_is_known_by_its_spread_and_not_by_its_count(circumstances, expected):
    assert standing(circumstances) == expected


def test_the_most_reported_phone_of_one_operation_is_no_hub():
    assert standing([3] * 500).linking is Linking.STAR


@pytest.mark.parametrize(
    ("qualifiers", "divided"),
    [
        ([None, None], False),
        (["BG", None], False),
        (["BG", "BG"], False),
        (["BG", "GR"], True),
        (["BG", None, "GR"], True),
    ],
)
def test_a_value_is_divided_where_two_countries_are_said(qualifiers, divided):
    assert standing([1] * len(qualifiers), qualifiers).divided is divided


def test_a_hub_may_be_divided_too():
    said = ["BG", "GR"] * 15
    assert standing(list(range(30)), said) == Standing(Linking.HUB, 32, divided=True)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (traits(town="sofia"), traits(town="sofia"), True),
        (traits(town="sofia"), traits(town="plovdiv"), False),
        (traits(nuts="BG411", town="sofia"), traits(nuts="BG411", town="lulin"), True),
        (traits(nuts="BG411"), traits(nuts="BG421"), False),
        (traits(country="BG"), traits(country="BG"), True),
        (traits(country="BG"), traits(country="GR"), False),
        (traits(), traits(), True),
        (traits(town="sofia", day=DAY), traits(town="sofia", day=DAY + 182), False),
        (traits(town="sofia", day=182 * 9), traits(town="sofia", day=182 * 10 - 1), True),
        (
            traits(town="sofia", day=182 * 9),
            traits(town="sofia", last=DAY + 400, day=182 * 9),
            True,
        ),
    ],
)
def test_circumstances_are_the_most_exact_place_and_the_half_year(one, other, same):
    assert (circumstances_of(one, SPREAD) == circumstances_of(other, SPREAD)) is same


carriers = st.lists(st.tuples(st.integers(0, 60), st.sampled_from([None, "BG", "GR"])), max_size=80)


def of_carriers(some):
    return standing([place for place, _ in some], [said for _, said in some])


@given(carriers, st.randoms())
def test_the_standing_does_not_depend_on_the_order_of_carriers(some, chance):
    mixed = list(some)
    chance.shuffle(mixed)
    assert of_carriers(mixed) == of_carriers(some)


@given(carriers)
def test_the_spread_is_a_power_of_two_never_above_the_carriers_rounded_up(some):
    found = of_carriers(some).spread
    assert found & (found - 1) == 0
    assert 2 <= found <= max(2, power_step(len(some)))


@given(st.lists(st.integers(0, 60), min_size=1, max_size=80), st.data())
def test_another_carrier_in_known_circumstances_never_widens_the_spread(places, data):
    again = [*places, data.draw(st.sampled_from(places))]
    assert standing(again).spread == standing(places).spread
