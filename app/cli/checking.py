"""`tessera check`: whether the stored data is as it must be. Reads only."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from app.cli.importing import progress_bar
from app.cli.running import opened, refuse, run
from app.domain.acting import OPERATOR
from app.services.check_invariants import Checked, check_invariants
from app.storage.catalogues import load_model
from app.storage.invariants import NAMES
from app.storage.session import reading

_BROKEN, _NOTICE, _HOLDS = "broken", "look", "holds"


def check(
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="NAME", help="one invariant; repeatable")
    ] = None,
    waiting_minutes: Annotated[
        float, typer.Option(min=0, help="how long work may wait to be linked")
    ] = 60.0,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Check what must be true of the stored data: reports, leads, links, judgements, feedback.

    Reads one state of the data, in a transaction that cannot write, while work goes on. Prints ids
    and counts alone, of each invariant 20 ids at most. Exit code: 0 if all hold, 1 if one is
    broken; what only wants to be looked at is told and changes nothing.
    """
    unknown = [name for name in only or () if name not in NAMES]
    if unknown:
        refuse(f"no invariant is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
    checked = run(_check(only or (), waiting_minutes * 60))
    if as_json:
        print(json.dumps([_answer(each) for each in checked], indent=2))
    else:
        _show(checked)
    raise SystemExit(1 if any(each.is_broken for each in checked) else 0)


async def _check(only: Sequence[str], waiting_seconds: float) -> Sequence[Checked]:
    async with opened(patient=True) as installation:
        wanted = len(set(only)) or len(NAMES)
        with progress_bar("checking", wanted, in_bytes=False) as move_to:
            async with reading(installation.database.engine, OPERATOR) as connection:
                return await check_invariants(
                    connection,
                    model=load_model(),
                    waiting_seconds=waiting_seconds,
                    only=only,
                    progress=move_to,
                )


def _state(checked: Checked) -> str:
    if checked.is_broken:
        return _BROKEN
    return _NOTICE if checked.found.count else _HOLDS


def _answer(checked: Checked) -> dict[str, Any]:
    return {
        "name": checked.invariant.name,
        "meaning": checked.invariant.meaning,
        "state": _state(checked),
        "count": checked.found.count,
        "of": checked.invariant.of,
        "ids": [[str(each) for each in ids] for ids in checked.found.ids],
        "seconds": round(checked.seconds, 3),
    }


def _show(checked: Sequence[Checked]) -> None:
    console = Console()
    numbers = [Column(heading, justify="right") for heading in ("found", "seconds")]
    table = Table("invariant", "", *numbers)
    for each in checked:
        count, seconds = str(each.found.count), f"{each.seconds:.2f}"
        table.add_row(each.invariant.name, _state(each), count, seconds)
    console.print(table)
    for each in checked:
        if each.found.count:
            _show_found(console, each)


def _show_found(console: Console, checked: Checked) -> None:
    invariant, found = checked.invariant, checked.found
    console.print(Text(f"\n{invariant.name}: {invariant.meaning}"))
    console.print(Text(f"{_state(checked)}, {found.count} found ({invariant.of}):"))
    for ids in found.ids:
        console.print(Text(f"  {' '.join(map(str, ids))}"), soft_wrap=True)
    if len(found.ids) < found.count:
        console.print(Text(f"  and {found.count - len(found.ids)} more"))
