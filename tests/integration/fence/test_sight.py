"""Row-level security, asked directly, as if no filter of the application were there: who sees what."""

import pytest

from app.domain.acting import (
    ACCESS,
    AUDIT,
    FEEDBACK,
    LINKER,
    MONITOR,
    OPERATOR,
    RETENTION,
    Acting,
    senders,
)
from app.storage.tables import metadata
from tests.support.postgres import ask, ask_one

TABLES = sorted(metadata.tables)
OWNED = {
    "report": "organisation_id = $1",
    "report_reference": "organisation_id = $1",
    "idempotency_key": "organisation_id = $1",
    "feed": "organisation_id = $1",
    "feedback": "organisation_id = $1",
    "organisation": "id = $1",
    "report_version": "report_id IN (SELECT id FROM report WHERE organisation_id = $1)",
    "report_attribute": "report_id IN (SELECT id FROM report WHERE organisation_id = $1)",
    "report_block": "report_id IN (SELECT id FROM report WHERE organisation_id = $1)",
    "lead_membership": "report_id IN (SELECT id FROM report WHERE organisation_id = $1)",
    "outcome": "id IN (SELECT outcome_id FROM feedback WHERE organisation_id = $1 AND with_message)",
}
"""What of a table is an organisation's own. Of the others it sees nothing."""

OF_ALL = {"audit_head"}
"""The ends of the chains of the access log, hashes that tell nothing: whoever acts moves one on."""

SECRETS = (
    "client", "client_secret", "client_key", "used_assertion", "blocked_person", "signing_key",
    "key_check", "audit_entry",
)  # fmt: skip
OF_PARTS = {
    AUDIT: {"audit_entry", "organisation"},
    ACCESS: {*SECRETS, "organisation"} - {"audit_entry"},
    MONITOR: {"link_queue"},
    FEEDBACK: {"report", "lead", "lead_membership", "outcome", "feed", "feedback"},
    RETENTION: {
        "report", "report_reference", "idempotency_key", "report_version", "report_attribute",
        "report_block", "link", "judgement", "feedback",
    },
    LINKER: set(TABLES) - {*SECRETS, "report_reference", "idempotency_key", "report_version"},
    OPERATOR: set(TABLES),
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
async def test_every_table_is_fenced_also_against_its_owner(fenced, table):
    [[enabled, forced]] = ask(
        fenced.dsn,
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = to_regclass($1)",
        table,
    )
    assert (enabled, forced) == (True, True)
    policies = ask(fenced.dsn, "SELECT cmd FROM pg_policies WHERE tablename = $1", table)
    assert sorted(row[0] for row in policies) == ["DELETE", "INSERT", "SELECT", "UPDATE"]


@pytest.mark.parametrize("table", TABLES)
async def test_a_transaction_without_an_actor_sees_nothing(fenced, table):
    assert fenced.total(table) > 0
    assert await fenced.count(Acting(), table) == 0
    assert await fenced.count(Acting(agency=False, country="SK"), table) == 0


@pytest.mark.parametrize("table", TABLES)
async def test_an_organisation_sees_its_own_and_no_more(fenced, table):
    own = 0
    if table in OWNED:
        counting = f"SELECT count(*) FROM {table} WHERE {OWNED[table]}"
        own = ask_one(fenced.dsn, counting, fenced.owner)
    if table in OF_ALL:
        own = fenced.total(table)
    assert await fenced.count(senders([fenced.owner]), table) == own
    others = own if table in OF_ALL else table == "organisation"
    assert await fenced.count(senders([fenced.stranger]), table) == others


@pytest.mark.parametrize("actor", OF_PARTS, ids=lambda actor: actor.part)
async def test_a_part_sees_the_tables_that_it_works_on_and_no_others(fenced, actor):
    seen = {table for table in TABLES if await fenced.count(actor, table)}
    assert seen == OF_PARTS[actor] | OF_ALL


async def test_an_agency_sees_neither_secrets_nor_what_is_between_others_and_tessera(fenced):
    agency = Acting(organisations=frozenset({fenced.stranger}), country="SK", agency=True)
    hidden = {
        *SECRETS, "report_reference", "idempotency_key", "report_version", "feed", "feedback",
        "report_block", "link_queue",
    }  # fmt: skip
    assert {table for table in TABLES if not await fenced.count(agency, table)} == hidden


async def test_a_sender_is_shown_no_outcome_whose_message_was_taken_back(fenced):
    own = senders([fenced.owner])
    assert await fenced.count(own, "outcome") > 0
    changed = ask(
        fenced.dsn,
        "UPDATE feedback SET with_message = false WHERE organisation_id = $1 AND with_message "
        "RETURNING position",
        fenced.owner,
    )
    assert await fenced.count(own, "outcome") == 0
    ask(
        fenced.dsn,
        "UPDATE feedback SET with_message = true WHERE organisation_id = $1 AND position = ANY($2)",
        fenced.owner,
        [row[0] for row in changed],
    )
