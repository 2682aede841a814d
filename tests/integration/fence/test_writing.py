"""Row-level security, asked directly: who may write what, and what the service's role cannot do."""

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.cli.running import opened
from app.domain.acting import ACCESS, FEEDBACK, LINKER, MONITOR, RETENTION, Acting, senders
from app.storage.granting import standing
from app.storage.session import acting, writing
from tests.support.postgres import OWN_SERVER, ask_one, owner_of, with_login
from tests.support.service import settings_for

REFUSED = "violates row-level security policy"
ADDED_FOR_ANOTHER = {
    "a reference": """INSERT INTO report_reference (organisation_id, external_ref, report_id,
      content_mac) VALUES (:owner, 'new', gen_random_uuid(), '')""",
    "an idempotency key": """INSERT INTO idempotency_key (organisation_id, key, report_id,
      content_mac, created_at) VALUES (:owner, 'new', gen_random_uuid(), '', now())""",
    "a value": """INSERT INTO report_attribute (report_id, value_index, kind, role, links,
      key_version, rank, circumstances) VALUES (:report, 'v', 'phone', 'unknown', true, 1, 0, 0)""",
    "a version": """INSERT INTO report_version (report_id, version, sealed, replaced_at)
      VALUES (:report, 99, '', now())""",
    "feedback": """INSERT INTO feedback (organisation_id, position, report_id, outcome_id,
      external_ref, status, with_message, at)
      VALUES (:owner, 99, :report, gen_random_uuid(), '', 'closed', true, now())""",
    "an outcome": """INSERT INTO outcome (id, lead_id, status, sealed, organisation_id, client_id, at)
      VALUES (gen_random_uuid(), gen_random_uuid(), 'closed', '', :owner, 'c', now())""",
    "a judgement": """INSERT INTO judgement (id, kind, report_lo, report_hi, lead_id, sealed,
      organisation_id, client_id, at) VALUES (gen_random_uuid(), 'join', :report, :report,
      gen_random_uuid(), '', :owner, 'c', now())""",
    "an entry of the log": """INSERT INTO audit_entry (chain, sequence, id, at, actor,
      organisation_id, client_id, action, object_kind, objects, key_version, hash)
      VALUES (0, 1000, gen_random_uuid(), now(), 'client', :owner, 'c', 'x', 'report',
      ARRAY[:report ::uuid], 1, '')""",
    "a client": """INSERT INTO client (client_id, organisation_id, scopes, no_identity)
      VALUES ('mine', :owner, '{admin}', false)""",
    "a secret": """INSERT INTO client_secret (id, client_id, secret_hash)
      VALUES (gen_random_uuid(), 'c', 'known')""",
    "a key": """INSERT INTO client_key (id, client_id, public_jwk)
      VALUES (gen_random_uuid(), 'c', '{}')""",
    "a used assertion": """INSERT INTO used_assertion (client_id, jti_hash, expires_at)
      VALUES ('c', 'new', now())""",
    "a blocked person": """INSERT INTO blocked_person (person_id, blocked_at)
      VALUES ('new', now())""",
    "an organisation": """INSERT INTO organisation (id, name, kind, country, agency)
      VALUES (gen_random_uuid(), 'Me', 'law_enforcement', 'SK', true)""",
    "a link": """INSERT INTO link (report_lo, report_hi, weight, strong, things, parts, model_version)
      VALUES (:report, :report, 99, true, false, '[]', '2')""",
}
CHANGED_OF_OTHERS = (
    "UPDATE report SET police = true",
    "UPDATE report SET share_with = '{}'",
    "UPDATE feedback SET status = 'closed'",
    "UPDATE client SET scopes = '{admin}'",
    "UPDATE organisation SET agency = true WHERE id = :owner",
    "DELETE FROM report",
    "DELETE FROM report_reference",
    "DELETE FROM report_attribute",
    "DELETE FROM idempotency_key",
    "DELETE FROM link",
    "DELETE FROM lead_membership",
    "UPDATE client SET generation = 1, cut_at = NULL",
    "DELETE FROM client_secret",
    "UPDATE client_key SET expires_at = NULL",
    "DELETE FROM client_key",
    "DELETE FROM used_assertion",
    "DELETE FROM blocked_person",
)
BEYOND_THE_ROLE = (
    "ALTER TABLE report DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE report NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY reads ON report",
    "CREATE POLICY mine ON report USING (true)",
    "DROP TABLE report",
    "TRUNCATE report CASCADE",
    "CREATE TABLE mine (n int)",
    "CREATE OR REPLACE FUNCTION acting_part() RETURNS text LANGUAGE sql AS 'SELECT ''operator'''",
    "ALTER TABLE audit_entry OWNER TO CURRENT_USER",
    "UPDATE audit_entry SET action = 'x'",
    "DELETE FROM audit_entry",
    "UPDATE alembic_version SET version_num = 'x'",
    "CREATE ROLE mine",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
)
two_roles = pytest.mark.skipif(
    OWN_SERVER is not None, reason="on a server of one's own the two may be one role"
)


async def execute(fenced, actor, statement):
    """How many rows a statement touches in somebody's name; nothing of it stays."""
    named = {
        "owner": fenced.owner,
        "report": ask_one(
            fenced.dsn, "SELECT id FROM report WHERE organisation_id = $1 LIMIT 1", fenced.owner
        ),
    }
    used = {name: value for name, value in named.items() if f":{name}" in statement}
    async with writing(fenced.database.engine, actor) as connection:
        done = await connection.execute(text(statement), used)
        touched = done.rowcount
        await connection.rollback()
    return touched


@pytest.mark.parametrize("agency", [False, True], ids=["reporter", "agency"])
@pytest.mark.parametrize("what", ADDED_FOR_ANOTHER)
async def test_nobody_adds_anything_in_the_name_of_another(fenced, what, agency):
    stranger = Acting(organisations=frozenset({fenced.stranger}), country="SK", agency=agency)
    with pytest.raises(ProgrammingError, match=REFUSED):
        await execute(fenced, stranger, ADDED_FOR_ANOTHER[what])


@pytest.mark.parametrize("what", ["a reference", "an idempotency key", "a value", "a version"])
async def test_the_sender_itself_adds_it(fenced, what):
    assert await execute(fenced, senders([fenced.owner]), ADDED_FOR_ANOTHER[what]) == 1


@pytest.mark.parametrize("statement", CHANGED_OF_OTHERS)
async def test_nobody_changes_or_removes_what_is_of_others(fenced, statement):
    for agency in (False, True):
        stranger = Acting(organisations=frozenset({fenced.stranger}), country="SK", agency=agency)
        assert await execute(fenced, stranger, statement) == 0


async def test_a_report_is_not_given_to_another_organisation(fenced):
    giving = "UPDATE report SET organisation_id = gen_random_uuid()"
    with pytest.raises(ProgrammingError, match=REFUSED):
        await execute(fenced, senders([fenced.owner]), giving)


@pytest.mark.parametrize(
    ("actor", "statement"),
    [
        (LINKER, "UPDATE client SET scopes = '{admin}'"),
        (LINKER, "DELETE FROM report_reference"),
        (FEEDBACK, "DELETE FROM report"),
        (FEEDBACK, "DELETE FROM lead_membership"),
        (RETENTION, "UPDATE client SET scopes = '{admin}'"),
        (RETENTION, "DELETE FROM lead_membership"),
        (ACCESS, "UPDATE client SET scopes = '{admin}'"),
        (ACCESS, "UPDATE client SET generation = 1, cut_at = NULL"),
        (ACCESS, "DELETE FROM client_key"),
        (ACCESS, "UPDATE used_assertion SET expires_at = now()"),
        (ACCESS, "DELETE FROM blocked_person"),
        (ACCESS, "DELETE FROM report"),
        (MONITOR, "DELETE FROM link_queue"),
    ],
    ids=lambda case: case if isinstance(case, str) else case.part,
)
async def test_a_part_does_nothing_but_its_own_work(fenced, actor, statement):
    assert await execute(fenced, actor, statement) == 0


@two_roles
@pytest.mark.parametrize("statement", BEYOND_THE_ROLE)
async def test_the_role_of_the_service_cannot_do_away_with_the_fence(fenced, statement):
    connection = await asyncpg.connect(fenced.dsn)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


@two_roles
@pytest.mark.parametrize("role", ["tessera", "postgres"])
async def test_the_role_of_the_service_cannot_become_another(fenced, role):
    connection = await asyncpg.connect(fenced.dsn)
    try:
        for statement in (f"SET ROLE {role}", f"SET SESSION AUTHORIZATION {role}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_turning_row_level_security_off_gives_an_error_and_no_rows(fenced):
    for dsn in (fenced.dsn, owner_of(fenced.dsn)):
        connection = await asyncpg.connect(dsn)
        try:
            if await connection.fetchval(
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
            ):
                continue
            assert await connection.fetchval("SELECT count(*) FROM report") == 0
            await connection.execute("SET row_security = off")
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                await connection.fetchval("SELECT count(*) FROM report")
        finally:
            await connection.close()


async def test_who_acts_for_another_acts_for_itself_again_afterwards(fenced):
    seen = "SELECT count(*) FROM lead"
    own = senders([fenced.owner])
    async with writing(fenced.database.engine, own) as connection:
        async with acting(connection, LINKER):
            assert await connection.scalar(text(seen)) > 0
        assert await connection.scalar(text(seen)) == 0
        with pytest.raises(KeyError):
            async with acting(connection, LINKER):
                raise KeyError
        assert await connection.scalar(text(seen)) == 0


async def test_an_actor_is_forgotten_with_its_transaction(fenced):
    connection = await asyncpg.connect(fenced.dsn)
    try:
        async with connection.transaction():
            await connection.execute("SELECT set_config('tessera.part', 'operator', true)")
            assert await connection.fetchval("SELECT count(*) FROM report") > 0
        assert await connection.fetchval("SELECT count(*) FROM report") == 0
    finally:
        await connection.close()


@two_roles
async def test_nothing_starts_as_a_role_that_row_level_security_does_not_hold(fenced, capsys):
    superuser = with_login(fenced.dsn, "postgres")
    with pytest.raises(SystemExit) as ended:
        async with opened(settings=settings_for(superuser)):
            pass
    assert ended.value.code == 2
    assert "the role postgres of TESSERA_DATABASE_URL is a superuser" in capsys.readouterr().err


@two_roles
async def test_the_role_of_the_service_is_held_and_owns_nothing(fenced):
    assert await standing(fenced.database.engine) == ("tessera_service", False, False)
