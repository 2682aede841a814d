"""How fast leads are read: a large one, its links, and the list under every filter.

    uv run python -m bench.reading [--corpus 200000] [--lead 500] [--keep FOLDER]

One request after the other over HTTP, with an agency's token, on a corpus that is linked. The
large lead is one operation of `--lead` reports with two persons and four values each, posted on
top of the corpus. A filter is asked for with the value that most leads have and with the one that
fewest have, as the list has to look longest for the latter. The baselines are, on the same
service and database, `GET /healthz` (what HTTP alone costs) and the plain SELECT of the rows of
the lead's reports.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import asyncpg

from app.cli.importing import progress_bar
from bench.corpus import Corpus, corpus
from bench.http import Client
from bench.linking import write_reports
from bench.measuring import Figure, drained, options, percentile, post_batch, tell, unfenced
from bench.typical import typical_reports

_WARM = 5
_MOST_OF_LEAD = 100
_MOST_OF_LIST = 50
_PHONE = "+421905777888"
_LARGEST = """
SELECT lead_id, count(*) AS reports FROM lead_membership WHERE report_id = ANY($1 ::uuid[])
GROUP BY lead_id ORDER BY count(*) DESC LIMIT 1
"""
_LISTS = {"form": "forms", "country": "countries", "indicator": "indicators", "nuts": "nuts"}


@dataclass(frozen=True, slots=True)
class _Lead:
    """The large lead, its address, and seconds of each SELECT of its reports' rows."""

    path: str
    reports: int
    selects: list[float]


def main() -> None:
    """Measure and print."""
    arguments = options("reading")
    arguments.add_argument("--corpus", type=int, default=200_000)
    arguments.add_argument("--lead", type=int, default=500, help="reports of the large lead")
    arguments.add_argument("--times", type=int, default=100, help="requests of each sort")
    arguments.add_argument("--keep", type=Path, help="folder in which the corpus is kept")
    wanted = arguments.parse_args()
    with corpus(wanted.corpus, wanted.keep) as loaded:
        lead = asyncio.run(_large_lead(loaded, wanted.lead, wanted.times))
        filters = asyncio.run(_filters(loaded.dsn))
        with Client(loaded.service.port, loaded.service.agency_token()) as client:
            figures = [
                *_figures("baseline: GET /healthz", _times(client, "/healthz", wanted.times)),
                *_figures(f"baseline: SELECT of {lead.reports} reports", lead.selects),
                *_of_lead(client, lead, wanted.times),
                *_of_list(client, filters, wanted.times),
            ]
    tell({"corpus": wanted.corpus, "reports of the lead": lead.reports}, figures,
         as_json=wanted.json)  # fmt: skip


def _of_lead(client: Client, lead: _Lead, times: int) -> Iterator[Figure]:
    for label, suffix in (("", ""), ("/links", "/links"), ("/links, 200", "/links?limit=200")):
        took = _times(client, lead.path + suffix, times)
        yield from _figures(f"GET /v1/leads/{{id}}{label}", took, most=_MOST_OF_LEAD)


def _of_list(client: Client, filters: dict[str, dict[str, str]], times: int) -> list[Figure]:
    figures: list[Figure] = []
    with progress_bar("lists", len(filters), in_bytes=False) as move_to:
        for number, (label, query) in enumerate(filters.items(), start=1):
            took = _times(client, f"/v1/leads?{urlencode(query)}", times)
            figures += _figures(f"GET /v1/leads: {label}", took, most=_MOST_OF_LIST)
            move_to(number)
    return figures


def _times(client: Client, path: str, times: int) -> list[float]:
    for _ in range(_WARM):
        client.ask("GET", path)
    return [client.ask("GET", path).seconds for _ in range(times)]


def _figures(label: str, seconds: Sequence[float], most: float | None = None) -> list[Figure]:
    return [
        Figure(f"{label}, p50", percentile(seconds, 0.5) * 1000, "ms"),
        Figure(f"{label}, p95", percentile(seconds, 0.95) * 1000, "ms", most=most),
    ]


async def _large_lead(loaded: Corpus, count: int, times: int) -> _Lead:
    """Post one operation, unless a corpus that was kept has it, and find its lead."""
    posted = loaded.place / f"lead-{count}.json"
    if not posted.exists():
        lines = write_reports(_operation(count), count, loaded.place / "lead.ndjson")
        ids = await asyncio.to_thread(post_batch, loaded.service, lines)
        await drained(loaded.dsn)
        posted.write_text(json.dumps(ids), encoding="ascii")
    reports = json.loads(posted.read_text(encoding="ascii"))
    connection = await asyncpg.connect(unfenced(loaded.dsn))
    await connection.execute("ANALYZE")
    (found,) = await connection.fetch(_LARGEST, reports)
    members = await connection.fetch(
        "SELECT report_id FROM lead_membership WHERE lead_id = $1", found["lead_id"]
    )
    ids = [row["report_id"] for row in members]
    selects = []
    for _ in range(times):
        started = time.perf_counter()
        await connection.fetch("SELECT * FROM report WHERE id = ANY($1 ::uuid[])", ids)
        selects.append(time.perf_counter() - started)
    await connection.close()
    return _Lead(f"/v1/leads/{found['lead_id']}", len(ids), selects)


def _operation(count: int) -> Iterator[bytes]:
    """Typical reports of one town and form, within half a year, that all name one phone."""
    chance = Random(5)
    for number, line in enumerate(typical_reports(count, seed=5)):
        report = json.loads(line)
        report["external_ref"] = f"LEAD-{count}-{number}"
        report["attributes"][0]["value"] = _PHONE
        day = date(2026, 1, 1) + timedelta(days=chance.randrange(180))
        report["observed_from"] = day.isoformat()
        yield json.dumps(report, ensure_ascii=False).encode() + b"\n"


async def _filters(dsn: str) -> dict[str, dict[str, str]]:
    """By what the list is asked for, with the commonest and the rarest value there is."""
    connection = await asyncpg.connect(unfenced(dsn))
    filters: dict[str, dict[str, str]] = {"all": {}, "newest first": {"sort": "-updated_at"}}
    most: dict[str, str] = {}
    least: dict[str, str] = {}
    for name, column in _LISTS.items():
        rows = await connection.fetch(
            f"SELECT code FROM lead, unnest({column}) AS code WHERE report_count > 0 "
            "GROUP BY code ORDER BY count(*) DESC, code"
        )
        most[name], least[name] = rows[0]["code"], rows[-1]["code"]
        filters[f"{name}, commonest"] = {name: most[name]}
        filters[f"{name}, rarest"] = {name: least[name]}
    (scores,) = await connection.fetch(
        "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY score) AS half, max(score) AS highest "
        "FROM lead WHERE report_count > 0"
    )
    await connection.close()
    filters["min_score, median"] = {"min_score": str(scores["half"])}
    filters["min_score, highest"] = {"min_score": str(scores["highest"])}
    filters["has_children"] = {"has_children": "true"}
    filters["no children"] = {"has_children": "false"}
    filters["min_reports"] = {"min_reports": "100"}
    filters["nuts, one country"] = {"nuts": most["nuts"][:2]}
    filters["nuts, a country's rarest"] = {"nuts": least["nuts"][:3]}
    rest = {"min_score": str(scores["half"]), "has_children": "true"}
    filters["all filters, commonest"] = most | rest
    filters["all filters, rarest"] = least | rest
    filters["country and indicator, rarest, newest first"] = {
        "country": least["country"], "indicator": least["indicator"], "sort": "-updated_at",
    }  # fmt: skip
    return filters


if __name__ == "__main__":
    main()
