"""A network of organisations around a running service, enrolled through the use cases."""

import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import httpx2

from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.secrets import ClientCredentials
from app.domain.access import OrganisationKind, allowed_scopes
from app.domain.acting import OPERATOR
from app.domain.audit import CLI, By
from app.services.enrol_organisation import Enrolment, enrol_organisation
from app.services.issue_client import ClientRequest, issue_client
from app.storage.database import connect
from app.storage.session import writing
from tests.support.apart import run_apart
from tests.support.postgres import ask, ask_one
from tests.support.reports import report
from tests.support.service import ROOT_KEY

TOKEN_FORM = {"grant_type": "client_credentials"}


def by_cli() -> By:
    """By the command line, now."""
    return By(CLI, datetime.now(UTC))


@dataclass(slots=True)
class Caller:
    """A client of one organisation with a token, ready to send requests."""

    organisation_id: UUID
    credentials: ClientCredentials
    token: str
    http: httpx2.Client

    def send(self, body: dict, **headers) -> dict:
        """Send a report and have it linked; the answer's body."""
        answer = self.http.post("/v1/reports", json=body, headers={"Prefer": "wait=20", **headers})
        assert answer.status_code == 201, answer.text
        assert answer.headers["tessera-linked"] == "true"
        return answer.json()


class Network:
    """Enrols organisations in the database of a service and gives callers of it."""

    def __init__(self, dsn: str, url: str) -> None:
        self.dsn = dsn
        self.url = url
        self.keyring = Keyring(ROOT_KEY.encode())
        self._open: list[httpx2.Client] = []

    def organisation(self, kind: str = "ngo", country: str = "SK", *, agency: bool = False) -> UUID:
        """Enrol an organisation; its id."""

        async def work(connection):
            enrolment = Enrolment(f"Invented {kind} {uuid.uuid4().hex[:6]}", kind, country, agency)
            return (
                await enrol_organisation(
                    connection, enrolment, organisation_id=new_id(), by=by_cli()
                )
            ).id

        return self.write(work)

    def client(
        self, organisation_id: UUID, *scopes: str, no_identity: bool = False
    ) -> ClientCredentials:
        """Register a client of an organisation."""

        async def work(connection):
            request = ClientRequest(organisation_id, scopes, no_identity)
            return await issue_client(
                connection, request, keyring=self.keyring, secret_id=new_id(), by=by_cli()
            )

        return self.write(work)

    def token(self, credentials: ClientCredentials, scope: str | None = None) -> str:
        """An access token, got over HTTP as a client gets it."""
        form = TOKEN_FORM if scope is None else {**TOKEN_FORM, "scope": scope}
        login = (credentials.client_id, credentials.client_secret)
        answer = httpx2.post(f"{self.url}/v1/oauth/token", data=form, auth=login, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    def caller(
        self,
        kind: str = "ngo",
        *scopes: str,
        country: str = "SK",
        organisation_id: UUID | None = None,
        no_identity: bool = False,
    ) -> Caller:
        """A caller of an organisation, a new one unless named; all scopes of its kind if none."""
        own = organisation_id or self.organisation(kind, country)
        all_of_kind = allowed_scopes(
            OrganisationKind(kind), agency=kind in ("law_enforcement", "prosecution")
        )
        wanted = scopes or tuple(scope.value for scope in all_of_kind)
        credentials = self.client(own, *wanted, no_identity=no_identity)
        token = self.token(credentials)
        return Caller(own, credentials, token, self.http(token))

    def http(self, token: str | None = None) -> httpx2.Client:
        """An HTTP client of the service, with a token if one is given."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        client = httpx2.Client(base_url=self.url, headers=headers, timeout=60)
        self._open.append(client)
        return client

    def wait_until_linked(self, *, seconds: float = 30) -> None:
        """Wait until the queue is empty."""
        until = time.monotonic() + seconds
        while ask_one(self.dsn, "SELECT count(*) FROM link_queue"):
            assert time.monotonic() < until, "reports are not linked"
            time.sleep(0.05)

    def add_noise(self) -> Caller:
        """An organisation with rows of its own, which no test may ever see in an answer."""
        noise = self.caller("ngo", country="GR")
        for number in range(3):
            body = report(
                f"NOISE-{number}",
                place={"country": "GR", "nuts": "EL301"},
                attributes=[{"kind": "phone", "value": "+30 210 000 0199", "role": "facilitator"}],
            )
            noise.send(body)
        return noise

    def rows(self, statement: str, *arguments):
        """Rows straight from the database."""
        return ask(self.dsn, statement, *arguments)

    def one(self, statement: str, *arguments):
        """One value straight from the database."""
        return ask_one(self.dsn, statement, *arguments)

    @contextmanager
    def watched_log(self):
        """A list that holds, once the block has ended, what clients did meanwhile according to the
        access log, oldest first.
        """
        logged: list = []
        before = {row["id"] for row in self.rows("SELECT id FROM audit_entry")}
        yield logged
        statement = "SELECT * FROM audit_entry WHERE actor = 'client' ORDER BY id"
        logged += [row for row in self.rows(statement) if row["id"] not in before]

    def close(self) -> None:
        """Close every HTTP client."""
        for client in self._open:
            client.close()

    def write(self, work):
        """The result of `work`, given a connection, in a transaction that is committed."""

        async def write():
            database = connect(self.dsn, connections=2, audit_key=self.keyring.audit)
            try:
                async with writing(database.engine, OPERATOR) as connection:
                    return await work(connection)
            finally:
                await database.engine.dispose()

        return run_apart(write())
