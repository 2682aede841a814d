"""What all tests share: one PostgreSQL, fresh databases of it, and the service around them."""

import pytest
import structlog
from hypothesis import settings

from tests.support import postgres
from tests.support.network import Network
from tests.support.service import serving_here

# How long an example takes is the business of the machine, and of `bench`.
settings.register_profile("tessera", deadline=None)
settings.load_profile("tessera")


@pytest.fixture(scope="session", autouse=True)
def quiet():
    """What the service in a thread of ours would log goes nowhere; a test may configure it anew."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())


@pytest.fixture(scope="session")
def postgres_server():
    """The server on which all tests make their databases."""
    with postgres.server() as server:
        yield server


@pytest.fixture(scope="module")
def module_database(postgres_server):
    """The address of a migrated database that the tests of one file share."""
    dsn = postgres_server.database()
    yield dsn
    postgres_server.drop(dsn)


@pytest.fixture
def fresh_database(postgres_server):
    """The address of a migrated database without rows, for one test."""
    dsn = postgres_server.database()
    yield dsn
    postgres_server.drop(dsn)


@pytest.fixture
def empty_database(postgres_server):
    """The address of a database without any schema, for one test."""
    dsn = postgres_server.empty_database()
    yield dsn
    postgres_server.drop(dsn)


@pytest.fixture(scope="module")
def network(module_database):
    """The service on the database of this file, with an organisation beside that has its own rows."""
    with serving_here(module_database) as url:
        network = Network(module_database, url)
        network.add_noise()
        yield network
        network.close()
