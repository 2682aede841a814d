"""One NDJSON batch until linked, and the plain COPY of the rows that it left."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.cli.importing import progress_bar
from app.storage import embedded
from bench.measuring import Figure, copy_again, drained, peak_memory, post_batch
from bench.service import service

_MOST_MEMORY = 400


@dataclass(frozen=True, slots=True)
class Load:
    """Seconds from the first byte until all was answered, until all was linked, and of the COPY;
    MiB of the service and its linking process; rows by table.
    """

    reports: int
    answered: float
    linked: float
    copying: float
    memory: float
    rows: Mapping[str, int]


def measure(lines: Path, count: int, folder: Path) -> Load:
    """Post the lines to an empty service under the folder, then copy what they left."""
    size = lines.stat().st_size
    with service(folder / "home") as running, embedded.running(folder / "home") as dsn:
        started = time.perf_counter()
        with progress_bar(f"posting {count} reports", size, in_bytes=True) as move_to:
            created = len(post_batch(running, lines, move_to))
        answered = time.perf_counter() - started
        with progress_bar(f"linking {count} reports", count, in_bytes=False) as move_to:
            linked = asyncio.run(drained(dsn, move_to)) - started
        if created != count:
            raise RuntimeError(f"{created} of {count} lines were answered 201")
        memory = peak_memory(running.pid)
        copying, rows = asyncio.run(copy_again(dsn, folder))
    return Load(count, answered, linked, copying, memory, rows)


def figures_of(small: Load, large: Load, *, ratio: float, growth: float) -> list[Figure]:
    """What both runs say; `ratio` is wanted at least, `growth` at most."""
    ours, theirs = large.reports / large.linked, large.reports / large.copying
    cost = (large.linked / large.reports) / (small.linked / small.reports)
    figures = [
        Figure("batch until linked", ours, "reports/s"),
        Figure("baseline: COPY of the finished rows", theirs, "reports/s"),
        Figure("ratio", ours / theirs, least=ratio),
        Figure(f"batch of {small.reports} until linked", small.reports / small.linked, "reports/s"),
        Figure(
            f"its baseline: COPY of {small.reports}", small.reports / small.copying, "reports/s"
        ),
        Figure(f"cost a report at {large.reports} against {small.reports}", cost, most=growth),
        Figure("batch until answered", large.reports / large.answered, "reports/s"),
        Figure("peak memory of service and linker", large.memory, "MiB", most=_MOST_MEMORY),
    ]
    rows = [Figure(f"rows in {name}", found) for name, found in large.rows.items()]
    return figures + rows
