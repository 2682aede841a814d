"""`tessera db`: bring the schema up to date, and tell how far it is."""

import json

import typer

from app.cli.running import Opened, opened, run, upgrade_as_owner
from app.storage import migrating
from app.storage.granting import standing

app = typer.Typer(no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Run the migrations that are missing, as the owner of the tables
    (TESSERA_OWNER_DATABASE_URL where the service has a role of its own, which gets its rights).
    """
    run(_upgrade())


@app.command()
def status() -> None:
    """Tell which version the schema is and which this code needs, and what the service's role is
    allowed besides its work: nothing, if all is well.
    """
    run(_status())


async def _upgrade() -> None:
    async with opened(migrated=False) as installation:
        await upgrade_as_owner(installation.addresses)
        print(json.dumps(await _state(installation)))


async def _status() -> None:
    async with opened(migrated=False) as installation:
        print(json.dumps(await _state(installation)))


async def _state(installation: Opened) -> dict[str, object]:
    engine = installation.database.engine
    state, role = await migrating.schema_state(engine), await standing(engine)
    return {
        "current": state.current,
        "expected": state.expected,
        "up_to_date": state.is_current,
        "server_version": state.server_version,
        "role": role.role,
        "bypasses_row_level_security": role.bypasses,
        "owns_tables": role.owns,
    }
