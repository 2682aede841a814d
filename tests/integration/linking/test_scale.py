"""What many carriers of one value cost, counted in rows and statements rather than in time."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.integration.linking.corpus import links, small_model

CARRIERS = 3000
TABLES = (
    "report_attribute", "shared_value", "link_queue", "lead", "lead_membership",
    "lead_membership_past", "lead_event",
)  # fmt: skip


@pytest.fixture
def corpus_with(corpus):
    """The network under a model in which a URL links up to so many carriers."""
    usual = corpus.model

    def under(cap):
        corpus.model = small_model(url=cap)
        return corpus

    yield under
    corpus.model = usual


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
    ("cap", "leads"),
    [
        pytest.param(4096, 1, id="all link"),
        pytest.param(2048, CARRIERS, id="linking until too many carry it"),
        pytest.param(2, CARRIERS, id="too many from the first batch on"),
    ],
)
async def test_the_carriers_of_one_value_write_rows_in_proportion_to_their_number(
    corpus_with, cap, leads
):
    corpus = corpus_with(cap)
    value = [links("url", "u0")]
    for _ in range(CARRIERS // 500):
        await corpus.submit(*[value] * 500)
        await corpus.drain(500)
    assert len(await corpus.partition()) == leads
    rows, entries = await written(corpus)
    assert max(rows.values()) <= CARRIERS + 10, rows
    assert entries <= 4 * CARRIERS


async def test_a_step_over_a_value_takes_as_many_statements_however_many_carry_it(corpus_with):
    corpus = corpus_with(4096)
    counts = []
    for number in (10, 100, 1000):
        value = [links("url", f"u{number}")]
        await corpus.submit(*[value] * number)
        with counted(corpus.engine) as first:
            await corpus.link(number)
        await corpus.submit(value, value)
        with counted(corpus.engine) as growing:
            await corpus.link()
        carrier = max(corpus.live)
        await corpus.amend(carrier, [])
        with counted(corpus.engine) as splitting:
            await corpus.link()
        await corpus.stop("url", f"u{number}")
        with counted(corpus.engine) as ceasing:
            await corpus.link()
        assert await corpus.value("SELECT count(*) FROM link_queue") == 0
        counts.append([len(each) for each in (first, growing, splitting, ceasing)])
    assert counts[0] == counts[1] == counts[2]
    assert max(counts[0]) <= 20


async def test_growth_looks_at_no_old_member(corpus_with):
    corpus = corpus_with(4096)
    value = [links("url", "u0")]
    await corpus.submit(*[value] * 500)
    await corpus.drain(500)
    await corpus.submit(value)
    await corpus.drain()
    moved = await corpus.value("SELECT cardinality(reports) FROM lead_event WHERE kind = 'grew'")
    assert moved == 1
    assert await corpus.value("SELECT count(*) FROM lead_membership_past") == 0


async def test_a_batch_takes_as_many_statements_for_one_report_as_for_fifty(corpus):
    counts = []
    for number in (1, 50):
        await corpus.submit(*[[links("email", f"{number}-{n}")] for n in range(number)])
        with counted(corpus.engine) as statements:
            await corpus.link(50)
        counts.append(len(statements))
    assert counts[0] == counts[1]
