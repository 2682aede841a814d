"""A corpus of scenario reports that is linked already, for what is measured on top of one.

It is loaded by `tessera import`, so that every report has the organisation that its line names,
and may be kept in a folder, so that several measurements load it once. Beside it lie further
reports of the same scenario, the latest by arrival, to be posted one by one.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import asyncpg

from app.cli.importing import progress_bar
from app.storage import embedded
from bench.linking import as_posted, write_reports
from bench.measuring import drained, folder, unfenced
from bench.scenarios import generate
from bench.service import Service, service

_SEED = 1
_FRESH = 30_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """A service on the corpus, the address of its database, and where its files lie."""

    service: Service
    dsn: str
    place: Path

    def fresh(self, count: int) -> list[bytes]:
        """Reports that were not posted yet, the next in order of arrival; taken for good.

        Raises RuntimeError where so many are not left.
        """
        used = self.place / "fresh.used"
        start = int(used.read_text(encoding="ascii")) if used.exists() else 0
        with (self.place / "fresh.ndjson").open("rb") as lines:
            found = [line.rstrip(b"\n") for line in islice(lines, start, start + count)]
        if len(found) < count:
            raise RuntimeError(f"{len(found)} fresh reports are left, {count} are asked for")
        used.write_text(str(start + count), encoding="ascii")
        return found


@contextmanager
def corpus(reports: int, kept: Path | None) -> Iterator[Corpus]:
    """A service on so many linked reports; those in the folder `kept` if they are there already.

    Raises RuntimeError where the folder holds a corpus of another size.
    """
    if kept is None:
        with folder() as place, _loaded(reports, place) as found:
            yield found
        return
    kept.mkdir(parents=True, exist_ok=True)
    kept.chmod(0o755)
    with _loaded(reports, kept.resolve()) as found:
        yield found


@contextmanager
def _loaded(reports: int, place: Path) -> Iterator[Corpus]:
    mark = place / "loaded"
    there = int(mark.read_text(encoding="ascii")) if mark.exists() else None
    if there not in {None, reports}:
        raise RuntimeError(f"the folder holds a corpus of {there} reports")
    if there is None:
        _write(reports, place)
    home = place / "home"
    with service(home) as running, embedded.running(home) as dsn:
        if there is None:
            running.command("import", str(place / "corpus.ndjson"))
            with progress_bar(f"linking {reports} reports", reports, in_bytes=False) as move_to:
                asyncio.run(drained(dsn, move_to))
            asyncio.run(_tidy(dsn))
            (place / "corpus.ndjson").unlink()
            mark.write_text(str(reports), encoding="ascii")
        yield Corpus(running, dsn, place)


def _write(reports: int, place: Path) -> None:
    """Both files from one scenario, so that what comes later belongs to what is there."""
    lines = (line for line, _ in generate(reports + _FRESH, _SEED))
    whole = (
        json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in islice(lines, reports)
    )
    write_reports(whole, reports, place / "corpus.ndjson")
    write_reports((as_posted(line) for line in lines), _FRESH, place / "fresh.ndjson")


async def _tidy(dsn: str) -> None:
    """What autovacuum does within minutes of a load is done at once."""
    connection = await asyncpg.connect(unfenced(dsn))
    await connection.execute("VACUUM (ANALYZE)")
    await connection.close()
