"""`tessera stoplist`: values that must never link, such as a helpline's own phone."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, TypeAlias

import typer

from app.cli.running import opened, run
from app.crypto.keyring import Keyring
from app.domain.acting import OPERATOR
from app.domain.audit import CLI, By
from app.domain.stoplist import StopValue
from app.services.add_to_stoplist import add_to_stoplist
from app.services.remove_from_stoplist import remove_from_stoplist
from app.storage.repositories.stoplist import list_all
from app.storage.session import WriteConnection, reading, writing

app = typer.Typer(no_args_is_help=True)

Work: TypeAlias = Callable[[WriteConnection, Keyring], Awaitable[int]]
Kind = Annotated[str, typer.Argument(help="kind of attribute, for example phone")]
Value = Annotated[str, typer.Argument(help="the value, written in whatever way")]
Country = Annotated[
    str | None, typer.Option(help="country of the value where it does not say itself, ISO 3166-1")
]
Platform = Annotated[str | None, typer.Option(help="platform of a profile")]
Reason = Annotated[
    str | None,
    typer.Option(
        help="whose it is and why it is listed, without the value; agencies read it beside the "
        "value. Adding a listed value again with another reason replaces it"
    ),
]


@app.command("add")
def add_value(
    kind: Kind,
    value: Value,
    country: Country = None,
    platform: Platform = None,
    reason: Reason = None,
) -> None:
    """Let a value link nothing from now on. Reports keep it; the database holds its blind index
    alone, so that no list can show it again.
    """
    given = StopValue(kind, value, country, platform)

    async def work(connection: WriteConnection, keyring: Keyring) -> int:
        return await add_to_stoplist(
            connection, given, keyring=keyring, by=By(CLI, datetime.now(UTC)), note=reason
        )

    print(json.dumps({"kind": kind, "added": run(_in_transaction(work))}))


@app.command("remove")
def remove_value(
    kind: Kind, value: Value, country: Country = None, platform: Platform = None
) -> None:
    """Let a value link again."""
    given = StopValue(kind, value, country, platform)

    async def work(connection: WriteConnection, keyring: Keyring) -> int:
        by = By(CLI, datetime.now(UTC))
        return await remove_from_stoplist(connection, given, keyring=keyring, by=by)

    print(json.dumps({"kind": kind, "removed": run(_in_transaction(work))}))


@app.command("list")
def list_values() -> None:
    """Print the list, one JSON object a line: kind, since when, why, how many reports carry it."""
    run(_list())


async def _in_transaction(work: Work) -> int:
    async with (
        opened() as installation,
        writing(installation.database.engine, OPERATOR) as connection,
    ):
        return await work(connection, installation.keyring)


async def _list() -> None:
    async with (
        opened() as installation,
        reading(installation.database.engine, OPERATOR) as connection,
    ):
        async for each in list_all(connection):
            line = {
                "index": each.value_index.hex(),
                "kind": each.kind,
                "since": each.since.isoformat(),
                "reason": each.note,
                "reports": each.carriers,
            }
            print(json.dumps(line))
