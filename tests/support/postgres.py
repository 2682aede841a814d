"""The PostgreSQL of the tests: one server a session, a migrated template, and clones of it."""

import os
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from app.storage import migrating
from app.storage.database import connect
from app.storage.embedded import SERVICE_ROLE, in_database, running
from app.storage.granting import grant_service
from tests.support.apart import run_apart

OWN_SERVER = os.environ.pop("TESSERA_TEST_DATABASE_URL", None)
"""Address of a database whose role may create others; None: an embedded server is started.
Taken out of the environment, for the product refuses settings that it does not know.
"""


class Server:
    """A server on which the tests make and drop databases. `dsn` names any database of it, with
    the role that owns them; `service`: name and password of another, with which they are used.
    """

    def __init__(self, dsn: str, service: str | None = None) -> None:
        self._dsn = dsn
        self._service = service or _login_of(dsn)
        self._template: str | None = None
        _OWNERS[self._service] = _login_of(dsn)

    def empty_database(self) -> str:
        """The address of a new database with nothing in it."""
        name = f"tessera_test_{uuid.uuid4().hex}"
        self._admin(f'CREATE DATABASE "{name}"')
        return in_database(self._dsn, name)

    def database(self) -> str:
        """The address of a new database with the present schema and no rows, for the service."""
        if self._template is None:
            template = self.empty_database()
            run_apart(migrate(template))
            run_apart(grant(template, self._service.partition(":")[0]))
            self._template = name_of(template)
        name = f"tessera_test_{uuid.uuid4().hex}"
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        return with_login(in_database(self._dsn, name), self._service)

    def drop(self, dsn: str) -> None:
        """Remove a database, whoever is still connected."""
        self._drop(name_of(dsn))

    def drop_template(self) -> None:
        """Remove the template too."""
        if self._template is not None:
            self._drop(self._template)

    def _drop(self, name: str) -> None:
        """Drop a database. An autovacuum worker in it may not be ended by FORCE; a plain DROP
        sends it away itself, and fails while anybody else is there.
        """
        for force in (" WITH (FORCE)", "") * 20:
            try:
                self._admin(f'DROP DATABASE IF EXISTS "{name}"{force}')
            except (asyncpg.InsufficientPrivilegeError, asyncpg.ObjectInUseError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"{name} is still in use")

    def _admin(self, statement: str) -> None:
        run_apart(_execute(in_database(self._dsn, "postgres"), statement))


@contextmanager
def server() -> Iterator[Server]:
    """The server of this session: that of the environment, or an embedded one that goes after."""
    if OWN_SERVER is not None:
        with _own_service() as service:
            own = Server(OWN_SERVER, service)
            yield own
            own.drop_template()
        return
    with tempfile.TemporaryDirectory(prefix="tessera-tests-") as folder:
        Path(folder).chmod(0o755)
        with running(Path(folder, "var")) as dsn:
            yield Server(dsn, SERVICE_ROLE)


@contextmanager
def _own_service() -> Iterator[str | None]:
    """A role for the service where that of the environment is a superuser, whom row-level security
    does not hold; else it serves for both, as the policies hold an owner too.
    """
    if not ask_one(OWN_SERVER, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        yield None
        return
    name, password = f"tessera_test_{uuid.uuid4().hex}", uuid.uuid4().hex
    ask(OWN_SERVER, f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
    yield f"{name}:{password}"
    ask(OWN_SERVER, f"DROP ROLE {name}")


_OWNERS: dict[str, str] = {}
"""Of each role that a service is given, with its password if it has one: the owner likewise."""


def _login_of(dsn: str) -> str:
    return dsn.partition("//")[2].partition("@")[0]


def with_login(dsn: str, login: str) -> str:
    """The same address for another role, given as name or name:password."""
    return dsn.replace(f"//{_login_of(dsn)}@", f"//{login}@", 1)


def owner_of(dsn: str) -> str:
    """The address of the same database for the owner of its tables."""
    login = _login_of(dsn)
    return with_login(dsn, _OWNERS.get(login, login))


def name_of(dsn: str) -> str:
    """The name of the database that an address names."""
    return dsn.partition("?")[0].rpartition("/")[2]


async def migrate(dsn: str, revision: str = "head") -> None:
    """Bring a database up to a revision."""
    database = connect(dsn, connections=2)
    try:
        await migrating.upgrade(database.engine, revision=revision)
    finally:
        await database.engine.dispose()


async def grant(dsn: str, role: str) -> None:
    """Give a role the rights of the service."""
    database = connect(dsn, connections=2)
    try:
        await grant_service(database.engine, role)
    finally:
        await database.engine.dispose()


def ask(dsn: str, statement: str, *arguments):
    """The rows that a statement gives, asked as the owner, from whom nothing is hidden."""
    return run_apart(_fetch(dsn, statement, *arguments))


def ask_one(dsn: str, statement: str, *arguments):
    """The one value that a statement gives."""
    rows = ask(dsn, statement, *arguments)
    assert len(rows) == 1, statement
    return rows[0][0]


async def _fetch(dsn, statement, *arguments):
    sight = {"tessera.part": "operator"}
    connection = await asyncpg.connect(owner_of(dsn), server_settings=sight)
    try:
        return await connection.fetch(statement, *arguments)
    finally:
        await connection.close()


async def _execute(dsn, statement):
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
