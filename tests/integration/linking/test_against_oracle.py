"""Any sequence of reports, amendments, withdrawals, judgements and stop-listings, linked in any
batches, ends in the leads that the oracle finds, and in those that linking from nothing finds.
"""

import random

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.integration.linking import worlds
from tests.integration.linking.corpus import DELIVERED, links, small_model

MODELS = {
    "small": small_model(),
    "smaller": small_model(
        pairs=3, firm_pairs=2, sample=3, hub_carriers=2, hub_spread=1, representatives=1
    ),
    "delivered": DELIVERED,
}


@st.composite
def sequences(draw):
    """Steps of a network."""

    def choose(some):
        return draw(st.sampled_from(some))

    return [worlds.step(choose) for _ in range(draw(st.integers(3, 22)))]


@st.composite
def reports(draw):
    """Bodies of reports."""

    def choose(some):
        return draw(st.sampled_from(some))

    single = [worlds.body(choose) for _ in range(draw(st.integers(2, 12)))]
    crowds = [worlds.flood(choose) for _ in range(draw(st.integers(0, 2)))]
    return single + [each for crowd in crowds for each in crowd]


ON_ONE_DATABASE = settings(
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)


@settings(ON_ONE_DATABASE, max_examples=40)
@given(sequences(), st.integers(1, 30), st.sampled_from(sorted(MODELS)))
async def test_any_sequence_ends_in_what_the_oracle_finds(under, sequence, limit, model):
    note(f"{sequence} {limit} {model}")
    corpus = await under(MODELS[model])
    for each in sequence:
        await worlds.take(corpus, *each)
    await corpus.drain(limit)
    await corpus.check()
    await corpus.check_relinking()


@settings(ON_ONE_DATABASE, max_examples=12)
@given(reports(), st.randoms(use_true_random=False), st.sampled_from(sorted(MODELS)))
async def test_the_order_and_the_batches_in_which_reports_come_do_not_matter(
    under, bodies, chance, model
):
    bodies = [body | {"external_ref": f"R-{n}"} for n, body in enumerate(bodies)]
    found = []
    for _ in range(2):
        corpus = await under(MODELS[model])
        rest = list(bodies)
        while rest:
            some = [rest.pop() for _ in range(min(len(rest), chance.randint(1, 6)))]
            await corpus.submit(*some)
            if chance.random() < 0.5:
                await corpus.link(chance.randint(1, 6))
        await corpus.drain(chance.randint(1, 20))
        await corpus.check()
        stored = await corpus.stored()
        found.append(
            (
                corpus.named(stored.leads),
                corpus.named([stored.attached]),
                corpus.told(stored.links),
                stored.hubs,
            )
        )
        chance.shuffle(bodies)
    assert found[0] == found[1]


@pytest.mark.parametrize("model", MODELS)
async def test_a_long_life_of_a_network_ends_in_what_the_oracle_finds(under, model):
    chance = random.Random(20261124)
    corpus = await under(MODELS[model])
    for turn in range(4):
        for _ in range(15):
            await worlds.take(corpus, *worlds.step(chance.choice))
        await corpus.drain(chance.randint(1, 50))
        await corpus.check()
        if turn % 2:
            await corpus.check_relinking()


ZILINA = {"country": "SK", "locality": "Zilina", "address": "Hlavna 12"}
BRATISLAVA = {"country": "SK", "nuts": "SK010", "locality": "Bratislava"}
PHONE = links("phone", "p0")
IVAN = [
    {"role": "suspected_victim", "name": "Іван Петренко", "birth_date": "1980-03-04"},
    {"role": "suspected_victim", "name": "Petrenko Ivan", "birth_date": "1980"},
    {"role": "suspected_victim", "name": "Iwan Petrenko", "birth_date": "1980"},
]


async def test_a_key_that_loses_a_carrier_and_gains_others_in_one_batch_is_weighed_anew(under):
    corpus = await under(MODELS["small"])
    *_, third = await corpus.submit(*[{"persons": [person]} for person in IVAN])
    await corpus.drain()
    await corpus.amend(third, {"persons": [IVAN[2]], "observed_from": "2023-02-17"})
    await corpus.submit({"persons": [IVAN[1]]}, {"persons": [IVAN[1]]})
    await corpus.drain()
    await corpus.check()
    await corpus.check_relinking()


async def test_who_stands_for_many_keeps_their_links_when_looked_at_for_another_value(under):
    corpus = await under(MODELS["small"])
    await corpus.submit(*[{"attributes": [PHONE], "place": ZILINA} for _ in range(3)])
    await corpus.submit(*[{"attributes": [PHONE], "place": BRATISLAVA} for _ in range(2)])
    await corpus.drain()
    await corpus.check()
    await corpus.submit({"place": ZILINA}, {"place": ZILINA})
    await corpus.drain()
    await corpus.check()
    await corpus.check_relinking()


@pytest.mark.parametrize("limit", [1, 2, 50])
async def test_several_amendments_that_wait_are_each_seen_when_their_turn_comes(under, limit):
    corpus = await under(MODELS["smaller"])
    address = {"place": ZILINA}
    ids = await corpus.submit(address, address, {}, {}, {}, {})
    await corpus.drain()
    await corpus.submit(address)
    for year, report in zip((2022, 2023, 2024, 2025), ids[2:], strict=True):
        await corpus.amend(report, address | {"observed_from": f"{year}-03-01"})
    await corpus.drain(limit)
    await corpus.check()
    await corpus.check_relinking()
