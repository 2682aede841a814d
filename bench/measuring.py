"""What the measurements have in common: posting, waiting, processor time and memory, the plain
COPY that batches are compared with, percentiles, and the table or JSON at the end.
"""

import asyncio
import json
import os
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import asyncpg

from app.storage import embedded
from app.storage.database import connect
from app.storage.migrating import upgrade
from app.storage.tables.base import metadata
from bench.service import Service

_LOOK_SECONDS = 0.02
_TELL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One result. least, most: what is wanted, where something is."""

    name: str
    measured: float
    unit: str = ""
    least: float | None = None
    most: float | None = None

    @property
    def wanted(self) -> str:
        """In words; empty where nothing is wanted."""
        words = []
        if self.least is not None:
            words.append(f"at least {self.least:g}")
        if self.most is not None:
            words.append(f"at most {self.most:g}")
        return ", ".join(words)

    @property
    def holds(self) -> bool | None:
        """Whether it is as wanted; None where nothing is wanted."""
        if self.least is None and self.most is None:
            return None
        enough = self.least is None or self.measured >= self.least
        return enough and (self.most is None or self.measured <= self.most)


def options(name: str) -> ArgumentParser:
    """A parser of the command `python -m bench.NAME` with what all of them take."""
    arguments = ArgumentParser(prog=f"python -m bench.{name}")
    arguments.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return arguments


def tell(settings: Mapping[str, object], figures: Sequence[Figure], *, as_json: bool) -> None:
    """Print what was measured, with what was wanted beside it."""
    if as_json:
        rows = [
            {
                "figure": each.name,
                "measured": round(each.measured, 4),
                "unit": each.unit,
                "wanted": each.wanted,
                "holds": each.holds,
            }
            for each in figures
        ]
        print(json.dumps({"settings": dict(settings), "figures": rows}, indent=2))
        return
    print(", ".join(f"{name} {value}" for name, value in settings.items()))
    names = max(len(each.name) for each in figures)
    for each in figures:
        verdict = {None: "", True: "  holds", False: "  MISSED"}[each.holds]
        wanted = f"  wanted {each.wanted}" if each.wanted else ""
        number = f"{each.measured:,.0f}" if abs(each.measured) >= 100 else f"{each.measured:.4g}"
        print(f"{each.name:<{names}}  {number:>9} {each.unit:<10}{wanted}{verdict}".rstrip())


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    place = -int(-share * len(ordered) // 1) - 1
    return ordered[min(max(place, 0), len(ordered) - 1)]


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for one measurement that the embedded server's account can pass."""
    with TemporaryDirectory() as made:
        path = Path(made)
        path.chmod(0o755)
        yield path


class _Told:
    """A file that tells how far it was read."""

    def __init__(self, file: BinaryIO, move_to: Callable[[int], object]) -> None:
        self._file = file
        self._move_to = move_to

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        read = self._file.read(size)
        self._move_to(self._file.tell())
        return read


def post_batch(
    running: Service, lines: Path, move_to: Callable[[int], object] = lambda _: None
) -> list[str]:
    """Post a file as one NDJSON batch on one connection; the ids of what was answered 201, in
    order. Raises RuntimeError if any line was answered otherwise.
    """
    connection = HTTPConnection("127.0.0.1", running.port)
    headers = {
        "Content-Type": "application/x-ndjson",
        "Authorization": f"Bearer {running.token}",
        "Content-Length": str(lines.stat().st_size),
    }
    with lines.open("rb") as file:
        connection.request("POST", "/v1/reports/batch", body=_Told(file, move_to), headers=headers)
    with connection.getresponse() as answer:
        answers = list(answer)
    connection.close()
    created = [json.loads(line)["id"] for line in answers if b'"status":201' in line]
    if len(created) != len(answers):
        raise RuntimeError(f"{len(created)} of {len(answers)} lines were answered 201")
    return created


def unfenced(dsn: str) -> str:
    """The same database of the embedded server for its superuser, from whom row-level security
    hides nothing, and who may COPY into tables that have it.
    """
    return dsn.replace(f"//{embedded.ROLE}@", "//postgres@", 1)


async def drained(dsn: str, move_to: Callable[[int], object] = lambda _: None) -> float:
    """The time (of perf_counter) at which nothing waits to be linked: looked at over one
    connection, as the start of a command would cost more than linking a small batch.

    move_to: told how much was linked since the server started, once a second.
    """
    connection = await asyncpg.connect(unfenced(dsn))
    told = time.perf_counter()
    try:
        while True:
            if not await connection.fetchval("SELECT EXISTS (SELECT FROM link_queue)"):
                return time.perf_counter()
            if time.perf_counter() - told > _TELL_SECONDS:
                told = time.perf_counter()
                move_to(await connection.fetchval(
                    "SELECT n_tup_del FROM pg_stat_user_tables WHERE relname = 'link_queue'"
                ))  # fmt: skip
            await asyncio.sleep(_LOOK_SECONDS)
    finally:
        await connection.close()


def children(pid: int) -> list[int]:
    """The processes that a process started and that live."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(each) for task in tasks for each in task.read_text(encoding="ascii").split()]


def peak_memory(pid: int) -> float:
    """Of a service and its linking process, each at its own peak, in MiB."""
    kibibytes = 0
    for each in (pid, *children(pid)):
        status = Path(f"/proc/{each}/status").read_text(encoding="ascii")
        kibibytes += int(status.split("VmHWM:")[1].split()[0])
    return kibibytes / 1024


def processor_seconds(pid: int) -> float:
    """What a process and all it started have used so far, those that ended included; 0 of one
    that is gone: then its parent, which is asked after it, has it.
    """
    try:
        below = sum(processor_seconds(child) for child in children(pid))
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    # utime, stime, cutime, cstime: fields 14 to 17 of proc_pid_stat(5); the third comes first here
    ticks = sum(int(number) for number in stat.rpartition(")")[2].split()[11:15])
    return below + ticks / os.sysconf("SC_CLK_TCK")


def server_process(dsn: str) -> int:
    """The first process of the database server: the parent of whatever answers us."""

    async def answering() -> int:
        connection = await asyncpg.connect(unfenced(dsn))
        pid = int(await connection.fetchval("SELECT pg_backend_pid()"))
        parent = await asyncio.to_thread(_parent, pid)
        await connection.close()
        return parent

    return asyncio.run(answering())


def _parent(pid: int) -> int:
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    return int(stat.rpartition(")")[2].split()[1])


async def copy_again(dsn: str, folder_: Path) -> tuple[float, dict[str, int]]:
    """Copy all rows into an empty twin of the schema: seconds of the COPY FROM alone, and how
    many rows of which table.

    All tables that have rows and that a fresh schema has none in are dumped by binary COPY to
    files first, and loaded in the order that foreign keys ask for.
    """
    source = await asyncpg.connect(unfenced(dsn))
    await source.execute("CREATE DATABASE twin")
    twin = embedded.in_database(dsn, "twin")
    database = connect(unfenced(twin))
    await upgrade(database.engine)
    await database.engine.dispose()
    target = await asyncpg.connect(unfenced(twin))
    rows: dict[str, int] = {}
    for table in metadata.sorted_tables:
        count = f'SELECT count(*) FROM "{table.name}"'
        if not await target.fetchval(count) and (found := await source.fetchval(count)):
            rows[table.name] = found
            await source.copy_from_table(table.name, output=folder_ / table.name, format="binary")
    await source.close()
    started = time.perf_counter()
    for name in rows:
        await target.copy_to_table(name, source=folder_ / name, format="binary")
    seconds = time.perf_counter() - started
    await target.close()
    return seconds, rows
