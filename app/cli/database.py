"""`tessera db`: bring the schema up to date, and tell how far it is."""

import json

import typer

from app.cli.running import Opened, ensure_supported, opened, run
from app.storage import migrating

app = typer.Typer(no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Run the migrations that are missing."""
    run(_upgrade())


@app.command()
def status() -> None:
    """Tell which version the schema is, and which this code needs."""
    run(_status())


async def _upgrade() -> None:
    async with opened(migrated=False) as installation:
        engine = installation.database.engine
        ensure_supported(await migrating.schema_state(engine))
        await migrating.upgrade(engine)
        print(json.dumps(await _state(installation)))


async def _status() -> None:
    async with opened(migrated=False) as installation:
        print(json.dumps(await _state(installation)))


async def _state(installation: Opened) -> dict[str, object]:
    state = await migrating.schema_state(installation.database.engine)
    return {
        "current": state.current,
        "expected": state.expected,
        "up_to_date": state.is_current,
        "server_version": state.server_version,
    }
