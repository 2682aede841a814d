"""Write a scenario: uv run python -m bench.scenarios --reports 200000 --seed 1 --out FOLDER

Writes `reports.ndjson` and `truth.csv` (contract, section 10) and prints what is in them.
"""

import argparse
import csv
import json
from pathlib import Path

from app.cli.importing import progress_bar
from bench.scenarios.figures import Figures
from bench.scenarios.flow import scenario

_FEWEST, _MOST = 1_000, 1_000_000
_STEP = 500


def main() -> None:
    """Write and print."""
    arguments = argparse.ArgumentParser(prog="python -m bench.scenarios")
    arguments.add_argument("--reports", type=int, default=2_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--out", type=Path, required=True)
    wanted = arguments.parse_args()
    if not _FEWEST <= wanted.reports <= _MOST:
        arguments.error(f"--reports: from {_FEWEST} to {_MOST}")
    wanted.out.mkdir(parents=True, exist_ok=True)
    figures = write(wanted.reports, wanted.seed, wanted.out)
    print(json.dumps(figures.told(), indent=2))


def write(reports: int, seed: int, folder: Path) -> Figures:
    """Write both files into the folder; what is in them."""
    figures = Figures()
    with (
        (folder / "reports.ndjson").open("w", encoding="utf-8", newline="\n") as lines,
        (folder / "truth.csv").open("w", encoding="utf-8", newline="") as rows,
        progress_bar("writing", reports, in_bytes=False) as move_to,
    ):
        truth = csv.writer(rows, lineterminator="\n")
        truth.writerow(("organisation", "external_ref", "lead"))
        for made in scenario(reports, seed):
            figures.add(made)
            lines.write(json.dumps(made.line, ensure_ascii=False) + "\n")
            organisation, report = made.line["organisation"], made.line["report"]
            truth.writerow((organisation["ref"], report["external_ref"], made.lead or ""))
            if figures.reports % _STEP == 0:
                move_to(figures.reports)
        move_to(figures.reports)
    return figures


if __name__ == "__main__":
    main()
