"""Whether the process lives, whether it can do its work, and its metrics. Public."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from typing import Literal

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.responses import PlainTextResponse, Response

from app.api.deps import Parts
from app.domain.acting import MONITOR
from app.domain.errors import UnavailableError
from app.observability import metrics
from app.storage.migrating import schema_state
from app.storage.repositories import linking
from app.storage.session import reading

router = APIRouter(tags=["operation"])
_SECONDS = 3.0
_LATE_AFTER = timedelta(minutes=5)
"""A report that has waited so long says that nobody links, or that linking cannot keep up."""


class Alive(BaseModel):
    """The process lives."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """Whether each part that answers depend on is there."""

    status: Literal["ready", "not_ready"]
    database: Literal["ok", "away", "too_old"]
    schema_: Literal["ok", "not_migrated", "unknown"] = Field(alias="schema")
    worker: Literal["ok", "behind", "unknown"]


@router.get("/healthz", operation_id="isAlive")
async def healthz() -> Alive:
    """The process lives. Says nothing about the database."""
    return Alive()


@router.get(
    "/readyz",
    operation_id="isReady",
    response_model=Ready,
    responses={503: {"model": Ready, "description": "Not ready"}},
)
async def readyz(parts: Parts) -> Response:
    """Database, schema and linking are there. 503 while one is not, or linking is far behind."""
    engine = parts.database.engine
    try:
        state = await asyncio.wait_for(schema_state(engine), _SECONDS)
        if not state.is_supported:
            return _ready("too_old", "unknown", "unknown")
        if not state.is_usable:
            return _ready("ok", "not_migrated", "unknown")
        async with reading(engine, MONITOR) as connection:
            oldest = await linking.oldest_pending(connection)
    except (UnavailableError, TimeoutError):
        return _ready("away", "unknown", "unknown")
    is_behind = oldest is not None and datetime.now(UTC) - oldest > _LATE_AFTER
    return _ready("ok", "ok", "behind" if is_behind else "ok")


@router.get("/metrics", operation_id="readMetrics", response_class=PlainTextResponse)
async def read_metrics(parts: Parts) -> Response:
    """Counters and timings for Prometheus. No ids, no personal data."""
    try:
        async with reading(parts.database.engine, MONITOR) as connection:
            metrics.PENDING.set(await linking.count_pending(connection))
    except UnavailableError:
        pass
    return Response(generate_latest(_registry()), media_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    """The metrics of all worker processes, where there are several."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _ready(database: str, schema: str, worker: str) -> Response:
    good = (database, schema, worker) == ("ok", "ok", "ok")
    body = {
        "status": "ready" if good else "not_ready",
        "database": database,
        "schema": schema,
        "worker": worker,
    }
    headers = {} if good else {"Retry-After": "2"}
    return Response(to_json(body), 200 if good else 503, headers, "application/json")
