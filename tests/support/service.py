"""The real service over real HTTP: in a thread of this process, or as a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import uvicorn

from app.main import create_app
from app.settings import Settings

ROOT_KEY = "a root key for tests only, long enough to be taken"
ROOT = Path(__file__).parents[2]


def settings_for(dsn: str, **more) -> Settings:
    """Settings of a service on that database, whatever the environment says."""
    return Settings(_env_file=None, database_url=dsn, secret_key=ROOT_KEY, **more)


@contextmanager
def serving_here(dsn: str, **more) -> Iterator[str]:
    """Serve in a thread while the block runs; the address of the service."""
    app = create_app(settings_for(dsn, **more), dsn)
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    # Signals belong to the main thread, and so to pytest.
    server.capture_signals = _no_signals
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "the service did not start"
        assert time.monotonic() < until, "the service does not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive(), "the service does not stop"


@contextmanager
def _no_signals():
    yield


class ServiceProcess:
    """`tessera serve` as a process of its own, with what it writes to stderr in a file."""

    def __init__(self, dsn: str, folder: Path, *, log_level: str = "info", **settings) -> None:
        self._dsn = dsn
        self._folder = folder
        self._settings = {"LOG_LEVEL": log_level, **settings}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"service-{self.port}.log"
        self.process: subprocess.Popen | None = None

    def start(self, *, wait: bool = True) -> None:
        """Start it, and wait until it is ready."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TESSERA_")}
        environment = kept | {f"TESSERA_{k}": str(v) for k, v in self._settings.items()}
        environment |= {"TESSERA_DATABASE_URL": self._dsn, "TESSERA_SECRET_KEY": ROOT_KEY}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app",
                 "serve", "--port", str(self.port)],
                cwd=self._folder, env=environment | {"PYTHONPATH": str(ROOT)},
                stdout=log, stderr=log,
            )  # fmt: skip
        if wait:
            try:
                self.wait_for("/readyz", 200)
            except BaseException:
                self.stop()  # nobody would: what was to stop it has not begun yet
                raise

    def wait_for(self, path: str, status: int, *, seconds: float = 30) -> None:
        """Wait until a path answers with a status."""
        until = time.monotonic() + seconds
        while True:
            assert self.process.poll() is None, self.log.read_text()
            try:
                answer = httpx2.get(self.url + path, timeout=5)
            except httpx2.TransportError:
                answer = None
            if answer is not None and answer.status_code == status:
                return
            assert time.monotonic() < until, f"{path} does not answer {status}"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it the hard way."""
        self.process.kill()
        self.process.wait()

    def terminate(self) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)

    def memory(self) -> int:
        """Bytes of memory that it holds at the moment."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024

    def stop(self) -> None:
        """See that it is gone."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
