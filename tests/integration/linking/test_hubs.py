"""What many carry: hubs link nobody and take their links back; the phone of a real operation goes on
linking, and costs no row for every pair.
"""

import pytest

from tests.integration.linking.corpus import DELIVERED, links
from tests.integration.linking.parts import SK, TOWNS, at, firm, person, report, sent, sizes

PHONE = links("phone", "p0")


@pytest.fixture
async def net(under):
    """The network under the delivered model."""
    return await under(DELIVERED)


HUBS = {
    "a helpline's phone": {"attributes": [PHONE]},
    "the mail of an embassy": {"attributes": [links("email", "e7")]},
    "the collective account of a bank": {"attributes": [links("iban", "SK3112000000198742637541")]},
    "the domain of a portal": {"attributes": [links("url", "portal")]},
}


@pytest.mark.parametrize("shared", HUBS.values(), ids=HUBS)
async def test_what_is_seen_everywhere_becomes_a_hub_and_takes_its_links_back(net, shared):
    first = [report(shared, place=at(*TOWNS[n])) for n in (0, 0)]
    ids = await sent(net, *first)
    assert await net.together(*ids)
    rest = [report(shared, place=at(*town)) for town in TOWNS]
    for some in (rest[:7], rest[7:14], rest[14:]):
        ids += await net.submit(*some)
        await net.drain()
    assert await sizes(net) == [1] * len(ids)
    assert await net.value("SELECT reason FROM shared_value") == "spread"
    await net.withdraw(*ids[9:])
    await net.drain()
    assert await net.rows("SELECT reason FROM shared_value") == []
    assert await net.together(*ids[:2])
    await net.check()
    await net.check_relinking()


def at_the_shelter(n):
    return {"place": SK | {"address": "Dlhá 5"}}


def at_the_big_employer(n):
    return firm("Veľký Závod a. s.") | {"place": at(*TOWNS[n % 20])}


@pytest.mark.parametrize("shared", [at_the_shelter, at_the_big_employer])
async def test_what_many_unrelated_cases_share_makes_no_lead(net, shared):
    for n in range(0, 40, 8):
        await net.submit(
            *[
                report(
                    shared(k),
                    person(f"Osoba{k} Vymyslená{k}", birth_date=f"19{50 + k}-05-1{k % 9}"),
                    observed_from=f"20{20 + k % 6}-0{1 + k % 9}-01",
                )
                for k in range(n, n + 8)
            ]
        )
        await net.drain()
    assert max(await sizes(net)) <= 2


async def test_the_phone_of_an_operation_with_sixty_reports_goes_on_linking(net):
    places = [at(*TOWNS[0]), at(*TOWNS[1])]
    for n in range(0, 60, 6):
        await net.submit(
            *[
                {
                    "attributes": [PHONE],
                    "place": places[k % 2],
                    "observed_from": f"2026-0{1 + k % 6}-01",
                    "forms": ["sexual_exploitation"],
                }
                for k in range(n, n + 6)
            ]
        )
        await net.drain()
    assert await sizes(net) == [60]
    assert await net.rows("SELECT reason FROM shared_value") == []


async def test_two_thousand_carriers_of_one_phone_are_one_lead_without_a_row_a_pair(net):
    places = [at(*TOWNS[n]) for n in range(3)]
    for n in range(0, 2000, 500):
        await net.submit(
            *[
                {"attributes": [PHONE], "place": places[k % 3], "observed_from": "2026-03-01"}
                for k in range(n, n + 500)
            ]
        )
        await net.drain(500)
    assert len(await net.partition()) == 1
    spread = DELIVERED.spread
    assert await net.value("SELECT count(*) FROM link") <= 6 * 2000
    assert await net.value("SELECT count(*) FROM link") <= spread.representatives * 2000
