"""The service: builds everything once and puts it together."""

import asyncio
import gc
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from datetime import UTC, datetime, timedelta
from types import FrameType

import structlog
from fastapi import FastAPI

import app as product
from app.api import health, middleware, openapi, problems
from app.api.access import Access, TokenPolicy
from app.api.addresses import AddressLimit
from app.api.auth import PROBES, PUBLIC_ROUTES, TOKEN_PATH, assert_every_route_has_a_caller
from app.api.deps import Installation
from app.api.limiting import Limits
from app.api.people import People
from app.api.v1 import (
    audit,
    batch,
    codelists,
    decisions,
    explaining,
    feedback,
    leads,
    oauth,
    proposals,
    protocol,
    report_template,
    reports,
    searching,
)
from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.domain.acting import senders
from app.domain.errors import UnavailableError
from app.intake.group_commit import GroupCommit
from app.intake.preparing import Intake
from app.linking.comparing import Comparing
from app.services.publish_code_lists import publish_code_lists
from app.services.submit_reports import Accepted, submit_reports
from app.settings import Settings
from app.storage.catalogues import load_model, load_protocols
from app.storage.codelists import load_mappings
from app.storage.database import Database, connect
from app.storage.listening import Listener
from app.storage.repositories.cutting import CUT_CHANNEL
from app.storage.repositories.feedback import CHANNEL as FEEDBACK_CHANNEL
from app.storage.repositories.linking import LINKED_CHANNEL
from app.storage.repositories.reports import NewReport
from app.storage.session import writing
from app.worker.linker import Linker

_LOG = structlog.get_logger()
_ALLOCATIONS_BETWEEN_COLLECTIONS = 20_000
"""A report makes some 1,500 objects, nearly all of which go by reference counting; Python's own
700 would look for rings twice a request.
"""


def create_app(settings: Settings, dsn: str, *, links: bool = True) -> FastAPI:
    """The application on the database of `dsn`.

    `links`: whether it does the background work too, which is for use in one process: tests and
    embedding. `tessera serve` links in a process of its own.
    """
    service = FastAPI(
        title="Tessera",
        version=product.__version__,
        summary=product.__doc__,
        lifespan=_lifespan(settings, dsn, links=links),
        responses=problems.PROBLEM_RESPONSES,
        openapi_url="/openapi.json",
        docs_url="/docs",
        redoc_url=None,
    )
    for module in (
        oauth,
        batch,
        reports,
        feedback,
        leads,
        explaining,
        decisions,
        proposals,
        searching,
        protocol,
        report_template,
        codelists,
        audit,
        health,
    ):
        service.include_router(module.router)
    problems.install(service)
    limits = service.state.limits = Limits(
        per_client=settings.client_requests_per_minute,
        per_address=settings.address_requests_per_minute,
    )
    public = {path for _, path in PUBLIC_ROUTES} - PROBES
    service.add_middleware(AddressLimit, limits=limits, trusted=settings.proxies(), paths=public)
    service.add_middleware(middleware.RequestContext)
    service.add_middleware(middleware.HeadAsGet)
    openapi.install(service)
    assert_every_route_has_a_caller(service)
    return service


def _lifespan(
    settings: Settings, dsn: str, *, links: bool
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(service: FastAPI) -> AsyncIterator[None]:
        keyring = Keyring(settings.root_key())
        database = connect(dsn, connections=settings.database_connections, audit_key=keyring.audit)
        installation, linker = _build(settings, database, keyring, links=links)
        policy = TokenPolicy(
            settings.issuer,
            timedelta(seconds=settings.token_lifetime_seconds),
            timedelta(days=settings.signing_key_days),
            settings.issuer.rstrip("/") + TOKEN_PATH,
        )
        people = People(
            database, keyring, settings.issuers(), with_loopback=settings.issuers_loopback
        )
        service.state.installation = installation
        service.state.access = Access(database, keyring, installation.sealer, policy, people=people)
        installation.listener.tell(CUT_CHANNEL, service.state.access.cut_off.forget)
        installation.listener.start()
        working = asyncio.create_task(linker.run()) if linker else None
        # A database that is away now may be there soon: the service answers 503 until then.
        with suppress(UnavailableError):
            await service.state.access.start()
        # What is there now stays: looking through it again for garbage at every collection would
        # cost a tenth of the time of a request.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_ALLOCATIONS_BETWEEN_COLLECTIONS, 20, 20)
        _LOG.info("started")
        try:
            with _told_to_end(installation.listener.close_waiting):
                yield
        finally:
            if linker and working:
                linker.stop()
                await asyncio.wait([working])
            await installation.listener.stop()
            await database.engine.dispose()
            _LOG.info("stopped")

    return lifespan


@contextmanager
def _told_to_end(ending: Callable[[], None]) -> Iterator[None]:
    """Call `ending` on the event loop when a signal asks the process to end.

    The server tells the application only once all connections are done, which those that wait
    for news would hold up. Its own handlers, in place by now, are called as well.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals belong to the main thread, and so to whoever embeds the application
        return
    loop = asyncio.get_running_loop()
    servers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def ask(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(ending)
        server = servers[signal.Signals(number)]
        if callable(server):
            server(number, frame)

    for number in servers:
        signal.signal(number, ask)
    try:
        yield
    finally:
        for number, server in servers.items():
            signal.signal(number, server)


def _build(
    settings: Settings, database: Database, keyring: Keyring, *, links: bool
) -> tuple[Installation, Linker | None]:
    protocols, model, sealer = load_protocols(), load_model(), Sealer(keyring)
    protocol = list(protocols.values())[-1]
    catalogue = protocol.catalogue
    linker = (
        Linker(
            database.engine,
            comparing=Comparing(model, keyring, sealer),
            catalogue=catalogue,
            batch=settings.link_batch,
        )
        if links
        else None
    )

    async def write(submissions: Sequence[NewReport]) -> Sequence[Accepted]:
        owners = {new.record.organisation_id for new in submissions}
        async with writing(database.engine, senders(owners)) as connection:
            accepted = await submit_reports(
                connection, submissions, datetime.now(UTC), sealer=sealer
            )
        if linker:
            linker.wake()
        return accepted

    installation = Installation(
        database=database,
        keyring=keyring,
        sealer=sealer,
        protocols=protocols,
        protocol=protocol,
        catalogues={version: each.catalogue for version, each in protocols.items()},
        code_lists=publish_code_lists(catalogue, load_mappings(catalogue)),
        model=model,
        intake=Intake(keyring, sealer, catalogue, model, new_id),
        commits=GroupCommit(write, most=500),
        listener=Listener(database.url, (LINKED_CHANNEL, FEEDBACK_CHANNEL, CUT_CHANNEL)),
        body_limit=settings.body_limit_bytes,
    )
    return installation, linker
