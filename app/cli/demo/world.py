"""The place of a demo: a home of its own beside the user's data, and the service running in it."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

from app.settings import PREFIX, Settings
from app.storage import embedded

HOST = "127.0.0.1"
_MARK = "made-by-tessera-demo"
_MOST_DEMOS = 9
_START_SECONDS = 60
_STOP_SECONDS = 40
_TOKEN_SECONDS = 3600


class DemoError(Exception):
    """The demo cannot go on; the message says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """A fresh home. `lock` is held by the demo and by its service, as long as one of them lives."""

    home: Path
    lock: int

    def settings(self, *, port: int) -> Settings:
        """The settings of the demo: whatever the environment says, its own database and key."""
        return Settings(
            _env_file=None, database_url=None, secret_key=None, home=self.home, issuer=url_of(port)
        )


def url_of(port: int) -> str:
    """Where the service of the demo is found."""
    return f"http://{HOST}:{port}"


@contextmanager
def fresh_place(base: Path) -> Iterator[Place]:
    """A home under `base` for one demo, with nothing in it of an earlier one. A second demo at
    the same time gets another. Raises DemoError.
    """
    base = base.resolve()
    base.mkdir(parents=True, exist_ok=True, mode=0o700 if os.geteuid() else 0o711)
    for number in range(1, _MOST_DEMOS + 1):
        name = "demo" if number == 1 else f"demo-{number}"
        lock = os.open(base / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            if _is_taken(lock):
                continue
            _clear(base / name)
            yield Place(base / name, lock)
            return
        finally:
            os.close(lock)
    raise DemoError(f"{_MOST_DEMOS} demos run already under {base}")


def _is_taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _clear(home: Path) -> None:
    """Remove what an earlier demo left, and nothing else."""
    if home.exists() and any(home.iterdir()):
        if not (home / _MARK).exists():
            raise DemoError(f"{home} is not of a demo: move it away or set TESSERA_HOME")
        if (home / "postgres" / "postmaster.pid").exists():
            with suppress(embedded.EmbeddedPostgresError), embedded.running(home):
                pass  # a server that outlived its demo is stopped by its last user
        shutil.rmtree(home)
    home.mkdir(exist_ok=True, mode=0o700 if os.geteuid() else 0o711)
    (home / _MARK).touch()


def free_port(wanted: int) -> int:
    """The wanted port, or another if that is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return int(probe.getsockname()[1])
    raise DemoError("no free port")


class Service:
    """`tessera serve` in a process of its own."""

    def __init__(self, place: Place, port: int) -> None:
        """Start it; it makes its database by itself."""
        self.url = url_of(port)
        self._log = place.home / "service.log"
        others = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
        own = {
            f"{PREFIX}HOME": str(place.home),
            f"{PREFIX}ISSUER": self.url,
            f"{PREFIX}TOKEN_LIFETIME_SECONDS": str(_TOKEN_SECONDS),
        }
        code = f"from {__name__} import serve_beside; serve_beside({port})"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-c", code],
                env=others | own,
                cwd=place.home,  # where no .env speaks of another database
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.PIPE,  # closed when the demo ends, however it does
                start_new_session=True,  # Ctrl-C is for the demo, which then stops the service
                pass_fds=(place.lock,),
            )

    def wait_until_ready(self, client: httpx2.Client) -> None:
        """Wait until it answers. Raises DemoError where it ends or takes too long."""
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise DemoError(f"the service ended: {self._last_words()}")
            with suppress(httpx2.HTTPError):
                if client.get("/readyz").is_success:
                    return
            time.sleep(0.05)
        raise DemoError(f"the service did not start within {_START_SECONDS} s, see {self._log}")

    def wait_for_end(self) -> None:
        """Wait as long as it runs. Raises DemoError: it does not end by itself."""
        self._process.wait()
        raise DemoError(f"the service ended: {self._last_words()}")

    def stop(self) -> None:
        """Let it finish what it is at, and end it."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        finally:
            if self._process.stdin is not None:
                self._process.stdin.close()

    def _last_words(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


def serve_beside(port: int) -> None:
    """Serve in this process, and end it in good order when stdin is closed: a demo that is killed
    leaves no service behind.
    """
    from app.cli.service import serve

    def end_with_the_demo() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end_with_the_demo, daemon=True).start()
    serve(HOST, port, workers=1, migrate=None)


@contextmanager
def running_service(place: Place, port: int) -> Iterator[Service]:
    """The service while the block runs."""
    service = Service(place, port)
    try:
        yield service
    finally:
        # A second Ctrl-C must not leave the service behind.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        service.stop()
        signal.signal(signal.SIGINT, before)
