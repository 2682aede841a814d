"""`tessera org`, `client` and `person`: who is in the network, and with which credentials."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeAlias
from uuid import UUID

import typer

from app.cli.running import opened, run
from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.persons import person_id
from app.crypto.public_keys import UnreadablePublicKeyError, read_public_jwk
from app.crypto.secrets import ClientCredentials
from app.domain.acting import OPERATOR
from app.domain.audit import CLI, By
from app.domain.errors import Fault, InvalidInputError
from app.services.block_person import block_person
from app.services.disable_client import disable_client
from app.services.enrol_organisation import Enrolment, enrol_organisation
from app.services.issue_client import ClientRequest, issue_client
from app.services.issue_client_with_key import KeyedClientRequest, issue_client_with_key
from app.services.rotate_client import Rotation, rotate_client
from app.services.unblock_person import unblock_person
from app.storage.session import WriteConnection, writing

org = typer.Typer(help="Organisations of the network.", no_args_is_help=True)
client = typer.Typer(help="Clients of an organisation and their secrets.", no_args_is_help=True)
person = typer.Typer(help="People from outside issuers (analysts).", no_args_is_help=True)

Answer: TypeAlias = dict[str, object]
Work: TypeAlias = Callable[[WriteConnection, Keyring], Awaitable[Answer]]

ClientId = Annotated[str, typer.Option("--client", help="client_id of the client")]
PublicKey = Annotated[
    Path | None,
    typer.Option("--public-key", help="PEM or JWK: it signs (private_key_jwt), without a secret"),
]
Issuer = Annotated[str, typer.Option("--issuer", help="the issuer, as in the file of issuers")]
Subject = Annotated[str, typer.Option("--sub", help="what the issuer calls the person")]


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
            by=_by_cli(),
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
    public_key: PublicKey = None,
) -> None:
    """Register a client; prints its client_id and client_secret, once, as JSON."""
    own = {"scopes": sorted(set(scope)), "no_identity": no_identity}

    async def with_secret(connection: WriteConnection, keyring: Keyring) -> Answer:
        request = ClientRequest(_organisation_id(organisation), scope, no_identity)
        issued = await issue_client(
            connection, request, keyring=keyring, secret_id=new_id(), by=_by_cli()
        )
        return _shown(issued) | own

    async def with_key(connection: WriteConnection, _: Keyring) -> Answer:
        jwk = _public_jwk(public_key)
        request = KeyedClientRequest(_organisation_id(organisation), scope, jwk, no_identity)
        client_id = await issue_client_with_key(connection, request, key_id=new_id(), by=_by_cli())
        return {"client_id": client_id, "kid": jwk["kid"]} | own

    _run(with_key if public_key else with_secret)


@client.command("rotate")
def rotate(
    client_id: ClientId,
    overlap: Annotated[
        float,
        typer.Option(help="hours for which earlier ones stay valid, 0 to 720; 0: tokens end too"),
    ] = 24,
    public_key: PublicKey = None,
) -> None:
    """Give a client a new secret, printed once, or a new public key."""

    async def work(connection: WriteConnection, keyring: Keyring) -> Answer:
        jwk = _public_jwk(public_key) if public_key else None
        issued = await rotate_client(
            connection,
            Rotation(_client_id(client_id), _hours(overlap), jwk),
            keyring=keyring,
            new_id=new_id(),
            by=_by_cli(),
        )
        return _shown(issued) if issued else {"client_id": client_id, "kid": jwk and jwk["kid"]}

    _run(work)


@client.command("disable")
def disable(client_id: ClientId) -> None:
    """Refuse a client new tokens, for good, and at once those that it has."""

    async def work(connection: WriteConnection, _: Keyring) -> Answer:
        by = _by_cli()
        await disable_client(connection, _client_id(client_id), by=by)
        return {"client_id": client_id, "disabled_at": by.at.isoformat(timespec="seconds")}

    _run(work)


@person.command("show")
def show_person(issuer: Issuer, subject: Subject) -> None:
    """Print the opaque id under which a person stands in the access log."""

    async def work(_: WriteConnection, keyring: Keyring) -> Answer:
        return {"person": person_id(keyring, issuer, subject)}

    _run(work)


@person.command("block")
def block(issuer: Issuer, subject: Subject) -> None:
    """Refuse a person at once, whatever tokens its issuer gives it."""

    async def work(connection: WriteConnection, keyring: Keyring) -> Answer:
        known = person_id(keyring, issuer, subject)
        await block_person(connection, known, by=_by_cli())
        return {"person": known, "blocked": True}

    _run(work)


@person.command("unblock")
def unblock(issuer: Issuer, subject: Subject) -> None:
    """Let a person in again."""

    async def work(connection: WriteConnection, keyring: Keyring) -> Answer:
        known = person_id(keyring, issuer, subject)
        await unblock_person(connection, known, by=_by_cli())
        return {"person": known, "blocked": False}

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


def _by_cli() -> By:
    return By(CLI, datetime.now(UTC))


def _shown(issued: ClientCredentials) -> Answer:
    return {"client_id": issued.client_id, "client_secret": issued.client_secret}


def _public_jwk(file: Path | None) -> dict[str, str]:
    try:
        return read_public_jwk(file.read_bytes() if file else b"")
    except OSError:
        raise InvalidInputError(faults=(Fault("/public_key", "cannot be read"),)) from None
    except UnreadablePublicKeyError as error:
        raise InvalidInputError(faults=(Fault("/public_key", str(error)),)) from None


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
