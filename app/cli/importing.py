"""`tessera import`: many reports from a file. Linking them is left to whoever serves."""

import asyncio
import json
import os
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, BinaryIO, Self
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from app.cli.accepting import Door, Tally, accept_rows, require_reporter
from app.cli.running import Opened, opened, refuse, run
from app.crypto.ids import new_id
from app.domain.access import Organisation
from app.domain.acting import OPERATOR
from app.domain.errors import Fault, InvalidInputError
from app.intake.files.opening import Format, format_of, opened_file
from app.intake.files.rows import FileRefusedError
from app.intake.preparing import Intake
from app.storage.catalogues import load_catalogue, load_model
from app.storage.repositories import access
from app.storage.session import reading

INTERRUPTED = 130
_REJECTED_ENDING = ".rejected.ndjson"


def import_(
    file: Annotated[
        Path, typer.Argument(help="NDJSON (also .gz), CSV or Excel", exists=True, dir_okay=False)
    ],
    organisation: Annotated[
        str | None, typer.Option("--org", help="id of the organisation whose reports these are")
    ] = None,
    format_: Annotated[
        Format | None, typer.Option("--format", help="default: what the file's name says")
    ] = None,
) -> None:
    """Import many reports. What is stored already is recognised, so an import that was
    interrupted is run again as it was. Rejected rows are written, with the reasons, beside FILE.

    NDJSON holds one report a line, or the lines of a scenario, which name their organisations.
    CSV and Excel files have one report a row, in flat columns: external_ref, observed_from,
    narrative, country, person_1_name, person_1_phones, vehicle_1_plate … An Excel file may also be
    the form from /v1/protocol/report-form, filled in. Exit code: 0 if all is stored, 1 if rows
    were rejected, 2 if the command or the file as a whole is wrong.
    """
    try:
        tally, rejected = run(_import(file, format_, organisation))
    except FileRefusedError as error:
        refuse(f"{file.name}: {error}")
    except (KeyboardInterrupt, asyncio.CancelledError):
        refuse("interrupted; what is stored stays, run it again to go on", INTERRUPTED)
    print(json.dumps({**asdict(tally), "file of rejected": rejected}, ensure_ascii=False))
    raise SystemExit(0 if tally.is_clean else 1)


async def _import(
    file: Path, format_: Format | None, organisation: str | None
) -> tuple[Tally, str | None]:
    stop_on_sigterm()
    kind = format_ or format_of(file)
    if kind is not Format.NDJSON and organisation is None:
        raise FileRefusedError("whose reports these are must be said by --org")
    async with opened() as installation:
        owner = None if organisation is None else await _owner(installation, organisation)
        limit = installation.settings.body_limit_bytes
        rejects = Rejects(file)
        with (
            opened_file(file, kind, scenario=owner is None, limit=limit) as source,
            progress_bar(
                f"importing {file.name}", source.size, in_bytes=kind is not Format.XLSX
            ) as move_to,
            rejects,
        ):
            intake = Intake(
                installation.keyring, installation.sealer, load_catalogue(), load_model(), new_id
            )
            door = Door(
                installation.database,
                intake,
                owner,
                rejects.add,
                lambda _: move_to(source.position()),
            )
            tally = await accept_rows(source.rows, door)
    return tally, rejects.written


async def _owner(installation: Opened, given: str) -> Organisation:
    fault = Fault("/org", "the id of an organisation that is enrolled")
    try:
        organisation_id = UUID(given)
    except ValueError:
        raise InvalidInputError(faults=(fault,)) from None
    async with reading(installation.database.engine, OPERATOR) as connection:
        found = await access.find_organisation(connection, organisation_id)
    if found is None:
        raise InvalidInputError(faults=(fault,))
    require_reporter(found)
    return found


def stop_on_sigterm() -> None:
    """Let SIGTERM end the command as Ctrl-C does, by cancelling it: what was opened is closed."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


class Rejects:
    """The file of rejected rows beside an input; made with the first, for its owner only."""

    def __init__(self, beside: Path) -> None:
        """Take what an earlier import of the same file wrote away: it is about to be known anew."""
        self._path = beside.with_name(beside.name + _REJECTED_ENDING)
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        with suppress(OSError):
            if stat.S_ISREG(self._path.lstat().st_mode):
                self._path.unlink()
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def written(self) -> str | None:
        """The path, if there were any."""
        return None if self._file is None else str(self._path)

    def add(self, line: bytes) -> None:
        """Write one line. Raises FileRefusedError where that is not possible."""
        try:
            if self._file is None:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
                self._file = os.fdopen(os.open(self._path, flags, 0o600), "wb")
            self._file.write(line)
        except OSError as error:
            reason = f"a row is rejected, and {self._path.name} cannot be written"
            raise FileRefusedError(f"{reason}: {error.strerror}") from None


class _Moving:
    """Moves a bar to a position."""

    def __init__(self, bar: Progress, label: str, total: int | None) -> None:
        self._bar = bar
        self._task = bar.add_task(label, total=total)

    def __call__(self, position: int, total: int | None = None) -> None:
        self._bar.update(self._task, completed=position, total=total)


@contextmanager
def progress_bar(label: str, total: int | None, *, in_bytes: bool) -> Iterator[_Moving]:
    """Show a bar on stderr while the block runs, where somebody watches."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn() if in_bytes else MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as bar:
        yield _Moving(bar, label, total)
