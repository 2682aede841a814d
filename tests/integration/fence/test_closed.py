"""A lead whose hit is closed, asked for directly, as if no filter of the application were there: who
is not in its circle finds nothing of it in any table, and who is finds it.
"""

import pytest
from sqlalchemy.exc import ProgrammingError

from app.crypto.ids import new_id
from app.domain.acting import LINKER, Acting, senders
from tests.support.postgres import ask, ask_one

CIRCLE = "{SE,FI}"
OF_LEAD = {
    "report": "id = ANY ('{reports}')",
    "report_attribute": "report_id = ANY ('{reports}')",
    "link": "report_lo = ANY ('{reports}')",
    "judgement": "report_lo = ANY ('{reports}')",
    "lead": "id = '{lead}'",
    "lead_membership": "lead_id = '{lead}'",
    "lead_membership_past": "report_id = ANY ('{reports}')",
    "lead_event": "lead_id = '{lead}'",
    "outcome": "lead_id = '{lead}'",
    "shared_value": "octet_length(value_index) = 48",
    "report_stubs(ARRAY(SELECT unnest('{reports}' ::uuid[])))": "true",
}
"""What there is of a lead: what tells of it, of its reports, or of what lies between these."""
CLOSE = (
    "UPDATE lead SET circle = '{circle}' WHERE id = '{lead}'",
    "UPDATE report SET circle = '{circle}', readers = '{circle}' WHERE id = ANY ('{reports}')",
    (
        "UPDATE report_attribute SET value_index = value_index || 'cccccccccccccccc' ::bytea "
        "WHERE report_id = ANY ('{reports}')"
    ),
    (
        "INSERT INTO shared_value (value_index, kind, reason, since) SELECT value_index, kind, 'spread', "
        "now() FROM report_attribute WHERE report_id = ANY ('{reports}') LIMIT 1"
    ),
    (
        "INSERT INTO judgement (id, kind, report_lo, report_hi, lead_id, sealed, organisation_id, "
        "client_id, at) SELECT gen_random_uuid(), 'join', report_lo, report_hi, '{lead}', 'x', "
        "gen_random_uuid(), 'c', now() FROM link WHERE report_lo = ANY ('{reports}') LIMIT 1"
    ),
    (
        "INSERT INTO lead_membership_past (report_id, since, lead_id, until) SELECT report_id, "
        "now() - interval '1 day', lead_id, now() FROM lead_membership WHERE lead_id = '{lead}'"
    ),
)


def agency(country):
    return Acting(organisations=frozenset({new_id()}), country=country, agency=True)


@pytest.fixture(scope="module")
async def closed(fenced):
    """The lead with an outcome, closed to all but two countries, as the words to ask for it by."""
    lead = ask_one(fenced.dsn, "SELECT lead_id FROM outcome LIMIT 1")
    members = ask(fenced.dsn, "SELECT report_id FROM lead_membership WHERE lead_id = $1", lead)
    reports = "{" + ",".join(str(row[0]) for row in members) + "}"
    named = {"lead": lead, "reports": reports, "circle": CIRCLE}
    for statement in CLOSE:
        ask(fenced.dsn, statement.format(**named))
    return named


async def seen(fenced, actor, table, closed):
    asked = f"SELECT count(*) FROM {table} AS t WHERE {OF_LEAD[table]}".format(**closed)
    [[number]] = await fenced.rows(actor, asked)
    return number


@pytest.mark.parametrize("table", OF_LEAD)
async def test_who_is_not_in_the_circle_sees_nothing_of_a_closed_lead(fenced, closed, table):
    assert await seen(fenced, agency("SE"), table, closed) > 0
    assert await seen(fenced, agency("SK"), table, closed) == 0
    assert await seen(fenced, agency(""), table, closed) == 0
    assert await seen(fenced, senders([fenced.stranger]), table, closed) == 0


async def test_who_sent_a_closed_report_and_reads_no_leads_sees_its_own_alone(fenced, closed):
    [[owner]] = ask(
        fenced.dsn,
        "SELECT organisation_id FROM report WHERE id = ANY ($1 ::text ::uuid[]) LIMIT 1",
        closed["reports"],
    )
    own = senders([owner])
    number = await seen(fenced, own, "report", closed)
    assert number > 0
    assert await seen(fenced, own, "lead_membership", closed) == number
    for table in ("lead", "lead_event", "link", "judgement", "shared_value"):
        assert await seen(fenced, own, table, closed) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lead SET status = 'closed' WHERE id = '{lead}'",
        "SELECT FROM lead WHERE id = '{lead}' FOR UPDATE",
    ],
)
async def test_who_is_not_in_the_circle_neither_changes_nor_holds_the_lead(
    fenced, closed, statement, touched
):
    assert await touched(agency("SE"), statement.format(**closed)) == 1
    assert await touched(agency("SK"), statement.format(**closed)) == 0


@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO lead_event (lead_id, id, kind, at, reports, other_leads, causes) VALUES "
            "('{lead}', gen_random_uuid(), 'outcome', now(), '{{}}', '{{}}', '{{}}')"
        ),
        (
            "INSERT INTO outcome (id, lead_id, status, sealed, organisation_id, client_id, at) VALUES "
            "(gen_random_uuid(), '{lead}', 'closed', '', (acting_organisations())[1], 'c', now())"
        ),
    ],
    ids=["an event", "an outcome"],
)
async def test_who_is_not_in_the_circle_adds_nothing_to_the_lead(
    fenced, closed, statement, touched
):
    assert await touched(agency("FI"), statement.format(**closed)) == 1
    with pytest.raises(ProgrammingError, match="violates row-level security policy"):
        await touched(agency("SK"), statement.format(**closed))


async def test_a_report_that_is_known_and_not_read_is_a_stub_and_its_links_are_not_shown(
    fenced, closed
):
    ask(
        fenced.dsn,
        "UPDATE report SET readers = '{{FI}}' WHERE id = ANY ('{reports}')".format(**closed),
    )
    told = {table: await seen(fenced, agency("SE"), table, closed) for table in OF_LEAD}
    number = await seen(fenced, LINKER, "report", closed)
    assert (told["report"], told["link"]) == (0, 0)
    *_, stubs = told.values()
    assert stubs == told["lead_membership"] == number
    assert told["judgement"] > 0
    ask(
        fenced.dsn,
        "UPDATE report SET readers = circle WHERE id = ANY ('{reports}')".format(**closed),
    )


async def test_a_report_that_left_the_circle_of_its_lead_is_hidden_from_who_knew_it_there(
    fenced, closed
):
    before = await seen(fenced, agency("SE"), "lead_membership", closed)
    [[one]] = ask(
        fenced.dsn,
        "UPDATE report SET circle = '{{FI}}', readers = '{{FI}}' WHERE id = "
        "(SELECT min(id ::text) ::uuid FROM report WHERE id = ANY ('{reports}')) RETURNING id".format(
            **closed
        ),
    )
    assert await seen(fenced, agency("SE"), "lead", closed) == 1
    assert await seen(fenced, agency("SE"), "lead_membership", closed) == before - 1
    assert await seen(fenced, agency("FI"), "lead_membership", closed) == before
    ask(fenced.dsn, "UPDATE report SET circle = $1, readers = $1 WHERE id = $2", ["SE", "FI"], one)
