"""Schemathesis against the running service: what the document says is what happens."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.reports import report

HERE = Path(__file__).parent


def test_the_service_keeps_to_its_document(network, tmp_path):
    # The one kind that may hold every scope of the routes of reports and of leads.
    caller = network.caller("prosecution")
    caller.send(report())
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            "--config-file", str(HERE / "schemathesis.toml"),
            "run", f"{network.url}/openapi.json",
            "--header", f"Authorization: Bearer {caller.token}",
            "--phases", "examples,coverage,fuzzing",
            "--max-examples", "5",
            "--exclude-name", "POST /v1/reports/batch",  # NDJSON is tested by hand
            "--generation-deterministic", "--no-shrink",
            "--continue-on-failure", "--no-color", "--warnings", "off",
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    if done.returncode != 0:
        found = done.stdout.partition("= FAILURES =")[2] or done.stdout
        pytest.fail(found[-6000:] + done.stderr[-2000:])
    selected, all_there_are = re.search(r"Selected: (\d+)/(\d+)", done.stdout).groups()
    assert int(selected) == int(all_there_are) - 1
