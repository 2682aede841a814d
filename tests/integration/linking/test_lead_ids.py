"""Leads keep their ids while they grow, merge and split, and their history says what happened."""

import pytest

from tests.integration.linking.corpus import links, normalised

PHONE, OTHER_PHONE, MAIL = links("phone", "p0"), links("phone", "p1"), links("email", "e0")


async def event_kinds(corpus, lead_id):
    statement = "SELECT kind FROM lead_event WHERE lead_id = :lead ORDER BY id"
    return [kind for (kind,) in await corpus.rows(statement, lead=lead_id)]


async def redirect(corpus, lead_id):
    return await corpus.value("SELECT merged_into FROM lead WHERE id = :lead", lead=lead_id)


async def linked(corpus, *reports):
    """Send reports one after another, each linked before the next is sent."""
    ids = []
    for values in reports:
        ids += await corpus.submit(values)
        await corpus.drain()
    return ids


async def test_a_report_alone_is_a_lead_of_one(corpus):
    [alone] = await linked(corpus, [])
    assert await event_kinds(corpus, await corpus.lead_of(alone)) == ["created"]
    await corpus.check()


async def test_a_lead_that_grows_keeps_its_id(corpus):
    [first] = await linked(corpus, [MAIL])
    lead = await corpus.lead_of(first)
    await linked(corpus, [MAIL], [MAIL])
    assert await corpus.lead_of(first) == lead
    assert await event_kinds(corpus, lead) == ["created", "grew", "grew"]
    await corpus.check()


async def test_a_merge_keeps_the_older_lead_and_the_other_redirects(corpus):
    older, younger = await linked(corpus, [PHONE], [OTHER_PHONE])
    kept, gone = await corpus.lead_of(older), await corpus.lead_of(younger)
    await linked(corpus, [PHONE, OTHER_PHONE])
    assert await corpus.lead_of(younger) == await corpus.lead_of(older) == kept
    assert await redirect(corpus, gone) == kept
    assert await event_kinds(corpus, gone) == ["created", "merged"]
    await corpus.check()


async def test_a_chain_of_merges_stays_one_hop(corpus):
    mails = [links("email", f"m{n}") for n in range(4)]
    reports = await linked(corpus, *[[mail] for mail in mails])
    leads = [await corpus.lead_of(report) for report in reports]
    for newer in (3, 2, 1):  # the youngest goes into the next older one, and so on to the oldest
        await linked(corpus, [mails[newer], mails[newer - 1]])
        heir = leads[newer - 1]
        assert [await redirect(corpus, lead) for lead in leads[newer:]] == [heir] * (4 - newer)
    assert {await corpus.lead_of(report) for report in reports} == {leads[0]}
    await corpus.check()


@pytest.mark.parametrize("together", [True, False])
async def test_three_leads_merge_into_the_oldest(corpus, together):
    first, second, third = await linked(corpus, [PHONE], [OTHER_PHONE], [MAIL])
    kept = await corpus.lead_of(first)
    gone = [await corpus.lead_of(second), await corpus.lead_of(third)]
    bridges = [[OTHER_PHONE, MAIL], [MAIL, PHONE]]
    if together:
        await corpus.submit(*bridges)
        await corpus.drain()
    else:
        await linked(corpus, *bridges)
    assert [await redirect(corpus, lead) for lead in gone] == [kept, kept]
    assert await corpus.value("SELECT report_count FROM lead WHERE id = :l", l=kept) == 5
    await corpus.check()


async def test_a_split_leaves_the_id_on_the_part_with_most_reports(corpus):
    small, bridge, *large = await linked(corpus, [PHONE], [PHONE, MAIL], [MAIL], [MAIL], [MAIL])
    lead = await corpus.lead_of(small)
    assert {await corpus.lead_of(report) for report in large} == {lead}
    await corpus.withdraw(bridge)
    await corpus.drain()
    assert {await corpus.lead_of(report) for report in large} == {lead}
    new = await corpus.lead_of(small)
    assert new != lead
    assert await event_kinds(corpus, new) == ["split"]
    assert (await event_kinds(corpus, lead))[-2:] == ["shrank", "split"]
    await corpus.check()


async def test_equal_parts_leave_the_id_with_the_oldest_report(corpus):
    oldest, bridge, youngest = await linked(corpus, [PHONE], [PHONE, OTHER_PHONE], [OTHER_PHONE])
    lead = await corpus.lead_of(oldest)
    await corpus.withdraw(bridge)
    await corpus.drain()
    assert await corpus.lead_of(oldest) == lead
    assert await corpus.lead_of(youngest) != lead
    await corpus.check()


SEEN = [("SK", "2026-03-01"), ("SK", "2026-03-02"), ("AT", "2026-03-01"), ("HU", "2025-06-01")]
"""Circumstances in which a phone may be seen: in the small model the fourth makes it a hub."""


def seen(country, day, *attributes):
    return {
        "attributes": [PHONE, *attributes], "place": {"country": country}, "observed_from": day,
    }  # fmt: skip


async def test_a_value_that_becomes_a_hub_splits_its_lead_and_rejoins_it_when_one_goes(corpus):
    first, second, third, last = await linked(corpus, *[seen(*where) for where in SEEN])
    assert len({await corpus.lead_of(report) for report in (first, second, third, last)}) == 4
    lead = await corpus.lead_of(first)
    assert await event_kinds(corpus, lead) == ["created", "grew", "grew", "split"]
    assert await corpus.value("SELECT reason FROM shared_value") == "spread"
    await corpus.check()
    apart = await corpus.lead_of(second)
    await corpus.withdraw(last)
    await corpus.drain()
    assert await corpus.lead_of(first) == await corpus.lead_of(second) == lead
    assert await redirect(corpus, apart) == lead
    assert await corpus.rows("SELECT reason FROM shared_value") == []
    await corpus.check()


async def test_a_value_that_all_have_dropped_links_anew(corpus):
    reports = await linked(corpus, [PHONE], [PHONE], [PHONE])
    await corpus.withdraw(*reports)
    await corpus.drain()
    first, second = await linked(corpus, [PHONE], [PHONE])
    assert await corpus.lead_of(first) == await corpus.lead_of(second)
    await corpus.check()


async def test_a_report_alone_that_drops_a_hub_lets_the_others_meet(corpus):
    first, second, _, last = await linked(corpus, *[seen(*where) for where in SEEN])
    assert await corpus.lead_of(first) != await corpus.lead_of(second)
    await corpus.amend(last, [])
    await corpus.drain()
    assert await corpus.lead_of(first) == await corpus.lead_of(second)
    await corpus.check()


async def test_a_stopped_value_takes_its_links_back_and_an_allowed_one_gives_them(corpus):
    first, second = await linked(corpus, [PHONE], [PHONE])
    lead = await corpus.lead_of(first)
    await corpus.stop("phone", normalised("phone", "p0"))
    await corpus.drain()
    assert await corpus.lead_of(second) != lead
    await corpus.check()
    await corpus.allow("phone", normalised("phone", "p0"))
    await corpus.drain()
    assert await corpus.lead_of(first) == await corpus.lead_of(second) == lead
    await corpus.check()


async def test_an_amendment_that_moves_no_report_is_seen_in_the_lead(corpus):
    first, second = await linked(corpus, [PHONE], [PHONE])
    await corpus.amend(second, [PHONE], place={"country": "SK"})
    await corpus.amend(
        first,
        [PHONE],
        place={"country": "HU"},
        persons=[{"role": "suspected_victim", "age_group": "child"}],
    )
    await corpus.drain()
    found = await corpus.rows(
        "SELECT countries, has_children FROM lead WHERE id = :lead",
        lead=await corpus.lead_of(first),
    )
    assert found == [(["HU", "SK"], True)]
    await corpus.check()


async def test_relinking_does_what_still_waits(corpus):
    kept, gone, amended = await linked(corpus, [PHONE], [PHONE], [MAIL])
    await corpus.withdraw(gone)
    await corpus.amend(amended, [PHONE], place={"country": "HU"})
    await corpus.submit([MAIL])
    await corpus.relink()
    assert await corpus.lead_of(kept) == await corpus.lead_of(amended)
    await corpus.check()


async def test_a_withdrawn_report_leaves_an_empty_lead_behind_and_no_membership(corpus):
    [alone] = await linked(corpus, [])
    lead = await corpus.lead_of(alone)
    await corpus.withdraw(alone)
    await corpus.drain()
    assert await corpus.rows("SELECT report_id FROM lead_membership") == []
    assert await corpus.value("SELECT report_count FROM lead WHERE id = :l", l=lead) == 0
    assert await event_kinds(corpus, lead) == ["created", "shrank"]
    await corpus.check()


async def test_each_step_of_a_life_is_kept_in_time(corpus):
    first, second = await linked(corpus, [PHONE], [PHONE])
    for _ in range(3):
        await corpus.amend(second, [])
        await corpus.drain()
        await corpus.amend(second, [PHONE])
        await corpus.drain()
    stays = await corpus.rows(
        "SELECT count(*), count(DISTINCT lead_id) FROM lead_membership_past WHERE report_id = :r",
        r=second,
    )
    assert stays == [(6, 4)]  # out of the first lead and each time into one of its own
    assert await corpus.lead_of(first) == await corpus.lead_of(second)
    await corpus.check()
