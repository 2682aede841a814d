"""The traps of linking by name, each through the whole linker under the delivered model: what must
not link, what must, and what takes links back. Hubs have a file of their own.
"""

import pytest

from tests.integration.linking.corpus import DELIVERED, links, normalised
from tests.integration.linking.parts import SK, TOWNS, at, firm, person, report, sent, sizes

PHONE, OTHER_PHONE = links("phone", "p0"), links("phone", "p1")


@pytest.fixture
async def net(under):
    """The network under the delivered model."""
    return await under(DELIVERED)


LINH = "Nguyen Thi Linh"
SAME_CIRCUMSTANCES = {"place": SK, "forms": ["labour_exploitation"]}

APART = {
    "a name alone": [person("Anežka Vymyslená"), person("Anežka Vymyslená")],
    "a name in the same town, at the same time": [
        report(person("Ján Novák"), SAME_CIRCUMSTANCES), report(person("Ján Novák"), SAME_CIRCUMSTANCES),
    ],
    "one word of a name with its year in the same town": [
        report(person("Maria", birth_date="1990"), SAME_CIRCUMSTANCES),
        report(person("Maria", birth_date="1990"), SAME_CIRCUMSTANCES),
    ],
    "a town is no address": [{"place": SK}, {"place": SK}],
    "an address alone": [
        {"place": SK | {"address": "Hlavná 12"}}, {"place": SK | {"address": "Hlavna 12"}},
    ],
    "a firm alone": [firm("Demo Stavby s. r. o."), firm("Demo Stavby")],
    "a firm by its number alone": [
        firm("Demo Stavby", registration_number="36421928", country="SK"),
        firm("Demo Stavby", registration_number="36421928", country="SK"),
    ],
    "a firm with its name, number and phone": [
        firm("Demo Stavby", registration_number="36421928", country="SK", phones=["+421 2 5441 0190"])
        | {"observed_from": "2026-05-01"},
        firm("Demo Stavby", registration_number="36421928", country="SK"),
    ],
    "one internet address": [
        {"attributes": [links("ip", "93.184.216.34")]}, {"attributes": [links("ip", "93.184.216.34")]},
    ],
    "a plate of two countries": [
        {"attributes": [links("plate", "ZA171AB", "SK")]}, {"attributes": [links("plate", "ZA171AB", "IT")]},
    ],
    "a phone that strangers use years later": [
        {"attributes": [PHONE], "observed_from": "2019-03-01", "place": at(*TOWNS[0])},
        {"attributes": [PHONE], "observed_from": "2026-03-01", "place": at(*TOWNS[1])},
    ],
    "one name with two birth dates": [
        report(person(LINH, birth_date="1999-05-02")), report(person(LINH, birth_date="1971-11-30")),
    ],
    "one address with another form of exploitation and another name": [
        report(person("Olena Bondar"), place=SK | {"address": "Hlavná 12"}, forms=["forced_begging"]),
        report(person("Petru Munteanu"), place=SK | {"address": "Hlavná 12"}, forms=["sexual_exploitation"]),
    ],
}  # fmt: skip


@pytest.mark.parametrize("bodies", APART.values(), ids=APART)
async def test_what_alone_never_links(net, bodies):
    await sent(net, *bodies)
    assert await sizes(net) == [1, 1]


TOGETHER = {
    "a name with its birth date across scripts: Cyrillic and Latin": [
        person("Іван Петренко", birth_date="1980-03-04"), person("Ivan Petrenko", birth_date="1980-03-04"),
    ],
    "a name with its birth date across scripts: Greek and Latin": [
        person("Γιώργος Παπαδόπουλος", birth_date="1980-03-04"),
        person("Giorgos Papadopoulos", birth_date="1980-03-04"),
    ],
    "given and family name in another order, a patronymic left out": [
        person("Петренко Іван Миколайович", birth_date="1980-03-04"),
        person("Ivan Petrenko", birth_date="1980-03-04"),
    ],
    "day and month of a birth date swapped": [
        report(person("Ivan Petrenko", birth_date="1980-03-04")),
        report(person("Ivan Petrenko", birth_date="1980-04-03")),
    ],
    "an alias with a birth date": [
        {"persons": [{"role": "facilitator", "name": "Tony", "aliases": ["Anton Dumitru"],
                      "birth_date": "1975-07-08"}]},
        person("Anton Dumitru", birth_date="1975-07-08"),
    ],
    "values that stand in the narrative only": [
        {"narrative": "Volajte +421 905 000 171 večer.", "place": SK},
        {"narrative": "Číslo bolo 0905 000 171, hovoril po rusky.", "place": SK},
    ],
    "two different weak kinds: an address and a name": [
        report(person("Anežka Vymyslená"), place=SK | {"address": "Hlavná 12"}),
        report(person("Vymyslená Anežka"), place=SK | {"address": "Hlavna 12"}),
    ],
    "two different weak kinds: an address and a firm": [
        report(firm("Demo Stavby s. r. o."), place=SK | {"address": "Hlavná 12"}),
        report(firm("Demo Stavby"), place=SK | {"address": "Hlavná 12"}),
    ],
    "a plate whose country only one says": [
        {"attributes": [links("plate", "ZA171AB", "SK")]}, {"attributes": [links("plate", "ZA171AB")]},
    ],
    "a phone within weeks": [
        {"attributes": [PHONE]}, {"attributes": [PHONE], "observed_from": "2026-03-20"},
    ],
    "reports that share nothing but a token and its value": [
        {"attributes": [PHONE]}, {"attributes": [{"kind": "phone", "role": "facilitator", "value": "0905 000 100", "country": "SK"}]},
    ],
}  # fmt: skip


@pytest.mark.parametrize("bodies", TOGETHER.values(), ids=TOGETHER)
async def test_what_links(net, bodies):
    await sent(net, *bodies)
    assert await sizes(net) == [2]


@pytest.mark.parametrize("birth", [["1999-01-01", "1999-01-01"], ["1999", "1999-01-01"]])
async def test_a_first_of_january_is_a_year_and_no_date(net, birth):
    await sent(net, *[person("Nguyen Van An", birth_date=date) for date in birth])
    weights = await net.links()
    await net.check()
    with_date = await sent(net, *[person("Tran Thi Mai", birth_date="1999-02-03")] * 2)
    assert await net.together(*with_date)
    new = {pair: w for pair, w in (await net.links()).items() if pair not in weights}
    assert max(w for w, *_ in new.values()) > max((w for w, *_ in weights.values()), default=0) + 5


async def test_a_common_name_with_its_year_does_not_link_strangers(net):
    bodies = [
        report(person("Maria Popescu", birth_date="1990"), place=at(*town)) for town in TOWNS[:20]
    ]
    await sent(net, *bodies)
    assert await sizes(net) == [1] * 20


@pytest.mark.parametrize("role", ["witness", "reporter", "helper"])
async def test_values_of_those_who_only_tell_link_nobody(net, role):
    body = {"attributes": [PHONE | {"role": role}, links("email", "e0") | {"role": role}]}
    await sent(net, body, body, {"attributes": [PHONE]})
    assert await sizes(net) == [1, 1, 1]


async def test_a_witness_is_no_victim(net):
    body = person(LINH, role="witness", birth_date="1999-05-02", phones=["+421 905 000 100"])
    await sent(net, body, body, person(LINH, birth_date="1999-05-02"))
    assert await sizes(net) == [1, 1, 1]


async def test_the_stop_list_takes_links_back_and_its_removal_restores_them(net):
    ids = await sent(net, {"attributes": [PHONE]}, {"attributes": [PHONE]})
    assert await sizes(net) == [2]
    await net.stop("phone", normalised("phone", "p0"))
    await net.drain()
    assert await sizes(net) == [1, 1]
    assert await net.links() == {}
    ids += await sent(net, {"attributes": [PHONE]})
    assert await sizes(net) == [1, 1, 1]
    await net.allow("phone", normalised("phone", "p0"))
    await net.drain()
    assert await sizes(net) == [3]


async def test_a_stopped_address_weighs_nothing_in_whatever_order_reports_are_loaded(net):
    place = SK | {"address": "Hlavná 12"}
    await net.stop("address", "12|hlavna|zilina")
    for year in (2022, 2023, 2024, 2025, 2026):
        body = {"attributes": [PHONE], "place": place, "observed_from": f"{year}-03-01"}
        await sent(net, body)
        await net.check()
    parts = await net.rows("SELECT parts FROM link")
    assert not [p for (some,) in parts for p in some if p[0] == "address"]


async def test_a_separation_is_not_undone_by_a_third_report(net):
    one, other = await sent(net, {"attributes": [PHONE]}, {"attributes": [PHONE]})
    await net.judge("separate", one, other)
    await net.drain()
    assert await sizes(net) == [1, 1]
    await sent(net, {"attributes": [PHONE]}, {"attributes": [PHONE, links("email", "e0")]})
    assert not await net.together(one, other)
    await net.check()
    await net.check_relinking()
    assert not await net.together(one, other)
    await net.judge("join", one, other)
    await net.drain()
    assert await sizes(net) == [4]


async def test_what_was_joined_stays_together_without_any_evidence(net):
    one, other, third = await sent(net, {"attributes": [PHONE]}, {}, {"attributes": [PHONE]})
    await net.judge("join", one, other)
    await net.drain()
    assert await net.together(one, other, third)
    await net.amend(third, {})
    await net.drain()
    assert await net.together(one, other)
    assert not await net.together(one, third)
    await net.check()
    await net.check_relinking()


async def test_weak_links_never_chain(net):
    """A–B by a building, B–C by a name, C–D by a building again."""
    a = {"place": SK | {"address": "Hlavná 12"}}
    b = report(person("Anežka Vymyslená"), place=SK | {"address": "Hlavná 12"})
    c = report(person("Anežka Vymyslená"), place=SK | {"address": "Dlhá 5"})
    d = {"place": SK | {"address": "Dlhá 5"}}
    ids = await sent(net, a, b, c, d)
    assert len(await net.links()) == 3
    assert not await net.together(ids[0], ids[3])
    assert max(await sizes(net)) <= 2


async def test_weak_evidence_brings_a_report_to_a_core_and_nobody_behind_it(net):
    core = {"attributes": [PHONE], "place": SK | {"address": "Hlavná 12"}}
    near = report(person("Anežka Vymyslená"), place=SK | {"address": "Hlavná 12"})
    behind = report(person("Anežka Vymyslená"), place=SK)
    ids = await sent(net, core, core, core, near, behind)
    assert await net.together(*ids[:4])
    assert not await net.together(ids[0], ids[4])
    assert await net.rows("SELECT report_id FROM lead_membership WHERE attached") == [(ids[3],)]
    assert await sizes(net) == [1, 4]


async def test_a_crowded_lead_is_cut_at_its_weak_bridge(net):
    """Two operations of forty reports each, and one report that knows the phone of both."""

    def of(phone, town, n):
        return {
            "attributes": [phone],
            "place": at(*town),
            "observed_from": f"2026-03-{1 + n % 28:02}",
            "forms": ["labour_exploitation"],
        }

    left = await net.submit(*[of(PHONE, TOWNS[0], n) for n in range(40)])
    right = await net.submit(*[of(OTHER_PHONE, TOWNS[8], n) for n in range(40)])
    await net.drain()
    assert await sizes(net) == [40, 40]
    bridge = {
        "attributes": [PHONE, OTHER_PHONE], "observed_from": "2025-06-01", "place": at(*TOWNS[20]),
        "forms": ["sexual_exploitation"],
    }  # fmt: skip
    await sent(net, bridge)
    assert not await net.together(left[0], right[0])
    assert await net.together(*left)
    assert await net.together(*right)
    await net.check()
    await net.check_relinking()


async def test_contradictions_subtract(net):
    same = report(person(LINH, birth_date="1999-05-02", sex="female", nationality="VN"), place=SK)
    other = report(
        person(LINH, birth_date="1999-05-02", sex="male", nationality="TH"),
        place=at(*TOWNS[10]), forms=["forced_begging"], observed_from="2024-03-01",
    )  # fmt: skip
    await sent(net, same | {"forms": ["labour_exploitation"]}, same, other)
    weights = sorted(weight for weight, *_ in (await net.links()).values())
    assert len(await net.partition()) == 2
    assert weights[-1] - (weights[0] if len(weights) > 1 else 0) > 15
    await net.check()


async def test_an_amended_report_leaves(net):
    one, other, third = await sent(net, *[{"attributes": [PHONE]}] * 3)
    await net.amend(third, {"attributes": [OTHER_PHONE]})
    await net.drain()
    assert await net.together(one, other)
    assert not await net.together(one, third)
    await net.check()


async def test_the_links_of_a_withdrawn_report_are_gone_at_once_and_its_lead_is_put_together_anew(
    net,
):
    bodies = [[PHONE], [PHONE, OTHER_PHONE], [OTHER_PHONE]]
    left, bridge, right = await sent(net, *[{"attributes": each} for each in bodies])
    assert await net.together(left, bridge, right)
    await net.withdraw(bridge)
    assert await net.links() == {}
    for table in ("report_attribute", "report_block"):
        assert await net.rows(f"SELECT report_id FROM {table} WHERE report_id = :r", r=bridge) == []
    await net.drain()
    assert not await net.together(left, right)
    assert await sizes(net) == [1, 1]


HLAVNA = SK | {"address": "Hlavná 12"}


async def test_a_report_with_an_address_of_one_report_of_each_attaches_when_large_leads_merge(net):
    """An address brings a report to a lead of which two reports have it; that they are in one lead
    comes about by the merge.
    """
    left = await net.submit(
        {"attributes": [PHONE], "place": HLAVNA}, *[{"attributes": [PHONE]}] * 5
    )
    right = await net.submit(
        {"attributes": [OTHER_PHONE], "place": HLAVNA}, *[{"attributes": [OTHER_PHONE]}] * 5
    )
    [single] = await net.submit({"place": HLAVNA})
    await net.drain()
    assert await sizes(net) == [1, 6, 6]
    [bridge] = await sent(net, {"attributes": [PHONE, OTHER_PHONE]})
    assert await net.together(*left, *right, bridge)
    assert await net.together(single, left[0])
    assert await sizes(net) == [14]
    await net.check_relinking()


async def test_two_reports_that_are_joined_are_a_core_to_which_weak_evidence_brings_others(net):
    one, other, third = await sent(
        net, {}, firm("Demo Stavby s. r. o."), firm("Demo Stavby s. r. o.")
    )
    fourth = await sent(net, firm("Demo Stavby"))
    assert await sizes(net) == [1, 1, 1, 1]
    await net.judge("join", other, third)
    await net.drain()
    assert await net.together(other, third, *fourth)
    assert await sizes(net) == [1, 3]
    assert not await net.together(one, other)
    await net.check_relinking()


async def test_what_a_judgement_parts_from_a_large_lead_goes_where_weak_evidence_leads(net):
    name = person("Anežka Vymyslená")
    far = [{"attributes": [PHONE], "place": at(*TOWNS[1])}] * 5
    near = [report(name, attributes=[OTHER_PHONE], place=SK)] * 5
    parted = report(name, attributes=[PHONE], observed_from="2025-10-01")
    *others, one = await net.submit(*near, *far, parted)
    await net.drain()
    assert await sizes(net) == [5, 6]
    await net.judge("separate", one, others[-1])
    await net.drain()
    assert await net.together(one, others[0])
    assert await sizes(net) == [5, 6]
    await net.check_relinking()


STOPPED = report(person(LINH), place=HLAVNA)
LIKE_IT = report(
    person(LINH), place={"country": "SK", "nuts": "SK010", "locality": "Bratislava", "address": "Hlavná 12"}
)  # fmt: skip


@pytest.mark.parametrize("bodies", [(STOPPED, LIKE_IT), (LIKE_IT, STOPPED)])
async def test_a_stopped_address_weighs_nothing_with_one_that_is_only_like_it(net, bodies):
    await net.stop("address", "12|hlavna|zilina")
    await sent(net, *bodies)
    assert await sizes(net) == [1, 1]
    await net.allow("address", "12|hlavna|zilina")
    await net.drain()
    assert await sizes(net) == [2]
    await net.stop("address", "12|hlavna|zilina")
    await net.drain()
    assert await sizes(net) == [1, 1]
    await net.check_relinking()


async def test_reports_with_a_stopped_address_make_its_street_and_number_common_all_the_same(net):
    elsewhere = {"country": "SK", "nuts": "SK042", "locality": "Košice", "address": "Hlavná 12"}
    await sent(net, *[{"attributes": [PHONE], "place": elsewhere}] * 2)
    await net.stop("address", "12|hlavna|zilina")
    for year in (2022, 2023, 2024, 2025):
        await sent(net, {"place": HLAVNA, "observed_from": f"{year}-03-01"})
        await net.check()
    await net.check_relinking()


async def test_a_lead_that_is_cut_stays_known_as_cut_when_weak_evidence_brings_a_report_to_it(net):
    name = person("Anežka Vymyslená")
    bodies = [report(name, attributes=[PHONE], place=SK)] * 6
    one, *others = await net.submit(*bodies)
    await net.judge("separate", one, others[0])
    await net.drain()
    assert await sizes(net) == [1, 5]
    [single] = await sent(net, report(name, place=SK))
    assert await net.together(single, *others)
    assert await sizes(net) == [1, 6]
    await net.check_relinking()
