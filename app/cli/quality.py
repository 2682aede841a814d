"""`tessera evaluate`: how well reports are linked, measured against the truth of a scenario.

The reports go through the real intake and the real linker, in a database of its own that is
dropped afterwards, sealed under a key that is forgotten.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.accepting import Door, Tally, accept_rows
from app.cli.importing import INTERRUPTED, progress_bar, stop_on_sigterm
from app.cli.running import addresses_of, refuse, run
from app.cli.truth import Reference, read_truth
from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.domain.acting import OPERATOR
from app.domain.linkage.model import LinkageModel
from app.domain.linkage.quality import Quality, Scores, measure_quality
from app.intake.files.opening import Format, format_of, opened_file
from app.intake.files.rows import FileRefusedError
from app.intake.preparing import Intake
from app.linking.comparing import Comparing
from app.settings import load_settings
from app.storage import migrating
from app.storage.catalogues import load_catalogue, load_model
from app.storage.database import Database, connect, serving
from app.storage.engine import LEAST_SERVER_VERSION
from app.storage.repositories import linking
from app.storage.scratch import NoDatabaseError, scratch_database
from app.storage.session import reading
from app.worker.linker import Linker

KEY_BYTES = 48


@dataclass(frozen=True, slots=True)
class Found:
    """What linking found. tally: what became of the rows of the file. leads: of each report that
    was accepted, a name of its lead.
    """

    tally: Tally
    leads: dict[Reference, str]
    model_version: str

    def against(self, truth: Mapping[Reference, str]) -> list[tuple[str, str | None]]:
        """The true lead and the found one of each report of the truth."""
        return [(lead, self.leads.get(reference)) for reference, lead in truth.items()]


def evaluate(
    reports: Annotated[
        Path,
        typer.Argument(help="reports.ndjson of a scenario, also .gz", exists=True, dir_okay=False),
    ],
    truth: Annotated[
        Path,
        typer.Argument(
            help="truth.csv: organisation,external_ref,lead; also .gz", exists=True, dir_okay=False
        ),
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Measure linkage quality on a scenario, through the real intake and linking, in a database
    of its own. Reports of TRUTH that were not accepted count as found alone.
    """
    try:
        expected = read_truth(truth)
        found = run(link_scenario(reports, load_model(), key=secrets.token_bytes(KEY_BYTES)))
    except FileRefusedError as error:
        refuse(str(error))
    except NoDatabaseError:
        refuse("this role may not create a database to evaluate in (CREATEDB is needed)")
    except (KeyboardInterrupt, asyncio.CancelledError):
        refuse("interrupted", INTERRUPTED)
    answer = _answer(measure_quality(found.against(expected)), found, set(expected))
    if as_json:
        print(json.dumps(answer, indent=2))
    else:
        _show(answer)


async def link_scenario(reports: Path, model: LinkageModel, *, key: bytes) -> Found:
    """Take the reports of a scenario in and link them under a model, through the real intake and
    the real linker; the database is gone when this returns. key: the root key, of KEY_BYTES; ties
    fall by numbers that are made with it.

    Raises FileRefusedError where the file is no scenario, NoDatabaseError where the role may not
    create a database.
    """
    stop_on_sigterm()
    kind = format_of(reports)
    if kind is not Format.NDJSON:
        raise FileRefusedError(f"{reports.name}: a scenario is NDJSON, one report a line")
    catalogue = load_catalogue()
    keyring = Keyring(key)
    async with _database(keyring.audit) as database:
        intake = Intake(keyring, Sealer(keyring), catalogue, model, new_id)
        with (
            opened_file(reports, kind, scenario=True) as source,
            progress_bar("taking in", source.size, in_bytes=True) as move_to,
        ):
            door = Door(
                database,
                intake,
                None,
                chunk_done=lambda _: move_to(source.position()),
            )
            tally = await accept_rows(source.rows, door)
        linker = Linker(
            database.engine,
            comparing=Comparing(model, keyring, intake.sealer),
            catalogue=catalogue,
            batch=load_settings().link_batch,
        )
        await _link_all(linker, tally.created, load_settings().link_batch)
        leads = {}
        async with reading(database.engine, OPERATOR) as connection:
            async for lead_id, _, organisation, reference in linking.memberships(connection):
                leads[organisation, reference] = str(lead_id)
    return Found(tally, leads, model.version)


@asynccontextmanager
async def _database(audit_key: bytes) -> AsyncIterator[Database]:
    """A new database with the present schema, on the configured server or the embedded one."""
    settings = load_settings()
    name = f"tessera_evaluation_{secrets.token_hex(8)}"
    with serving(addresses_of(settings), settings.home) as server:
        async with scratch_database(server.owner, name) as address:
            database = connect(address, connections=4, statement_seconds=None, audit_key=audit_key)
            try:
                state = await migrating.schema_state(database.engine)
                if not state.is_supported:
                    least = LEAST_SERVER_VERSION // 10_000
                    refuse(f"the PostgreSQL server is too old; {least} or newer is needed")
                await migrating.upgrade(database.engine)
                yield database
            finally:
                await database.engine.dispose()


async def _link_all(linker: Linker, waiting: int, batch: int) -> None:
    done = 0
    with progress_bar("linking", waiting, in_bytes=False) as move_to:
        while (linked := await linker.link_once(batch)) is None or linked.items:
            done += linked.items if linked else 0
            move_to(done)


def _answer(quality: Quality, found: Found, expected: set[Reference]) -> dict[str, object]:
    """All figures, as they are printed as JSON."""
    worst = quality.largest_false_merge
    return {
        "reports": quality.reports,
        "accepted": found.tally.created,
        "not_accepted": found.tally.rejected + found.tally.conflicts,
        "not_in_truth": len(found.leads.keys() - expected),
        "missing": len(expected - found.leads.keys()),
        "leads": quality.leads,
        "true_leads": quality.true_leads,
        "pairwise": _figures(quality.pairwise),
        "bcubed": _figures(quality.bcubed),
        "largest_false_merge": asdict(worst) if worst else None,
        "alone_left_alone": quality.alone_left_alone,
        "model_version": found.model_version,
    }


def _figures(scores: Scores) -> dict[str, float]:
    return {"precision": scores.precision, "recall": scores.recall, "f1": scores.f1}


def _show(answer: dict[str, object]) -> None:
    console = Console()
    table = Table(title=f"Linkage quality, model {answer['model_version']}")
    for heading in ("", "precision", "recall", "F1"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, label in (("pairwise", "pairwise"), ("bcubed", "B-cubed")):
        figures = answer[name]
        if isinstance(figures, dict):
            table.add_row(label, *(f"{value:.4f}" for value in figures.values()))
    console.print(table)
    worst, alone = answer["largest_false_merge"], answer["alone_left_alone"]
    console.print(
        f"{answer['reports']} reports, {answer['leads']} leads of two or more "
        f"(true: {answer['true_leads']})"
    )
    merge = (
        f"{worst['reports']} reports of {worst['true_leads']} true leads"
        if isinstance(worst, dict)
        else "none"
    )
    console.print(f"Largest false merge: {merge}")
    if isinstance(alone, float):
        console.print(f"Left alone, of the reports that belong with no other: {alone:.4f}")
    for key, label in (
        ("not_accepted", "Not accepted"),
        ("missing", "In the truth only"),
        ("not_in_truth", "Not in the truth"),
    ):
        if answer[key]:
            console.print(f"{label}: {answer[key]} reports")
