"""POST /v1/reports at 16 connections against a bare FastAPI + asyncpg app, in turn, in one run.

    uv run python -m bench.posts [--seconds 5] [--rounds 3]

Both store durably in the same embedded PostgreSQL and are loaded by the same client. The bare app
takes its body as FastAPI gives it, parsed; for comparison it also stores the unread bytes.
Printed: requests per second of each round, and the ratios of the medians.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app.storage import embedded
from bench.service import free_port, service, wait_for
from bench.typical import typical_reports

_CONNECTIONS = 16


async def _one(port: int, head: bytes, bodies: list[bytes], until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    done = 0
    while time.perf_counter() < until and bodies:
        body = bodies.pop()
        writer.write(head + str(len(body)).encode() + b"\r\n\r\n" + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 201"):
            raise RuntimeError(answer.decode())
        length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        done += 1
    writer.close()
    return done


async def _load(
    port: int, token: str, bodies: list[bytes], seconds: float, path: str = "/v1/reports"
) -> float:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: "
    ).encode()
    started = time.perf_counter()
    until = started + seconds
    counts = await asyncio.gather(*(_one(port, head, bodies, until) for _ in range(_CONNECTIONS)))
    return sum(counts) / (time.perf_counter() - started)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=float, default=5)
    arguments.add_argument("--rounds", type=int, default=3)
    wanted = arguments.parse_args()
    bodies = list(typical_reports(int(wanted.rounds * wanted.seconds * 11_000), seed=7))
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as tessera:
        bare_port = free_port()
        with embedded.running(Path(folder)) as dsn:
            bare = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", "bench.bare:app", "--port", str(bare_port),
                 "--no-access-log", "--log-level", "warning"],
                env=os.environ | {"BARE_DSN": dsn},
            )  # fmt: skip
            wait_for(f"http://127.0.0.1:{bare_port}/openapi.json")
            ours, theirs, raw = [], [], []
            for _ in range(wanted.rounds):
                theirs.append(asyncio.run(_load(bare_port, "x", bodies, wanted.seconds)))
                raw.append(asyncio.run(_load(bare_port, "x", bodies, wanted.seconds, "/raw")))
                ours.append(asyncio.run(_load(tessera.port, tessera.token, bodies, wanted.seconds)))
                # Linking goes on meanwhile and is part of the cost; the rest must not spill
                # over into the baseline's next round.
                tessera.wait_until_linked()
            bare.terminate()
            bare.wait()
    print("bare    requests/s:", *(f"{rate:.0f}" for rate in theirs))
    print("bare, unread body :", *(f"{rate:.0f}" for rate in raw))
    print("tessera requests/s:", *(f"{rate:.0f}" for rate in ours))
    print(f"ratio of medians: {statistics.median(ours) / statistics.median(theirs):.3f}")
    print(f"against unread   : {statistics.median(ours) / statistics.median(raw):.3f}")


if __name__ == "__main__":
    main()
