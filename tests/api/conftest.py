"""Callers that the tests of the API share."""

import os
import subprocess
import sys
import uuid

import pytest

from tests.support.service import ROOT, ROOT_KEY


@pytest.fixture(scope="module")
def reporter(network):
    """An organisation that reports."""
    return network.caller("ngo")


@pytest.fixture(scope="module")
def other_reporter(network):
    """Another one, of another sector and country."""
    return network.caller("trade_union", country="AT")


@pytest.fixture(scope="module")
def agency(network):
    """An agency that reads leads."""
    return network.caller("law_enforcement")


@pytest.fixture(scope="module")
def lead_of(network):
    """The lead that a report is in at the moment."""

    def lead_of(body):
        statement = "SELECT lead_id FROM lead_membership WHERE report_id = $1"
        return str(network.one(statement, uuid.UUID(body["id"])))

    return lead_of


@pytest.fixture(scope="module")
def relink(network, tmp_path_factory):
    """Link everything anew, by the command."""

    def relink():
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TESSERA_")}
        ours = {
            "TESSERA_DATABASE_URL": network.dsn,
            "TESSERA_SECRET_KEY": ROOT_KEY,
            "PYTHONPATH": str(ROOT),
        }
        done = subprocess.run(
            [sys.executable, "-m", "app", "relink"],
            cwd=tmp_path_factory.mktemp("relink"),
            env=kept | ours, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    return relink
