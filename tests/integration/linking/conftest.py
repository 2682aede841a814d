"""The database that the tests of linking share, and a network on it."""

import subprocess
import sys

import pytest

from app.storage.database import connect
from app.storage.embedded import EmbeddedPostgres
from tests.integration.linking.corpus import Corpus
from tests.integration.linking.killable_server import KillableServer
from tests.integration.linking.prepared import KEYRING
from tests.support.postgres import migrate


@pytest.fixture(scope="module")
async def database(module_database):
    """An open database, shared by the tests of one file."""
    database = connect(module_database, connections=20, audit_key=KEYRING.audit)
    yield database
    await database.engine.dispose()


@pytest.fixture(scope="module")
async def shared_corpus(database):
    """A network on it."""
    corpus = Corpus(database)
    await corpus.enrol()
    return corpus


@pytest.fixture
async def corpus(shared_corpus):
    """The same, empty."""
    await shared_corpus.clear()
    return shared_corpus


@pytest.fixture
async def under(shared_corpus):
    """The network, empty, under a model of the test's choice."""
    usual = shared_corpus.model

    async def empty(model):
        shared_corpus.model = model
        await shared_corpus.clear()
        return shared_corpus

    yield empty
    shared_corpus.model = usual


@pytest.fixture
def start_linker(module_database):
    """Start linkers in processes of their own; they are killed in the end."""
    started = []

    def start(mode="work"):
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.integration.linking.linker_process",
                module_database,
                mode,
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
async def killable_server(tmp_path_factory):
    """A migrated server that only the tests of one file use, and may kill."""
    home = tmp_path_factory.mktemp("killable") / "var"
    with EmbeddedPostgres(home) as server:
        killable = KillableServer(server, home)
        await migrate(killable.dsn)
        yield killable
