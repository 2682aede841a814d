"""The service: builds everything once and puts it together."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import structlog
from fastapi import FastAPI

import app as product
from app.api import health, middleware, openapi, problems
from app.api.access import Access, TokenPolicy
from app.api.auth import assert_every_route_has_a_caller
from app.api.deps import Installation
from app.api.v1 import batch, feedback, leads, oauth, reports
from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.domain.errors import UnavailableError
from app.intake.group_commit import GroupCommit
from app.intake.preparing import Intake
from app.services.submit_reports import Accepted, submit_reports
from app.settings import Settings
from app.storage.catalogues import load_catalogue, load_model
from app.storage.database import Database, connect
from app.storage.listening import Listener
from app.storage.repositories.feedback import CHANNEL as FEEDBACK_CHANNEL
from app.storage.repositories.linking import LINKED_CHANNEL
from app.storage.repositories.reports import NewReport
from app.storage.session import writing
from app.worker.linker import Linker

_LOG = structlog.get_logger()


def create_app(settings: Settings, dsn: str, *, links: bool = True) -> FastAPI:
    """The application on the database of `dsn`. `links`: whether it does background work too."""
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
    for module in (oauth, batch, reports, feedback, leads, health):
        service.include_router(module.router)
    problems.install(service)
    service.add_middleware(middleware.RequestContext)
    openapi.install(service)
    assert_every_route_has_a_caller(service)
    return service


def _lifespan(
    settings: Settings, dsn: str, *, links: bool
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(service: FastAPI) -> AsyncIterator[None]:
        database = connect(dsn, connections=settings.database_connections)
        keyring = Keyring(settings.root_key())
        installation, linker = _build(settings, database, keyring, links=links)
        policy = TokenPolicy(
            settings.issuer,
            timedelta(seconds=settings.token_lifetime_seconds),
            timedelta(days=settings.signing_key_days),
        )
        service.state.installation = installation
        service.state.access = Access(database, keyring, installation.sealer, policy)
        installation.listener.start()
        working = asyncio.create_task(linker.run()) if linker else None
        # A database that is away now may be there soon: the service answers 503 until then.
        with suppress(UnavailableError):
            await service.state.access.start()
        # What is there now stays: looking through it again for garbage at every collection would
        # cost a tenth of the time of a request.
        gc.collect()
        gc.freeze()
        _LOG.info("started")
        try:
            yield
        finally:
            if linker and working:
                linker.stop()
                await asyncio.wait([working])
            await installation.listener.stop()
            await database.engine.dispose()
            _LOG.info("stopped")

    return lifespan


def _build(
    settings: Settings, database: Database, keyring: Keyring, *, links: bool
) -> tuple[Installation, Linker | None]:
    catalogue, model, sealer = load_catalogue(), load_model(), Sealer(keyring)
    linker = (
        Linker(database.engine, model=model, catalogue=catalogue, batch=settings.link_batch)
        if links
        else None
    )

    async def write(submissions: Sequence[NewReport]) -> Sequence[Accepted]:
        async with writing(database.engine) as connection:
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
        catalogue=catalogue,
        model=model,
        intake=Intake(keyring, sealer, catalogue, new_id),
        write=write,
        commits=GroupCommit(write),
        listener=Listener(database.url, (LINKED_CHANNEL, FEEDBACK_CHANNEL)),
        body_limit=settings.body_limit_bytes,
    )
    return installation, linker
