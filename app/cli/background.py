"""The background work of `serve`: a process of its own beside those that answer.

So linking never holds up an answer, and a machine with two cores uses both. The process ends with
its parent, however that ends: it holds the end of a pipe that closes then.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

_LOG = structlog.get_logger()
_AGAIN_SECONDS = 1.0
_LATEST_AGAIN_SECONDS = 30.0
_LOOK_SECONDS = 0.1
_GRACE_SECONDS = 30.0


@contextmanager
def background_work() -> Iterator[None]:
    """Do the work of `tessera worker` while the block runs; one that fails is started again."""
    ending = threading.Event()
    keeper = threading.Thread(target=_keep, args=(ending,), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join(_GRACE_SECONDS)


def _keep(ending: threading.Event) -> None:
    """Start the work again whenever it ends: soon, but ever later where it ends at once, so that
    what cannot work does not take the processor from what can.
    """
    pause = _AGAIN_SECONDS
    while not ending.is_set():
        worker = subprocess.Popen(
            [sys.executable, "-m", "app.cli.working"],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the parent, which ends this one in order
        )
        started = time.monotonic()
        while worker.poll() is None and not ending.wait(_LOOK_SECONDS):
            pass
        if ending.is_set():
            worker.terminate()
            worker.wait(_GRACE_SECONDS)
            return
        _LOG.error("worker_failed", status=worker.returncode)
        has_worked = time.monotonic() - started > _LATEST_AGAIN_SECONDS
        pause = _AGAIN_SECONDS if has_worked else min(2 * pause, _LATEST_AGAIN_SECONDS)
        ending.wait(pause)
