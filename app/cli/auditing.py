"""`tessera audit`: whether the access log is as it was written."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.importing import progress_bar
from app.cli.running import opened, refuse, run
from app.crypto.audit_chain import Head
from app.crypto.audit_checkpoint import CheckpointRefusedError, read_checkpoint
from app.crypto.keyring import Keyring
from app.domain.acting import AUDIT
from app.services.make_checkpoint import make_checkpoint
from app.services.verify_audit import Verified, verify_audit
from app.storage.session import reading

app = typer.Typer(no_args_is_help=True)


@app.command()
def verify(
    checkpoint: Annotated[
        Path | None,
        typer.Option(help="what `tessera audit checkpoint` printed earlier", dir_okay=False),
    ] = None,
) -> None:
    """Find any edit, gap, reordering, missing or foreign chain of the access log; with a
    checkpoint also what was cut off the ends since. Prints JSON, of the faults 20 at most. Exit
    code: 0 if all fits, 1 if anything does not.
    """
    verified = run(_verify(checkpoint))
    faults = [fault._asdict() for fault in verified.faults]
    answer = {"entries": verified.entries, "fault_count": verified.fault_count, "faults": faults}
    print(json.dumps(answer, indent=2))
    raise SystemExit(1 if verified.fault_count else 0)


@app.command()
def checkpoint() -> None:
    """Print the signed ends of all chains as JSON. Keep it where nobody who runs the database can
    change it.
    """
    print(json.dumps(run(_checkpoint()), indent=2))


async def _verify(file: Path | None) -> Verified:
    async with opened() as installation:
        keyring = installation.keyring
        heads = [] if file is None else _heads_of(file, keyring)
        with progress_bar("verifying", None, in_bytes=False) as move_to:
            return await verify_audit(
                installation.database.engine, keyring=keyring, checkpoint=heads, progress=move_to
            )


def _heads_of(file: Path, keyring: Keyring) -> list[Head]:
    try:
        return read_checkpoint(file.read_bytes(), keyring.checkpoint)
    except (OSError, CheckpointRefusedError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        refuse(f"{file.name}: {reason}")


async def _checkpoint() -> dict[str, object]:
    async with opened() as installation, reading(installation.database.engine, AUDIT) as connection:
        return await make_checkpoint(
            connection, keyring=installation.keyring, now=datetime.now(UTC)
        )
