"""Scenario reports by one NDJSON batch until linked, against a plain COPY of the finished rows.

    uv run python -m bench.linking [--reports 200000] [--small 20000] [--seed 1]

Unlike `bench.batch` this links by everything there is: the reports are those of bench/scenarios,
with names, firms, places and values written in many ways. They are written to a file first, so
that making them is no part of what is measured, and posted over HTTP as one batch on one
connection. A client reports for its own organisation, so one organisation reports for all:
the name of the one that a scenario line gives stands in front of `external_ref` instead.
Linking does not look at who reported, only a lead's score and counts do.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.cli.importing import progress_bar
from bench.loading import Load, figures_of, measure
from bench.measuring import folder, options, tell
from bench.scenarios import generate


def as_posted(line: dict[str, Any]) -> bytes:
    """A scenario line as a report that one organisation posts for all."""
    report = line["report"]
    reference = f"{line['organisation']['ref']}/{report['external_ref']}"
    return json.dumps(report | {"external_ref": reference}, ensure_ascii=False).encode() + b"\n"


def write_reports(lines: Iterable[bytes], count: int, file: Path) -> Path:
    """Write the lines with a progress bar; returns the file."""
    with (
        file.open("wb") as writing,
        progress_bar(f"writing {count} reports", count, in_bytes=False) as move_to,
    ):
        for number, line in enumerate(lines, start=1):
            writing.write(line)
            if number % 500 == 0:
                move_to(number)
        move_to(count)
    return file


def main() -> None:
    """Measure and print."""
    arguments = options("linking")
    arguments.add_argument("--reports", type=int, default=200_000)
    arguments.add_argument("--small", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    wanted = arguments.parse_args()
    small = _measure(wanted.small, wanted.seed)
    large = _measure(wanted.reports, wanted.seed)
    settings = {"reports": wanted.reports, "small": wanted.small, "seed": wanted.seed}
    tell(settings, figures_of(small, large, ratio=0.12, growth=1.5), as_json=wanted.json)


def _measure(count: int, seed: int) -> Load:
    with folder() as place:
        lines = (as_posted(line) for line, _ in generate(count, seed))
        return measure(write_reports(lines, count, place / "reports.ndjson"), count, place)


if __name__ == "__main__":
    main()
