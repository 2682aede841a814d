"""`tessera org` and `tessera client`: who is in the network, and with which credentials."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeAlias
from uuid import UUID

import typer

from app.cli.running import opened, run
from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.secrets import ClientCredentials
from app.domain.acting import OPERATOR
from app.domain.audit import CLI, By
from app.domain.errors import Fault, InvalidInputError
from app.services.disable_client import disable_client
from app.services.enrol_organisation import Enrolment, enrol_organisation
from app.services.issue_client import ClientRequest, issue_client
from app.services.rotate_client_secret import rotate_client_secret
from app.storage.session import WriteConnection, writing

org = typer.Typer(help="Organisations of the network.", no_args_is_help=True)
client = typer.Typer(help="Clients of an organisation and their secrets.", no_args_is_help=True)

Answer: TypeAlias = dict[str, object]
Work: TypeAlias = Callable[[WriteConnection, Keyring], Awaitable[Answer]]

ClientId = Annotated[str, typer.Option("--client", help="client_id of the client")]


@org.command("add")
def add_organisation(
    name: Annotated[str, typer.Option(help="name of the organisation")],
    kind: Annotated[str, typer.Option(help="its kind, for example ngo or law_enforcement")],
    country: Annotated[str, typer.Option(help="two letters, ISO 3166-1")],
    *,
    agency: Annotated[
        bool, typer.Option("--agency", help="a labour inspection that may read leads")
    ] = False,
    ref: Annotated[str | None, typer.Option(help="the name that imports know it by")] = None,
) -> None:
    """Enrol an organisation; prints it as JSON."""

    async def work(connection: WriteConnection, _: Keyring) -> Answer:
        added = await enrol_organisation(
            connection,
            Enrolment(name, kind, country, agency, ref),
            organisation_id=new_id(),
            by=By(CLI, datetime.now(UTC)),
        )
        return {
            "id": str(added.id),
            "name": added.name,
            "kind": added.kind.value,
            "country": added.country,
            "agency": added.agency,
            "ref": added.ref,
        }

    _run(work)


@client.command("add")
def add_client(
    organisation: Annotated[str, typer.Option("--org", help="id of the organisation")],
    scope: Annotated[list[str], typer.Option("--scope", help="may be given several times")],
    *,
    no_identity: Annotated[
        bool, typer.Option("--no-identity", help="may send tokens, no personal values")
    ] = False,
) -> None:
    """Register a client; prints its client_id and client_secret, once, as JSON."""

    async def work(connection: WriteConnection, keyring: Keyring) -> Answer:
        request = ClientRequest(_organisation_id(organisation), scope, no_identity)
        issued = await issue_client(
            connection,
            request,
            keyring=keyring,
            secret_id=new_id(),
            by=By(CLI, datetime.now(UTC)),
        )
        return _shown(issued) | {"scopes": sorted(set(scope)), "no_identity": no_identity}

    _run(work)


@client.command("rotate-secret")
def rotate_secret(
    client_id: ClientId,
    overlap: Annotated[
        float, typer.Option(help="hours for which earlier secrets stay valid, 0 to 720")
    ] = 24,
) -> None:
    """Give a client a new secret; prints it, once, as JSON."""

    async def work(connection: WriteConnection, keyring: Keyring) -> Answer:
        issued = await rotate_client_secret(
            connection,
            _client_id(client_id),
            overlap=_hours(overlap),
            keyring=keyring,
            secret_id=new_id(),
            by=By(CLI, datetime.now(UTC)),
        )
        return _shown(issued)

    _run(work)


@client.command("disable")
def disable(client_id: ClientId) -> None:
    """Refuse a client new tokens, for good; those it has end within the hour."""

    async def work(connection: WriteConnection, _: Keyring) -> Answer:
        now = datetime.now(UTC)
        await disable_client(connection, _client_id(client_id), by=By(CLI, now))
        return {"client_id": client_id, "disabled_at": now.isoformat(timespec="seconds")}

    _run(work)


def _run(work: Work) -> None:
    """Do the work in one transaction and print its answer."""
    print(json.dumps(run(_in_transaction(work)), ensure_ascii=False))


async def _in_transaction(work: Work) -> Answer:
    async with (
        opened() as installation,
        writing(installation.database.engine, OPERATOR) as connection,
    ):
        return await work(connection, installation.keyring)


def _shown(issued: ClientCredentials) -> Answer:
    return {"client_id": issued.client_id, "client_secret": issued.client_secret}


def _organisation_id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise InvalidInputError(faults=(Fault("/org", "the id of an organisation"),)) from None


def _client_id(given: str) -> str:
    """Visible ASCII, as every client_id is: other text may be none that a database takes."""
    if not (given.isascii() and given.isprintable()):
        raise InvalidInputError(faults=(Fault("/client", "a client_id"),))
    return given


def _hours(given: float) -> timedelta:
    try:
        return timedelta(hours=given)
    except (OverflowError, ValueError):  # infinity, not a number
        raise InvalidInputError(faults=(Fault("/overlap", "a number of hours"),)) from None
