"""`tessera serve` and the linking process beside it: they end together, however they end, and
a linking process that dies alone is followed by another.
"""

import os
import signal
import time
from pathlib import Path

import httpx2
import pytest

from tests.support.processes import children_of, lives
from tests.support.service import free_port

LINKING = b"app.cli.working"
SECONDS = 60


def until(true, what, *, seconds=SECONDS):
    """Wait until a question is answered with yes; the answer."""
    end = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < end, what
        time.sleep(0.05)
    return answer


def linking_process(parent):
    """The number of the linking process that a process started; 0 if there is none."""
    for child in children_of(parent):
        if LINKING in Path("/proc", str(child), "cmdline").read_bytes().split(b"\0"):
            return child
    return 0


def postmaster(home):
    """The number of the database's process; 0 when none runs."""
    record = home / "postgres/postmaster.pid"
    number = int(record.read_text().split()[0]) if record.exists() else 0
    return number if number and lives(number) else 0


def is_ready(url):
    try:
        return httpx2.get(f"{url}/readyz", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.fixture
def serve(quiet_home):
    """Serve in a home of its own; gives the process, that of linking and that of the database."""
    port = free_port()
    process = quiet_home.start("serve", "--port", port)
    until(lambda: is_ready(f"http://127.0.0.1:{port}"), "it does not serve")
    linking = until(lambda: linking_process(process.pid), "nothing links")
    yield process, linking, postmaster(quiet_home.home)
    left = {linking, linking_process(process.pid), postmaster(quiet_home.home)}
    process.kill()
    for each in left:
        if each and lives(each):
            os.kill(each, signal.SIGTERM)
    process.communicate()  # reads until the last of them has ended


def test_the_linking_process_ends_and_the_database_is_stopped_when_serve_is_killed(serve):
    process, linking, database = serve
    assert lives(linking)
    assert lives(database)

    process.kill()
    process.wait()

    until(lambda: not lives(linking), "the linking process outlives its parent")
    until(lambda: not lives(database), "the database outlives its last user")


def test_a_linking_process_that_is_killed_is_followed_by_another_which_ends_in_order_with_serve(
    serve,
):
    process, linking, database = serve

    os.kill(linking, signal.SIGKILL)
    follower = until(
        lambda: (child := linking_process(process.pid)) != linking and child, "nobody took over"
    )
    assert lives(database)
    process.terminate()
    _, log = process.communicate(timeout=SECONDS)

    assert process.returncode == 0
    assert not lives(follower)
    assert not lives(database)
    assert log.count("worker_failed") == 1
    assert "Traceback" not in log
