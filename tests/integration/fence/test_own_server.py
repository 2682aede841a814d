"""A server of one's own with two roles: what the owner's upgrade gives the service, and what without."""

import asyncpg
import pytest

from app.cli.running import opened, upgrade_as_owner
from app.domain.acting import OPERATOR
from app.storage.database import Addresses, connect
from app.storage.embedded import SERVICE_ROLE
from app.storage.granting import standing
from app.storage.migrating import MigrationError
from app.storage.repositories import linking
from app.storage.session import reading
from tests.support.postgres import OWN_SERVER, with_login
from tests.support.service import settings_for

pytestmark = pytest.mark.skipif(
    OWN_SERVER is not None, reason="on a server of one's own the two may be one role"
)


@pytest.fixture
def addresses(empty_database):
    """Those of an empty database, which nobody may enter but its owner."""
    return Addresses(with_login(empty_database, SERVICE_ROLE), empty_database)


async def run_as_owner(addresses, *statements):
    connection = await asyncpg.connect(addresses.owner)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_the_upgrade_lets_the_service_in_and_to_its_rows(addresses):
    name = addresses.owner.partition("?")[0].rpartition("/")[2]
    await run_as_owner(addresses, f'REVOKE CONNECT, TEMPORARY ON DATABASE "{name}" FROM PUBLIC')
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
        await asyncpg.connect(addresses.service)
    await upgrade_as_owner(addresses)
    own = {"owner_database_url": addresses.owner}
    async with opened(settings=settings_for(addresses.service, **own)) as installation:
        engine = installation.database.engine
        assert await standing(engine) == (SERVICE_ROLE, False, False)
        async with reading(engine, OPERATOR) as connection:
            assert (await linking.progress(connection)).reports == 0


async def test_an_upgrade_may_be_done_again_and_gives_rights_to_tables_that_come_later(addresses):
    await upgrade_as_owner(addresses)
    await upgrade_as_owner(addresses)
    await run_as_owner(addresses, "CREATE TABLE later (n int)")
    connection = await asyncpg.connect(addresses.service)
    try:
        assert await connection.fetchval("SELECT count(*) FROM later") == 0
    finally:
        await connection.close()


async def test_one_role_for_both_is_held_and_told(addresses):
    await upgrade_as_owner(Addresses(addresses.owner, addresses.owner))
    database = connect(addresses.owner, connections=1)
    try:
        found = await standing(database.engine)
    finally:
        await database.engine.dispose()
    assert (found.bypasses, found.owns) == (False, True)
    async with opened(settings=settings_for(addresses.owner)):
        pass


async def test_a_service_without_its_rights_is_told_what_is_missing(addresses):
    await upgrade_as_owner(Addresses(addresses.owner, addresses.owner))
    with pytest.raises(MigrationError, match="db upgrade"):
        async with opened(settings=settings_for(addresses.service)):
            pass
