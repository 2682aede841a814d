"""What a value costs that very many reports carry: a hub that links nobody, and a true value.

    uv run python -m bench.hubs [--hub 10000] [--true 5000]

Batch by batch of 500, each until it is linked: first the baseline, reports that share nothing;
then reports from everywhere and any time that all name a helpline's phone; then reports on one
operation, of one town, form and half-year, that all name its phone. Whatever else they name is
their own. How the cost grows is read from the last quarter of the batches against the first, and
judged by the processor time of the service, the linker and the database together, since the time
by the clock holds moments in which the linker waits for more. A cost that is linear in the number
of carriers is about 1 here. Then one carrier of each is amended and one withdrawn, each time until
nothing waits to be linked.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import asyncpg

from app.cli.importing import progress_bar
from app.storage import embedded
from bench.http import Client
from bench.measuring import (
    Figure,
    drained,
    folder,
    options,
    post_batch,
    processor_seconds,
    server_process,
    tell,
    unfenced,
)
from bench.scenarios.towns import TOWNS
from bench.service import Service, service

_BATCH = 500
_GROWTH = 1.5
_HELPLINE = "+421800123456"
_BOSS = "+421905123456"
_FORMS = ("labour_exploitation", "sexual_exploitation", "forced_begging", "domestic_servitude")
_OF_GROUP = """
SELECT count(*) AS reports, count(DISTINCT lead_id) AS leads,
  (SELECT count(*) FROM link
   WHERE report_lo = ANY($1 ::uuid[]) AND report_hi = ANY($1 ::uuid[])) AS links
FROM lead_membership WHERE report_id = ANY($1 ::uuid[])
"""


@dataclass(frozen=True, slots=True)
class _Group:
    """One sort of reports: as sent, seconds and processor seconds of each batch, and all ids."""

    name: str
    reports: list[dict[str, Any]]
    seconds: list[float]
    processor: list[float]
    ids: list[str]

    def growth(self, of: Sequence[float]) -> float:
        """The last quarter of the batches against the first."""
        quarter = max(len(of) // 4, 1)
        return sum(of[-quarter:]) / sum(of[:quarter])


def main() -> None:
    """Measure and print."""
    arguments = options("hubs")
    arguments.add_argument("--hub", type=int, default=10_000, help="carriers of the hub")
    arguments.add_argument("--true", type=int, default=5_000, help="carriers of the true value")
    wanted = arguments.parse_args()
    chance = random.Random(3)
    sorts = {
        "baseline": lambda: _baseline(chance, wanted.true),
        "hub": lambda: _hub(chance, wanted.hub),
        "true value": lambda: _operation(chance, wanted.true),
    }
    with (
        folder() as place,
        service(place / "home") as running,
        embedded.running(place / "home") as dsn,
    ):
        figures = _measure(running, dsn, place, sorts)
    tell({"hub": wanted.hub, "true": wanted.true}, figures, as_json=wanted.json)


def _measure(
    running: Service,
    dsn: str,
    place: Path,
    sorts: dict[str, Callable[[], Iterator[dict[str, Any]]]],
) -> list[Figure]:
    server = server_process(dsn)
    figures: list[Figure] = []
    groups = []
    for name, reports in sorts.items():
        group = _load(running, dsn, server, place / "batch.ndjson", (name, list(reports())))
        groups.append(group)
        figures += _costs(group)
    figures += [figure for group in groups for figure in asyncio.run(_outcome(dsn, group))]
    for group in groups:
        figures += _change(running, dsn, group)
    return figures


def _load(
    running: Service,
    dsn: str,
    server: int,
    lines: Path,
    named: tuple[str, list[dict[str, Any]]],
) -> _Group:
    name, reports = named
    group = _Group(name, reports, [], [], [])
    with progress_bar(f"{name}: linking", len(reports), in_bytes=False) as move_to:
        for start in range(0, len(reports), _BATCH):
            batch = reports[start : start + _BATCH]
            lines.write_text("".join(json.dumps(each) + "\n" for each in batch), encoding="utf-8")
            before = processor_seconds(running.pid) + processor_seconds(server)
            started = time.perf_counter()
            group.ids.extend(post_batch(running, lines))
            group.seconds.append(asyncio.run(drained(dsn)) - started)
            used = processor_seconds(running.pid) + processor_seconds(server)
            group.processor.append(used - before)
            move_to(start + len(batch))
    return group


def _costs(group: _Group) -> list[Figure]:
    name, batches = group.name, len(group.seconds)
    quarters = [batches * part // 4 for part in range(5)]
    figures = [
        Figure(
            f"{name}: time per {_BATCH}, quarter {part + 1}",
            sum(group.seconds[start:end]) / max(end - start, 1),
            "s",
        )
        for part, (start, end) in enumerate(pairwise(quarters))
        if end > start
    ]
    most = None if name == "baseline" else _GROWTH
    return [
        *figures,
        Figure(f"{name}: growth of processor time", group.growth(group.processor), most=most),
        Figure(f"{name}: growth of time", group.growth(group.seconds)),
    ]


async def _outcome(dsn: str, group: _Group) -> list[Figure]:
    connection = await asyncpg.connect(unfenced(dsn))
    (found,) = await connection.fetch(_OF_GROUP, group.ids)
    await connection.close()
    name = group.name
    least = found["reports"] if name == "hub" else None
    most = 1 if name == "true value" else None
    return [
        Figure(f"{name}: leads of {found['reports']} reports", found["leads"], "", least, most),
        Figure(f"{name}: link rows per carrier", found["links"] / found["reports"]),
    ]


def _change(running: Service, dsn: str, group: _Group) -> list[Figure]:
    """Amend a report from the middle of the group, then withdraw it."""
    number = len(group.ids) // 2
    path, report = f"/v1/reports/{group.ids[number]}", group.reports[number]
    with Client(running.port, running.token) as client:
        etag = client.ask("GET", path).etag
        report["attributes"][1]["value"] = "amended@work.example"
        started = time.perf_counter()
        client.ask("PUT", path, report, {"If-Match": etag})
        amended = asyncio.run(drained(dsn)) - started
        started = time.perf_counter()
        client.ask("DELETE", path)
        withdrawn = asyncio.run(drained(dsn)) - started
    return [
        Figure(f"{group.name}: amended until linked", amended, "s"),
        Figure(f"{group.name}: withdrawn until linked", withdrawn, "s"),
    ]


def _baseline(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield _anywhere(chance, "BASE", number, f"+4219{chance.randrange(10**8):08}")


def _hub(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield _anywhere(chance, "HUB", number, _HELPLINE)


def _anywhere(chance: random.Random, name: str, number: int, phone: str) -> dict[str, Any]:
    """From any town, within ten years, of any form."""
    town = chance.choice(TOWNS[chance.choice(list(TOWNS))])
    place = {"country": town.country, "locality": town.names[0]}
    day = date(2016, 1, 1) + timedelta(days=chance.randrange(3_650))
    return _report(chance, f"{name}-{number}", phone) | {
        "observed_from": day.isoformat(),
        "forms": [chance.choice(_FORMS)],
        "place": place | ({"nuts": town.nuts} if town.nuts else {}),
    }


def _operation(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """Of one town and form, within half a year."""
    for number in range(count):
        day = date(2026, 1, 1) + timedelta(days=chance.randrange(180))
        yield _report(chance, f"TRUE-{number}", _BOSS) | {
            "observed_from": day.isoformat(),
            "forms": ["labour_exploitation"],
            "place": {"country": "SK", "nuts": "SK031", "locality": "Žilina"},
        }


def _report(chance: random.Random, reference: str, phone: str) -> dict[str, Any]:
    own = f"{chance.getrandbits(48):012x}"
    return {
        "external_ref": reference,
        "language": "en",
        "indicators": ["AC-01", "CD-13"],
        "narrative": "The wages have been withheld and someone else keeps the papers.",
        "attributes": [
            {"kind": "phone", "value": phone, "role": "suspected_perpetrator"},
            {"kind": "email", "value": f"{own}@work.example", "role": "facilitator"},
        ],
        "consent": {"basis": "public_task", "scopes": ["linking", "police", "statistics"]},
    }


if __name__ == "__main__":
    main()
