"""The network of the demo: its organisations with their clients, and the stop-list, enrolled as
an operator would on the command line.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.cli.demo.sample import Sample
from app.cli.running import Opened, opened
from app.crypto.ids import new_id
from app.crypto.secrets import ClientCredentials
from app.domain.access import allowed_scopes
from app.domain.acting import OPERATOR
from app.domain.audit import CLI, By
from app.domain.stoplist import StopValue
from app.services.add_to_stoplist import add_to_stoplist
from app.services.enrol_organisation import Enrolment, enrol_organisation
from app.services.issue_client import ClientRequest, issue_client
from app.settings import Settings
from app.storage.session import WriteConnection, writing


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation of the network with its client."""

    ref: str
    name: str
    kind: str
    country: str
    credentials: ClientCredentials = field(repr=False)


@dataclass(frozen=True, slots=True)
class Network:
    """All members by their ref; how many values were stop-listed."""

    members: dict[str, Member]
    stop_listed: int


async def enrol_network(sample: Sample, settings: Settings) -> Network:
    """Enrol every organisation of the sample, each with a client of all that its kind may do,
    and stop-list the phones that organisations publish as their own.
    """
    async with (
        opened(settings=settings) as installation,
        writing(installation.database.engine, OPERATOR) as connection,
    ):
        members = {}
        listed = 0
        for ref, given in sample.organisations.items():
            members[ref] = await _enrol(connection, given, installation)
            for phone in given.get("phones", ()):
                listed += await add_to_stoplist(
                    connection,
                    StopValue("phone", phone, given["country"]),
                    keyring=installation.keyring,
                    by=By(CLI, datetime.now(UTC)),
                )
    return Network(members, listed)


async def _enrol(
    connection: WriteConnection, given: dict[str, Any], installation: Opened
) -> Member:
    enrolment = Enrolment(given["name"], given["kind"], given["country"], ref=given["ref"])
    by = By(CLI, datetime.now(UTC))
    enrolled = await enrol_organisation(connection, enrolment, organisation_id=new_id(), by=by)
    scopes = allowed_scopes(enrolled.kind, agency=enrolled.agency)
    credentials = await issue_client(
        connection,
        ClientRequest(enrolled.id, [scope.value for scope in scopes]),
        keyring=installation.keyring,
        secret_id=new_id(),
        by=by,
    )
    return Member(given["ref"], enrolled.name, enrolled.kind.value, enrolled.country, credentials)
