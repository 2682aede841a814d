"""What many carriers of one value cost, counted in rows and statements rather than in time."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.integration.linking.corpus import DELIVERED, links

CARRIERS = 2000
URL = links("url", "u0")
TABLES = (
    "report_attribute", "report_block", "shared_value", "link_queue", "link", "lead", "lead_membership",
    "lead_membership_past", "lead_event",
)  # fmt: skip


DAY = {"observed_from": "2026-03-01", "place": {"country": "SK", "nuts": "SK031"}}


@pytest.fixture
async def net(under):
    """The network under the delivered model."""
    return await under(DELIVERED)


def carrier(value, n=0, *, places=1):
    """A report with a value, in one of so many circumstances."""
    return DAY | {"attributes": [value], "place": {"country": "SK", "nuts": f"SK0{n % places:02}"}}


@contextmanager
def counted(engine):
    """Count the statements that go through an engine while the block runs."""
    statements = []

    def count(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", count)
    yield statements
    event.remove(engine.sync_engine, "before_cursor_execute", count)


async def written(corpus):
    """The rows of every table of linking, and the entries in the lists of its history."""
    rows = {table: await corpus.value(f"SELECT count(*) FROM {table}") for table in TABLES}
    entries = await corpus.value(
        "SELECT coalesce(sum(cardinality(reports) + cardinality(other_leads)), 0) FROM lead_event"
    )
    return rows, entries


@pytest.mark.parametrize(
    ("places", "leads"),
    [
        pytest.param(1, 1, id="seen in one place"),
        pytest.param(40, CARRIERS, id="seen everywhere"),
    ],
)
async def test_the_carriers_of_one_value_write_rows_in_proportion_to_their_number(
    net, places, leads
):
    for _ in range(CARRIERS // 500):
        await net.submit(*[carrier(URL, n, places=places) for n in range(500)])
        await net.drain(500)
    assert len(await net.partition()) == leads
    rows, entries = await written(net)
    most_links = DELIVERED.spread.pairs**2 + DELIVERED.spread.representatives * CARRIERS
    assert rows.pop("link") <= min(6 * CARRIERS, most_links)
    assert max(rows.values()) <= 2 * CARRIERS + 10, rows
    assert entries <= 6 * CARRIERS


async def test_a_step_over_a_value_takes_as_many_statements_however_many_carry_it(net):
    counts = []
    for number in (100, 1000):
        value = links("url", f"u{number}")
        await net.submit(*[carrier(value)] * number)
        with counted(net.engine) as first:
            await net.link(number)
        await net.submit(carrier(value), carrier(value))
        with counted(net.engine) as growing:
            await net.link()
        [last] = [max(net.live)]
        await net.amend(last, [])
        with counted(net.engine) as splitting:
            await net.link()
        await net.stop("url", f"https://advert.example/u{number}")
        with counted(net.engine) as ceasing:
            await net.link()
        assert await net.value("SELECT count(*) FROM link_queue") == 0
        counts.append([len(each) for each in (first, growing, splitting, ceasing)])
    assert max(abs(one - other) for one, other in zip(*counts, strict=True)) <= 4, counts
    assert max(counts[0]) <= 60


async def test_growth_looks_at_no_old_member(net):
    await net.submit(*[carrier(URL)] * 500)
    await net.drain(500)
    await net.submit(carrier(URL))
    await net.drain()
    moved = await net.value("SELECT cardinality(reports) FROM lead_event WHERE kind = 'grew'")
    assert moved == 1
    assert await net.value("SELECT count(*) FROM lead_membership_past") == 0


async def test_a_batch_takes_as_many_statements_for_one_report_as_for_fifty(corpus):
    counts = []
    for number in (1, 50):
        await corpus.submit(*[[links("email", f"{number}-{n}")] for n in range(number)])
        with counted(corpus.engine) as statements:
            await corpus.link(50)
        counts.append(len(statements))
    assert counts[0] == counts[1]
