"""`tessera status`, `relink`, `export memberships`: how far linking is, and what it found."""

import asyncio
import csv
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial

import typer

from app.cli.importing import progress_bar
from app.cli.running import Opened, opened, run
from app.crypto.ids import new_id
from app.domain.acting import LINKER, OPERATOR
from app.domain.audit import CLI
from app.domain.cells import inert
from app.linking.comparing import Comparing
from app.linking.engine import Linked
from app.linking.regrouping import Writing
from app.linking.screening import screen_lead
from app.services import relink as relinking
from app.storage.catalogues import load_catalogue, load_model
from app.storage.migrating import schema_state
from app.storage.repositories import linking
from app.storage.session import reading, writing

export_app = typer.Typer(no_args_is_help=True)
_POLL_SECONDS = 0.2


class Format(StrEnum):
    """How memberships are printed."""

    CSV = "csv"
    NDJSON = "ndjson"


class Engine(StrEnum):
    """What relinks."""

    POSTGRES = "postgres"


def status(
    wait: float = typer.Option(0.0, min=0, help="Wait so many seconds until nothing is pending."),
) -> None:
    """Tell how many reports wait to be linked, as JSON."""
    run(_status(wait))


def relink(
    engine: Engine = typer.Option(Engine.POSTGRES, help="What does the work."),
) -> None:
    """Link everything anew under the current model; readers see the old leads until it is done."""
    del engine
    run(_relink())


@export_app.command()
def memberships(
    format_: Format = typer.Option(Format.CSV, "--format", help="csv or ndjson."),
) -> None:
    """Print lead, report, organisation and reference of every linked report.

    NDJSON has references as they were sent. In CSV, which a spreadsheet may be opened on, those
    that begin as a formula does (= + - @) have an apostrophe before them.
    """
    run(_memberships(format_))


async def _status(wait: float) -> None:
    async with opened() as installation:
        engine = installation.database.engine
        until = time.monotonic() + wait
        while True:
            async with reading(engine, OPERATOR) as connection:
                waiting = await linking.is_pending(connection)
            if not waiting or time.monotonic() >= until:
                break
            await asyncio.sleep(_POLL_SECONDS)
        async with reading(engine, OPERATOR) as connection:
            progress = await linking.progress(connection)
        state = await schema_state(engine)
    oldest = progress.oldest_pending_at
    print(
        json.dumps(
            {
                "pending": progress.pending,
                "oldest_pending_at": oldest.isoformat() if oldest else None,
                "leads": progress.leads,
                "reports": progress.reports,
                "schema": state.current,
            }
        )
    )


async def _relink() -> None:
    async with opened(patient=True) as installation:
        with progress_bar("linking everything anew", None, in_bytes=False) as move_to:
            done = await _relink_in(installation, move_to)
    print(json.dumps({"reports": len(done.reports), "leads_changed": len(done.leads)}))


async def _relink_in(installation: Opened, move_to: Callable[[int, int], None]) -> Linked:
    model, catalogue = load_model(), load_catalogue()
    screen = partial(screen_lead, catalogue=catalogue)
    async with writing(installation.database.engine, LINKER) as connection:
        return await relinking.relink(
            connection,
            comparing=Comparing(model, installation.keyring, installation.sealer),
            progress=move_to,
            writing=Writing(datetime.now(UTC), new_id, model.version, screen, CLI),
        )


async def _memberships(format_: Format) -> None:
    columns = ("lead_id", "report_id", "organisation", "external_ref")
    writer = csv.writer(sys.stdout)
    if format_ is Format.CSV:
        writer.writerow(columns)
    async with (
        opened(patient=True) as installation,
        reading(installation.database.engine, OPERATOR) as connection,
    ):
        async for row in linking.memberships(connection):
            if format_ is Format.CSV:
                writer.writerow([inert(str(each)) for each in row])
            else:
                print(json.dumps(dict(zip(columns, map(str, row), strict=True))))
