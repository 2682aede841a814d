"""A database of the service's own role with something in every table, seen in anybody's name."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import text

from app.crypto.ids import new_id
from app.domain.acting import Acting
from app.storage.database import Database, connect
from app.storage.session import reading, writing
from app.storage.tables import metadata
from tests.support.linked_sample import KEYRING, link_sample
from tests.support.postgres import ask, ask_one

_MORE = """
INSERT INTO client (client_id, organisation_id, scopes, no_identity)
  SELECT 'c', id, '{}', false FROM organisation LIMIT 1;
INSERT INTO client_secret (id, client_id, secret_hash) VALUES (gen_random_uuid(), 'c', 'x');
INSERT INTO client_key (id, client_id, public_jwk) VALUES (gen_random_uuid(), 'c', '{}');
INSERT INTO used_assertion (client_id, jti_hash, expires_at) VALUES ('c', 'x', now());
INSERT INTO blocked_person (person_id, blocked_at) VALUES ('p', now());
INSERT INTO signing_key (kid, record_id, public_jwk, sealed, signs_from, expires_at)
  VALUES ('k', gen_random_uuid(), '{}', 'x', now(), now());
INSERT INTO key_check (id, sealed) VALUES (gen_random_uuid(), 'x');
INSERT INTO idempotency_key (organisation_id, key, report_id, content_mac, created_at)
  SELECT organisation_id, 'i', id, 'x', now() FROM report LIMIT 1;
INSERT INTO report_version (report_id, version, sealed, replaced_at)
  SELECT id, 0, 'x', now() FROM report LIMIT 1;
INSERT INTO judgement (id, kind, report_lo, report_hi, lead_id, sealed, organisation_id, client_id, at)
  SELECT gen_random_uuid(), 'join', report_lo, report_hi, gen_random_uuid(), 'x',
    gen_random_uuid(), 'c', now() FROM link LIMIT 1;
INSERT INTO shared_value (value_index, kind, reason, since) VALUES (decode(repeat('00', 32), 'hex'), 'phone', 'stoplist', now());
INSERT INTO link_queue (report_id, cause) SELECT id, 'amended' FROM report LIMIT 1
"""


@dataclass(frozen=True)
class Fenced:
    """A filled database. owner: an organisation that sent reports and was told of an outcome.
    stranger: one that sent none.
    """

    database: Database
    dsn: str
    owner: UUID
    stranger: UUID

    async def rows(self, actor: Acting, statement: str, **arguments):
        """What a statement gives in somebody's name."""
        async with reading(self.database.engine, actor) as connection:
            return (await connection.execute(text(statement), arguments)).all()

    async def count(self, actor: Acting, table: str) -> int:
        """How many rows of a table somebody sees."""
        [[number]] = await self.rows(actor, f"SELECT count(*) FROM {table}")
        return number

    def total(self, table: str) -> int:
        """How many rows a table has."""
        return ask_one(self.dsn, f"SELECT count(*) FROM {table}")


@pytest.fixture(scope="module")
async def fenced(module_database):
    database = connect(module_database, connections=4, audit_key=KEYRING.audit)
    await link_sample(database)
    for statement in _MORE.split(";"):
        ask(module_database, statement)
    stranger = new_id()
    ask(
        module_database,
        "INSERT INTO organisation (id, name, kind, country, agency) VALUES ($1, 'S', 'ngo', 'SK', false)",
        stranger,
    )
    owner = ask_one(
        module_database,
        "SELECT organisation_id FROM feedback WHERE with_message ORDER BY 1 LIMIT 1",
    )
    made = Fenced(database, module_database, owner, stranger)
    assert [name for name in metadata.tables if not made.total(name)] == []
    yield made
    await database.engine.dispose()


@pytest.fixture
def touched(fenced):
    """How many rows a statement touches in somebody's name; nothing of it stays."""

    async def run(actor, statement):
        async with writing(fenced.database.engine, actor) as connection:
            number = (await connection.execute(text(statement))).rowcount
            await connection.rollback()
        return number

    return run
