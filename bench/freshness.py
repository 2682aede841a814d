"""From the answer 201 to being in a lead, at a steady rate on a corpus that is linked already.

    uv run python -m bench.freshness [--corpus 200000] [--rate 100] [--seconds 60] [--keep FOLDER]

Scenario reports are posted singly over HTTP, each when the clock says so, whether or not earlier
ones were answered (an open loop), so that a service that falls behind cannot slow its client down
and hide it. Over a connection of its own the measurement asks every 20 ms, in one query, which of
the reports answered so far are in a lead; what it reports is late by up to that. The baseline is
the same at `--quiet` a second, where nothing waits for anything else.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg

from app.cli.importing import progress_bar
from bench.corpus import Corpus, corpus
from bench.measuring import Figure, options, percentile, tell, unfenced

_LOOK_SECONDS = 0.02
_QUIET_SECONDS = 10
_PATIENCE_SECONDS = 60.0
_IDLE_SECONDS = 2.0
"""The server closes a connection that was silent for 5 s; a client must not race with that."""
_WANTED_P99 = 1000
_PLACED = "SELECT report_id FROM lead_membership WHERE report_id = ANY($1 ::uuid[])"


@dataclass(slots=True)
class _Posted:
    """When a report was due, answered and seen in a lead, in seconds of perf_counter."""

    due: float
    answered: float = 0.0
    placed: float = 0.0


@dataclass(slots=True)
class _Run:
    """One steady rate: `open` are answered and not yet seen in a lead."""

    posted: list[_Posted] = field(default_factory=list)
    open: dict[UUID, _Posted] = field(default_factory=dict)
    sending: bool = True


class _Client:
    """Connections that are kept open, as many as are in use at once; most_used: how many were."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._head = (
            "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: "
        ).encode()
        self._free: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._used = 0
        self.most_used = 0

    async def post(self, body: bytes) -> UUID:
        """The id of the report. Raises RuntimeError for any answer but 201."""
        self._used += 1
        self.most_used = max(self.most_used, self._used)
        reader, writer = await self._connection()
        writer.write(self._head + str(len(body)).encode() + b"\r\n\r\n" + body)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        answer = await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 201"):
            raise RuntimeError(head.split(b"\r\n")[0].decode())
        self._free.append((time.perf_counter(), reader, writer))
        self._used -= 1
        return UUID(json.loads(answer)["id"])

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._free:
            since, reader, writer = self._free.pop()
            if time.perf_counter() - since < _IDLE_SECONDS:
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)

    def close(self) -> None:
        """Close all connections."""
        for _, _, writer in self._free:
            writer.close()


def main() -> None:
    """Measure and print."""
    arguments = options("freshness")
    arguments.add_argument("--corpus", type=int, default=200_000)
    arguments.add_argument("--rate", type=float, default=100, help="reports a second")
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--quiet", type=float, default=5, help="rate of the baseline")
    arguments.add_argument("--keep", type=Path, help="folder in which the corpus is kept")
    wanted = arguments.parse_args()
    with corpus(wanted.corpus, wanted.keep) as loaded:
        quiet, _ = asyncio.run(_measure(loaded, wanted.quiet, _QUIET_SECONDS))
        busy, connections = asyncio.run(_measure(loaded, wanted.rate, wanted.seconds))
    settings = {"corpus": wanted.corpus, "rate": wanted.rate, "seconds": wanted.seconds}
    span = max(each.answered for each in busy) - busy[0].due
    figures = [
        *_figures(f"baseline, {wanted.quiet:g}/s: ", quiet, most=None),
        *_figures("", busy, most=_WANTED_P99),
        Figure("answered", len(busy) / span, "reports/s"),
        Figure("connections in use at once", connections),
    ]
    tell(settings, figures, as_json=wanted.json)


async def _measure(loaded: Corpus, rate: float, seconds: float) -> tuple[list[_Posted], int]:
    bodies = loaded.fresh(int(rate * seconds))
    connection = await asyncpg.connect(unfenced(loaded.dsn))
    client = _Client(loaded.service.port, loaded.service.token)
    run = _Run()
    watching = asyncio.create_task(_watch(run, connection))
    with progress_bar(f"posting {rate:g} a second", len(bodies), in_bytes=False) as move_to:
        begun = time.perf_counter()
        async with asyncio.TaskGroup() as posts:
            for number, body in enumerate(bodies):
                due = begun + number / rate
                await asyncio.sleep(max(due - time.perf_counter(), 0))
                posts.create_task(_post(run, client, body, due))
                move_to(number + 1)
    run.sending = False
    await asyncio.wait_for(watching, _PATIENCE_SECONDS)
    client.close()
    await connection.close()
    return run.posted, client.most_used


async def _post(run: _Run, client: _Client, body: bytes, due: float) -> None:
    posted = _Posted(due)
    report = await client.post(body)
    posted.answered = time.perf_counter()
    run.posted.append(posted)
    run.open[report] = posted


async def _watch(run: _Run, connection: asyncpg.Connection) -> None:
    """Note when the open reports are in a lead, until none is left."""
    while run.sending or run.open:
        if run.open:
            found = await connection.fetch(_PLACED, list(run.open))
            now = time.perf_counter()
            for row in found:
                run.open.pop(UUID(bytes=row["report_id"].bytes)).placed = now
        await asyncio.sleep(_LOOK_SECONDS)


def _figures(label: str, posted: Sequence[_Posted], *, most: float | None) -> list[Figure]:
    fresh = [(each.placed - each.answered) * 1000 for each in posted]
    answered = [(each.answered - each.due) * 1000 for each in posted]
    return [
        Figure(f"{label}from 201 to its lead, p50", percentile(fresh, 0.5), "ms"),
        Figure(f"{label}from 201 to its lead, p99", percentile(fresh, 0.99), "ms", most=most),
        Figure(f"{label}from 201 to its lead, max", max(fresh), "ms"),
        Figure(f"{label}from the moment due to 201, p50", percentile(answered, 0.5), "ms"),
        Figure(f"{label}from the moment due to 201, p99", percentile(answered, 0.99), "ms"),
    ]


if __name__ == "__main__":
    main()
