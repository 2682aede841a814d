"""NDJSON batch until linked, against a plain COPY of the same finished rows, in one run.

    uv run python -m bench.batch [--reports 100000] [--small 10000]

The same reports are posted to an empty service as one batch on one connection and timed until
nothing is pending. Then the rows of all tables that they left are copied, by plain COPY FROM,
into the same tables with the same indexes and constraints in another database of the same
server. Printed: both rates, their ratio, the cost a report at `reports` against that at
`small`, and the peak memory of the service.
"""

from collections.abc import Iterable
from pathlib import Path

from bench.loading import Load, figures_of, measure
from bench.measuring import folder, options, tell
from bench.typical import typical_reports


def main() -> None:
    """Measure and print."""
    arguments = options("batch")
    arguments.add_argument("--reports", type=int, default=100_000)
    arguments.add_argument("--small", type=int, default=10_000)
    wanted = arguments.parse_args()
    small = _measure(wanted.small)
    large = _measure(wanted.reports)
    settings = {"reports": wanted.reports, "small": wanted.small}
    tell(settings, figures_of(small, large, ratio=0.2, growth=1.3), as_json=wanted.json)


def _measure(count: int) -> Load:
    with folder() as place:
        return measure(_written(typical_reports(count), place / "reports.ndjson"), count, place)


def _written(reports: Iterable[bytes], lines: Path) -> Path:
    with lines.open("wb") as file:
        file.writelines(report + b"\n" for report in reports)
    return lines


if __name__ == "__main__":
    main()
