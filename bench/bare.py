"""The baseline of `bench.posts`: FastAPI and asyncpg, the body stored as one jsonb row."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from fastapi import FastAPI, Request


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool = await asyncpg.create_pool(os.environ["BARE_DSN"], min_size=10, max_size=10)
    await app.state.pool.execute(
        "CREATE TABLE IF NOT EXISTS bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        " body jsonb NOT NULL)"
    )
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=_lifespan)


@app.post("/v1/reports", status_code=201)
async def post(body: dict[str, Any], request: Request) -> dict[str, Any]:
    """Store the body as FastAPI gives it; durable when answered."""
    return {"id": await _insert(request, json.dumps(body))}


@app.post("/raw", status_code=201)
async def post_raw(request: Request) -> dict[str, Any]:
    """Store the bytes as they came, not even looked at; durable when answered."""
    return {"id": await _insert(request, (await request.body()).decode())}


async def _insert(request: Request, body: str) -> int:
    inserted: int = await request.app.state.pool.fetchval(
        "INSERT INTO bare (body) VALUES ($1) RETURNING id", body
    )
    return inserted
