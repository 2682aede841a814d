"""Outcomes beside merges and beside each other: every report is told once, and a feed that is polled
all along misses nothing.
"""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.domain.access import OrganisationKind, Principal, Purpose, Scope
from app.domain.acting import OPERATOR
from app.domain.errors import LeadMergedError
from app.domain.leads import LeadStatus
from app.services.record_outcome import Outcome, record_outcome
from app.storage.repositories import feedback
from app.storage.session import reading, writing
from tests.integration.linking.corpus import links
from tests.integration.linking.running import linkers, until

PHONE, OTHER_PHONE = links("phone", "p0"), links("phone", "p1")
SEALER = Sealer(Keyring(b"k" * 32))
OPENED = LeadStatus.INVESTIGATION_OPENED
GATE = """
    CREATE OR REPLACE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END $$
"""


async def tell(corpus, lead_id, message="Thank you"):
    """Record an outcome of a lead as an analyst."""
    analyst = Principal(
        "analyst", new_id(), OrganisationKind.LAW_ENFORCEMENT, "SK", agency=True,
        scopes={Scope.LEADS_WRITE},
    )  # fmt: skip
    async with writing(corpus.engine, OPERATOR) as connection:
        return await record_outcome(
            connection,
            lead_id,
            Outcome(OPENED, message, None, Purpose.INVESTIGATION),
            principal=analyst,
            sealer=SEALER,
            now=datetime.now(UTC),
        )


async def told(corpus):
    """How often each report was told of each outcome."""
    rows = await corpus.rows("SELECT report_id, outcome_id FROM feedback")
    return sorted((report, outcome) for report, outcome in rows)


@pytest.fixture
async def gate(corpus):
    """Hold up whoever inserts into a table while a block runs."""
    gated = []

    @asynccontextmanager
    async def closed(table):
        await corpus.define(
            GATE,
            f"CREATE TRIGGER gate BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION gate()",
        )
        gated.append(table)
        async with writing(corpus.engine, OPERATOR) as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(4711)"))
            yield

    yield closed
    await corpus.define(*[f"DROP TRIGGER gate ON {table}" for table in gated])


async def until_waiting(corpus, number):
    """Wait until so many wait for a lock."""

    async def waiting():
        statement = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
        return await corpus.value(statement) >= number

    await until(waiting)


async def two_leads_and_a_bridge(corpus):
    """Two leads of two reports each, and a report that waits to tie them."""
    mails = [links("email", "e0"), links("email", "e1")]
    older = await corpus.submit([mails[0]], [mails[0]])
    await corpus.drain()
    younger = await corpus.submit([mails[1]], [mails[1]])
    await corpus.drain()
    leads = await corpus.lead_of(older[0]), await corpus.lead_of(younger[0])
    [bridge] = await corpus.submit(mails)
    return leads, older, younger, bridge


async def test_an_outcome_that_waits_for_a_merge_reaches_all_who_are_in_it(corpus, gate):
    (kept, gone), older, younger, bridge = await two_leads_and_a_bridge(corpus)
    async with gate("lead_event"):
        merging = asyncio.create_task(corpus.drain())
        await until_waiting(corpus, 1)
        outcome = asyncio.create_task(tell(corpus, kept))
        too_late = asyncio.create_task(tell(corpus, gone))
        await until_waiting(corpus, 3)
    await merging
    done = await outcome
    with pytest.raises(LeadMergedError):
        await too_late
    assert await told(corpus) == sorted((r, done.id) for r in [*older, *younger, bridge])
    await corpus.check()


async def test_an_outcome_that_comes_before_a_merge_reaches_those_who_were_there(corpus, gate):
    (kept, gone), older, younger, bridge = await two_leads_and_a_bridge(corpus)
    async with gate("outcome"):
        outcomes = [asyncio.create_task(tell(corpus, lead)) for lead in (kept, gone)]
        await until_waiting(corpus, 2)
        merging = asyncio.create_task(corpus.drain())
        await until_waiting(corpus, 3)
    first, second = [await outcome for outcome in outcomes]
    await merging
    # Each is told of its own lead's outcome, and by the merge of the last one of the two.
    everybody = [*older, *younger, bridge]
    newest = max(first.id, second.id)
    assert await told(corpus) == sorted(
        {(r, first.id) for r in older}
        | {(r, second.id) for r in younger}
        | {(r, newest) for r in everybody}
    )
    last = await tell(corpus, kept)
    assert [r for r, outcome in await told(corpus) if outcome == last.id] == sorted(
        [*older, *younger, bridge]
    )
    await corpus.check()


async def test_outcomes_beside_linking_reach_every_report_at_most_once_each(
    corpus, module_database
):
    leads = []
    for n in range(6):
        reports = await corpus.submit(*[[links("email", f"e{n}")]] * 2)
        await corpus.drain()
        leads.append(await corpus.lead_of(reports[0]))
    members = {lead: await members_of(corpus, lead) for lead in leads}

    async def try_to_tell(lead):
        try:
            return lead, (await tell(corpus, lead)).id
        except LeadMergedError:
            return lead, None

    async with linkers(module_database, corpus.model):
        bridges = [
            corpus.submit([links("email", f"e{n}"), links("email", f"e{n + 1}")]) for n in range(5)
        ]
        results = await asyncio.gather(*[try_to_tell(lead) for lead in leads * 3], *bridges)
    await corpus.drain()
    pairs = await told(corpus)
    assert len(pairs) == len(set(pairs))
    for lead, outcome in results[: len(leads) * 3]:
        heard = {report for report, of in pairs if of == outcome}
        assert outcome is None or members[lead] <= heard
    await corpus.check()


async def members_of(corpus, lead):
    statement = "SELECT report_id FROM lead_membership WHERE lead_id = :lead"
    return {report for (report,) in await corpus.rows(statement, lead=lead)}


async def test_a_feed_polled_beside_twenty_outcomes_at_once_misses_and_repeats_nothing(corpus):
    leads = []
    for n in range(20):
        reports = await corpus.submit(*[[links("email", f"e{n}")]] * 3)
        await corpus.drain()
        leads.append(await corpus.lead_of(reports[0]))
    total = {
        organisation: sum(owner == organisation for owner in corpus.owners.values())
        for organisation in corpus.organisations
    }

    async def poll(organisation):
        seen, after = [], 0
        while len(seen) < total[organisation]:
            async with reading(corpus.engine, OPERATOR) as connection:
                rows = await feedback.read_feed(connection, organisation, after=after, limit=7)
            seen += [(row.position, row.report_id) for row in rows]
            after = rows[-1].position if rows else after
        return seen

    async with asyncio.timeout(30):
        *feeds, _ = await asyncio.gather(
            *[poll(organisation) for organisation in corpus.organisations],
            asyncio.gather(*[tell(corpus, lead) for lead in leads]),
        )
    for feed, organisation in zip(feeds, corpus.organisations, strict=True):
        assert [position for position, _ in feed] == list(range(1, total[organisation] + 1))
        assert {r for _, r in feed} == {r for r, o in corpus.owners.items() if o == organisation}


async def test_numbers_of_a_plain_sequence_would_have_been_missed(corpus):
    """Why feeds are numbered by a locked row: the later number may be visible first."""
    await corpus.define(
        "CREATE TABLE plain (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)"
    )
    try:
        seen = []

        async def poll():
            after = max(seen, default=0)
            statement = "SELECT position FROM plain WHERE position > :after ORDER BY position"
            seen.extend(position for (position,) in await corpus.rows(statement, after=after))

        async with writing(corpus.engine, OPERATOR) as slow:
            await slow.execute(text("INSERT INTO plain DEFAULT VALUES"))
            async with writing(corpus.engine, OPERATOR) as quick:
                await quick.execute(text("INSERT INTO plain DEFAULT VALUES"))
            await poll()
        await poll()
        assert seen == [2]  # and 1 is there by now, for ever behind the reader
        assert await corpus.value("SELECT count(*) FROM plain") == 2
    finally:
        await corpus.define("DROP TABLE plain")


async def test_a_second_outcome_for_a_feed_waits_for_the_first(corpus, gate):
    """What the sequence lacks: nobody gets the next position before this one is decided."""
    first, second = await corpus.submit(corpus.prepare([], 0), corpus.prepare([], 0))
    await corpus.drain()
    leads = [await corpus.lead_of(first), await corpus.lead_of(second)]
    async with gate("feedback"):
        outcomes = [asyncio.create_task(tell(corpus, lead)) for lead in leads]
        await until_waiting(corpus, 2)
        waits = await corpus.rows("SELECT locktype FROM pg_locks WHERE NOT granted")
        assert sorted(kind for (kind,) in waits) == ["advisory", "transactionid"]
    await asyncio.gather(*outcomes)
    assert await corpus.rows("SELECT position FROM feedback ORDER BY 1") == [(1,), (2,)]
