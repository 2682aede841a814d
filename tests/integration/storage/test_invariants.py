"""Every invariant holds in a linked sample, and every one finds what breaks it."""

import pytest
from sqlalchemy import text

from app.domain.acting import OPERATOR
from app.services.check_invariants import check_invariants
from app.storage.catalogues import load_model
from app.storage.database import connect
from app.storage.invariants import INVARIANTS, NAMES
from app.storage.session import reading
from tests.integration.storage.breaches import BREACHES, EXCUSED, WAITING
from tests.support.linked_sample import KEYRING, link_sample
from tests.support.postgres import owner_of

_PLANTS = [
    pytest.param(name, statement, id=f"{name}-{number}")
    for name, statements in BREACHES.items()
    for number, statement in enumerate(statements, 1)
]
_NO_BREACHES = WAITING | EXCUSED


@pytest.fixture(scope="module")
async def sample(module_database):
    """A database with the linked sample; every test leaves it as it was."""
    database = connect(owner_of(module_database), connections=2, audit_key=KEYRING.audit)
    await link_sample(database)
    yield database
    await database.engine.dispose()


@pytest.fixture
async def connection(sample):
    """A connection on which a test may write, also what the access log refuses: nothing of it
    stays.
    """
    async with sample.engine.connect() as connection:
        await connection.execute(text("SELECT set_config('tessera.part', 'operator', true)"))
        await connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        yield connection


async def found(connection, name):
    """What one invariant finds."""
    [checked] = await check_invariants(
        connection, model=load_model(), waiting_seconds=3600, only=[name]
    )
    return checked


async def test_all_invariants_hold_in_a_sample_with_something_of_everything(sample):
    async with reading(sample.engine, OPERATOR) as connection:
        checked = await check_invariants(connection, model=load_model(), waiting_seconds=3600)
        for held in (
            "link WHERE strong", "lead WHERE merged_into IS NOT NULL", "lead WHERE core_count > 1",
            "lead_membership WHERE attached", "lead_membership_past", "feedback",
            "report WHERE status = 'withdrawn'",
        ):  # fmt: skip
            assert await connection.scalar(text(f"SELECT count(*) FROM {held}")) > 0, held

    assert [each.invariant.name for each in checked] == list(NAMES)
    assert {each.invariant.name: each.found.ids for each in checked if each.found.count} == {}


def test_every_invariant_has_a_name_of_its_own_and_a_breach():
    assert len(set(NAMES)) == len(INVARIANTS)
    assert set(BREACHES) == set(NAMES)


@pytest.mark.parametrize(("name", "statement"), _PLANTS)
async def test_a_breach_is_found_and_named(connection, name, statement):
    planted = (await connection.execute(text(statement))).first()
    assert planted is not None, "nothing was planted"

    checked = await found(connection, name)

    assert list(planted) in [list(ids) for ids in checked.found.ids]
    assert checked.found.count >= len(checked.found.ids)
    assert checked.is_broken is not checked.invariant.is_warning


@pytest.mark.parametrize("case", _NO_BREACHES)
async def test_what_waits_or_is_explained_is_no_breach(connection, case):
    name, breach, explanation = _NO_BREACHES[case]
    await connection.execute(text(breach))
    assert (await found(connection, name)).found.count > 0

    await connection.execute(text(explanation))

    assert (await found(connection, name)).found.count == 0


async def test_at_most_twenty_are_named_and_all_are_counted(connection):
    deleted = await connection.execute(text("DELETE FROM report_reference"))

    checked = await found(connection, "reference-is-of-one-report")

    assert deleted.rowcount > 20
    assert (checked.found.count, len(checked.found.ids)) == (deleted.rowcount, 20)


async def test_only_what_was_asked_for_is_looked_at_and_progress_is_told(sample):
    told = []
    async with reading(sample.engine, OPERATOR) as connection:
        checked = await check_invariants(
            connection,
            model=load_model(),
            waiting_seconds=3600,
            only=["queue-moves", "link-adds-up"],
            progress=told.append,
        )

    assert {each.invariant.name for each in checked} == {"queue-moves", "link-adds-up"}
    assert told == [1, 2]
