"""A Tessera of its own for a measurement: embedded PostgreSQL, the real service, a client."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its port, a token for reporting, its environment and process."""

    port: int
    token: str
    environment: dict[str, str]
    pid: int

    def command(self, *words: str) -> str:
        """What a `tessera` command prints."""
        return tessera(self.environment, *words)

    def agency_token(self) -> str:
        """A token for reading leads, of a police organisation enrolled for this."""
        return _token(self.environment, self.port, "law_enforcement", "leads:read")

    def wait_until_linked(self) -> None:
        """Return when nothing waits to be linked."""
        state = json.loads(self.command("status", "--wait", "3000"))
        if state["pending"]:
            raise RuntimeError("the queue did not drain")


def tessera(environment: dict[str, str], *words: str) -> str:
    """Run a command and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *words],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


@contextmanager
def service(home: Path) -> Iterator[Service]:
    """A service on the database under `home`, a new one if there is none. Tokens last an hour."""
    environment = os.environ | {
        "TESSERA_HOME": str(home),
        "TESSERA_TOKEN_LIFETIME_SECONDS": "3600",
    }
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--port", str(port)],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        token = _token(environment, port, "ngo", "reports:write", "reports:read")
        yield Service(port, token, environment, process.pid)
    finally:
        process.terminate()
        process.wait()


def _token(environment: dict[str, str], port: int, kind: str, *scopes: str) -> str:
    organisation = json.loads(
        tessera(environment, "org", "add", "--name", "Bench", "--kind", kind, "--country", "SK")
    )
    words = [word for scope in scopes for word in ("--scope", scope)]
    client = json.loads(tessera(environment, "client", "add", "--org", organisation["id"], *words))
    credentials = b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/oauth/token",
        data=b"grant_type=client_credentials",
        headers={"Authorization": f"Basic {credentials}"},
    )
    with urllib.request.urlopen(request) as answer:
        return str(json.load(answer)["access_token"])


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, seconds: float = 60) -> None:
    """Return when `url` answers well."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the service did not start")
