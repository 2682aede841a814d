"""Keeping the embedded PostgreSQL alive under a process that runs for long.

It has no supervisor of its own: without this, one that is killed would stay away for as long as
the service runs.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from app.storage.embedded import EmbeddedPostgres, EmbeddedPostgresError

_LOG = structlog.get_logger()
_LOOK_SECONDS = 1.0


@contextmanager
def keeping(server: EmbeddedPostgres) -> Iterator[None]:
    """Look after `server` while the block runs; one that died is started again.

    What cannot be started is tried again every second: a full disk may be emptied.
    """
    ending = threading.Event()
    keeper = threading.Thread(target=_keep, args=(server, ending), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join()


def _keep(server: EmbeddedPostgres, ending: threading.Event) -> None:
    is_away, reason = False, ""
    while not ending.wait(_LOOK_SECONDS):
        try:
            if server.is_ready():
                continue
            if not is_away:
                _LOG.error("database_away")
                is_away = True
            server.ensure_running()
        except (EmbeddedPostgresError, OSError) as error:
            # Of an error of the system only its name: its text is of nobody's choosing.
            said = str(error) if isinstance(error, EmbeddedPostgresError) else ""
            if (said or type(error).__name__) != reason:
                reason = said or type(error).__name__
                _LOG.error("database_not_started", error=type(error).__name__, reason=reason)
        else:
            _LOG.warning("database_back")
            is_away, reason = False, ""
