"""NDJSON batch until linked, against a plain COPY of the same finished rows, in one run.

    uv run python -m bench.batch [--reports 100000] [--small 10000]

The same reports are posted to an empty service as one batch on one connection and timed until
nothing is pending. Then the rows of all tables that they left are copied, by plain COPY FROM,
into the same tables with the same indexes and constraints in another database of the same
server. Printed: both rates, their ratio, the cost a report at `reports` against that at
`small`, and the peak memory of the service.
"""

import argparse
import asyncio
import json
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

import asyncpg

from app.storage import embedded
from app.storage.database import connect
from app.storage.migrating import upgrade
from bench.service import Service, service
from bench.typical import typical_reports

_LOOK_SECONDS = 0.02
_TABLES = (
    "organisation", "report", "report_reference", "report_attribute", "lead", "lead_membership",
    "lead_event",
)  # fmt: skip


def _post(running: Service, lines: Path) -> int:
    """Post the file as one batch; returns how many lines were answered 201."""
    connection = HTTPConnection("127.0.0.1", running.port)
    headers = {
        "Content-Type": "application/x-ndjson",
        "Authorization": f"Bearer {running.token}",
        "Content-Length": str(lines.stat().st_size),
    }
    with lines.open("rb") as file:
        connection.request("POST", "/v1/reports/batch", body=file, headers=headers)
    with connection.getresponse() as answer:
        created = sum(b'"status":201' in line for line in answer)
    connection.close()
    return created


def _measure(count: int, folder: Path) -> tuple[float, float, float]:
    """Seconds until linked, seconds of the COPY, peak memory of the service in MiB."""
    lines = folder / "reports.ndjson"
    lines.write_bytes(b"".join(report + b"\n" for report in typical_reports(count)))
    with service(folder / "home") as running:
        started = time.perf_counter()
        created = _post(running, lines)
        accepted = time.perf_counter() - started
        with embedded.running(folder / "home") as dsn:
            linked = asyncio.run(_drained(dsn)) - started
        if created != count:
            raise RuntimeError(f"{created} of {count} lines were answered 201")
        state = json.loads(running.command("status"))
        print(f"  {count} reports: answered after {accepted:.1f} s, linked after {linked:.1f} s,"
              f" {state['leads']} leads")  # fmt: skip
        peak = _peak_memory(running.pid)
        with embedded.running(folder / "home") as dsn:
            copying = asyncio.run(_copy(dsn, folder))
    return linked, copying, peak


async def _drained(dsn: str) -> float:
    """The time at which nothing waits to be linked: looked at over one connection, as the start
    of a command would cost more than linking a small batch.
    """
    connection = await asyncpg.connect(dsn)
    try:
        while True:
            if not await connection.fetchval("SELECT EXISTS (SELECT FROM link_queue)"):
                return time.perf_counter()
            await asyncio.sleep(_LOOK_SECONDS)
    finally:
        await connection.close()


def _peak_memory(pid: int) -> float:
    """Of the service and its background process, each at its own peak."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [each for task in tasks for each in task.read_text(encoding="ascii").split()]
    kibibytes = 0
    for each in (pid, *children):
        status = Path(f"/proc/{each}/status").read_text(encoding="ascii")
        kibibytes += int(status.split("VmHWM:")[1].split()[0])
    return kibibytes / 1024


async def _copy(dsn: str, folder: Path) -> float:
    """Copy all rows into an empty twin of the schema; seconds of the COPY FROM alone."""
    source = await asyncpg.connect(dsn)
    for table in _TABLES:
        await source.copy_from_table(table, output=folder / table, format="text")
    await source.execute("CREATE DATABASE twin")
    await source.close()
    twin = embedded.in_database(dsn, "twin")
    database = connect(twin)
    await upgrade(database.engine)
    await database.engine.dispose()
    target = await asyncpg.connect(twin)
    started = time.perf_counter()
    for table in _TABLES:
        await target.copy_to_table(table, source=folder / table, format="text")
    seconds = time.perf_counter() - started
    await target.close()
    return seconds


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--reports", type=int, default=100_000)
    arguments.add_argument("--small", type=int, default=10_000)
    wanted = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, _, _ = _measure(wanted.small, _made(Path(folder, "small")))
        linked, copying, peak = _measure(wanted.reports, _made(Path(folder, "large")))
    ours, theirs = wanted.reports / linked, wanted.reports / copying
    print(f"COPY of the finished rows: {theirs:.0f} reports/s; batch until linked: {ours:.0f}")
    print(f"ratio: {ours / theirs:.3f}")
    growth = (linked / wanted.reports) / (small / wanted.small)
    print(f"cost a report at {wanted.reports} against {wanted.small}: {growth:.2f}")
    print(f"peak memory of the service: {peak:.0f} MiB")


def _made(folder: Path) -> Path:
    folder.mkdir()
    folder.chmod(0o755)
    return folder


if __name__ == "__main__":
    main()
