"""`tessera serve`: the service."""

import asyncio
import multiprocessing
import os
import signal
import threading
from typing import Any

import typer
import uvicorn
from fastapi import FastAPI

from app.cli.background import background_work
from app.cli.running import (
    addresses_of,
    leave_orderly_on_sigterm,
    prepare,
    readable_failures,
)
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.main import create_app
from app.observability.logging import set_up
from app.settings import Settings, load_settings
from app.storage.database import Addresses, connect, serving

_DRAIN_SECONDS = 25


def serve(
    host: str = typer.Option("127.0.0.1", help="Address to listen on."),
    port: int = typer.Option(8000, min=0, max=65_535, help="Port to listen on."),
    workers: int = typer.Option(1, min=1, max=64, help="Processes that answer requests."),
    migrate: bool | None = typer.Option(
        None, "--migrate/--no-migrate", help="Migrate first; default: the embedded database only."
    ),
) -> None:
    """Serve the API and do the background work."""
    with readable_failures():
        # Uvicorn ends well on SIGTERM, then raises it again.
        leave_orderly_on_sigterm(0)
        settings = load_settings()
        set_up(settings.log_level)
        sealer = Sealer(Keyring(settings.root_key()))
        with serving(addresses_of(settings), settings.home, is_kept=True) as addresses:
            wanted = settings.is_embedded if migrate is None else migrate
            asyncio.run(_prepare(addresses, sealer, migrate=wanted))
            with background_work():
                _listen(settings, addresses.service, host, port, workers)


async def _prepare(addresses: Addresses, sealer: Sealer, *, migrate: bool) -> None:
    database = connect(addresses.service, connections=2)
    try:
        await prepare(database, addresses, sealer, migrate=migrate)
    finally:
        await database.engine.dispose()


def _listen(settings: Settings, dsn: str, host: str, port: int, workers: int) -> None:
    options: dict[str, Any] = {
        "host": host,
        "port": port,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,  # whom a proxy speaks for is decided in app.api.addresses
        "timeout_graceful_shutdown": _DRAIN_SECONDS,
        "h11_max_incomplete_event_size": 65_536,
    }
    if workers == 1:
        uvicorn.run(create_app(settings, dsn, links=False), **options)
        return
    # Worker processes begin from nothing: they find the database by this variable.
    os.environ[_SERVED] = dsn
    uvicorn.run("app.cli.service:served", factory=True, workers=workers, **options)


_SERVED = "SERVED_BY_TESSERA"


def served() -> FastAPI:
    """The application of one worker process of several."""
    settings = load_settings()
    set_up(settings.log_level)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return create_app(settings, os.environ[_SERVED], links=False)


def _end_with_parent() -> None:
    """Leave in order when the process that started this one is gone, however it went: nobody
    would end this one, and it would keep the port.
    """
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
