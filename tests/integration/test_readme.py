"""README works as typed: its lines are run in order, in one shell, against the real service."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECONDS = 180

pytestmark = pytest.mark.skipif(
    shutil.which("curl") is None or shutil.which("bash") is None,
    reason="curl and bash are not here",
)


@dataclass(frozen=True, slots=True)
class Session:
    """What came of the shell: its exit code, the JSON answers in order, and what it complained of."""

    code: int
    answers: list[dict]
    complaints: str


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("readme")
    script = folder / "readme.sh"
    script.write_text(
        "".join(_BLOCK.findall(README.read_text())).replace("8000", str(_free_port()))
    )
    out, err = folder / "out", folder / "err"
    with out.open("w") as stdout, err.open("w") as stderr:
        shell = subprocess.Popen(
            ["bash", "-e", "-o", "pipefail", script], cwd=folder, env=_environment(folder),
            stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True,
        )  # fmt: skip
        try:
            code = shell.wait(_SECONDS)
        finally:
            _end_all(shell)
    log = folder / "var/service.log"
    complaints = err.read_text() + (log.read_text() if log.exists() else "")
    return Session(code, list(_objects(out.read_text())), complaints)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(folder: Path) -> dict[str, str]:
    """That of a fresh checkout; `uv run` stands for the environment that the tests run in."""
    programs = folder / "bin"
    programs.mkdir()
    (programs / "uv").write_text('#!/bin/sh\nshift\nexec "$@"\n')
    (programs / "uv").chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TESSERA_")}
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), kept["PATH"]])
    return kept | {"PATH": path, "TESSERA_HOME": str(folder / "home")}


def _end_all(shell: subprocess.Popen) -> None:
    """End what the shell left running, the service first of all, and wait until it is gone."""
    until = time.monotonic() + 40
    with suppress(ProcessLookupError):
        os.killpg(shell.pid, signal.SIGTERM)
        while time.monotonic() < until:
            shell.poll()
            os.killpg(shell.pid, 0)
            time.sleep(0.1)
        os.killpg(shell.pid, signal.SIGKILL)


def _objects(text: str) -> Iterator[dict]:
    decoder, place = json.JSONDecoder(), 0
    while (place := text.find("{", place)) >= 0:
        found, place = decoder.raw_decode(text, place)
        yield found


def test_the_lines_of_the_readme_work_as_typed(session: Session):
    assert session.code == 0, session.complaints


def test_the_refused_line_of_the_batch_holds_up_no_other(session: Session):
    lines = [answer for answer in session.answers if "line" in answer]

    assert [line["status"] for line in lines] == [201, 201, 422], session.complaints


def test_the_links_shown_add_up(session: Session):
    links = [
        link for answer in session.answers if "threshold" in answer for link in answer["items"]
    ]

    assert links, session.complaints
    for link in links:
        assert link["match_weight"] == sum(part["match_weight"] for part in link["parts"])


def test_the_last_feedback_tells_what_was_recorded(session: Session):
    recorded = [answer for answer in session.answers if "lead_id" in answer][-1]
    told = session.answers[-1]["items"]

    assert [event["status"] for event in told] == [recorded["status"]]


def test_every_contributing_organisation_was_told(session: Session):
    feeds = [answer["items"] for answer in session.answers[-2:]]

    assert [[event["external_ref"] for event in feed] for feed in feeds] == [
        ["HC-91"],
        ["HL-2026-0417"],
    ]
