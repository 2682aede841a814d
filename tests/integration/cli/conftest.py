"""The real command, each file of tests with a home of its own. Where signals, two at once or a
fresh start matter it runs in a process of its own, else in this one, which is quicker.
"""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app

# Where the tests run in the background SIGINT is ignored, and children inherit that.
_MAIN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from app.cli.main import app
app()
"""


class Tessera:
    """Runs the command in one home, whatever settings the surroundings have."""

    def __init__(self, home: Path):
        self.home = home
        others = {k: v for k, v in os.environ.items() if not k.startswith("TESSERA_")}
        self._environment = others | {"TESSERA_HOME": str(home), "COLUMNS": "100"}

    def start(self, *arguments, **settings):
        return subprocess.Popen(
            [sys.executable, "-c", _MAIN, *map(str, arguments)],
            env=self._environment | settings,
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments, code=0):
        outside = dict.fromkeys(name for name in os.environ if name.startswith("TESSERA_"))
        with contextlib.chdir(self.home):
            result = CliRunner().invoke(
                app, list(map(str, arguments)), env=outside | self._environment
            )
        assert result.exit_code == code, result.stderr or result.exception
        return result.stdout, result.stderr

    def json(self, *arguments, code=0):
        return json.loads(self.run(*arguments, code=code)[0])

    def organisation(self, name="Invented", kind="ngo"):
        return self.json("org", "add", "--name", name, "--kind", kind, "--country", "SK")["id"]


@pytest.fixture(scope="module")
def tessera(tmp_path_factory):
    """The command in a home where a worker links as long as the file of tests runs."""
    tessera = Tessera(tmp_path_factory.mktemp("home"))
    tessera.run("db", "upgrade")
    worker = tessera.start("worker")
    yield tessera
    worker.terminate()
    worker.communicate(timeout=60)


@pytest.fixture
def quiet_home(tmp_path):
    """The command in a home where nothing runs."""
    return Tessera(tmp_path)


@pytest.fixture
def write(tmp_path):
    """Write a scenario; gives its path."""

    def written(entries, name="reports.ndjson"):
        path = tmp_path / name
        path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
        return path

    return written
