"""The sample data: who reports what, and the truth about it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.truth import read_truth
from app.storage.catalogues import DATA

FOLDER: Path = DATA / "demo"


@dataclass(frozen=True, slots=True)
class Sample:
    """organisations: as enrolled, by their ref. reports: those of each organisation, in order of
    arrival. truth: the true lead of each report by its external reference, empty if alone.
    """

    organisations: dict[str, dict[str, Any]]
    reports: dict[str, list[dict[str, Any]]]
    truth: dict[str, str]
    description: str

    @property
    def report_count(self) -> int:
        return len(self.truth)


def read_sample(folder: Path = FOLDER) -> Sample:
    """The sample data. References are unique over all organisations here."""
    organisations = json.loads((folder / "organisations.json").read_text(encoding="utf-8"))
    reports: dict[str, list[dict[str, Any]]] = {}
    with (folder / "reports.ndjson").open(encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            reports.setdefault(entry["organisation"]["ref"], []).append(entry["report"])
    truth = read_truth(folder / "truth.csv")
    return Sample(
        {each["ref"]: each for each in organisations},
        reports,
        {reference: lead for (_, reference), lead in truth.items()},
        (folder / "README.md").read_text(encoding="utf-8"),
    )
