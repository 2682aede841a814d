"""Found leads beside the true operations."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.cli.demo.findings import Findings

_LEAST_COVERAGE = 0.5
_LEAST_PURITY = 0.8


@dataclass(frozen=True, slots=True)
class Comparison:
    """A true operation and the lead that holds most of it, if any does.

    found: its reports in that lead; missed: those elsewhere; false: others in that lead.
    """

    operation: str
    lead_id: str | None
    found: Collection[str]
    missed: Collection[str]
    false: Collection[str]

    @property
    def is_found(self) -> bool:
        """Whether one lead holds at least half of the operation and is at least four fifths it."""
        reports = len(self.found) + len(self.missed)
        held = len(self.found) + len(self.false)
        return (
            self.lead_id is not None
            and len(self.found) >= _LEAST_COVERAGE * reports
            and len(self.found) >= _LEAST_PURITY * held
        )


def compare(findings: Findings, truth: Mapping[str, str]) -> list[Comparison]:
    """Every true operation with the lead that shows it best, in order of its name."""
    operations: dict[str, set[str]] = {}
    for reference, operation in truth.items():
        if operation:
            operations.setdefault(operation, set()).add(reference)
    return [_best(findings, name, reports) for name, reports in sorted(operations.items())]


def _best(findings: Findings, operation: str, reports: set[str]) -> Comparison:
    held = [(reports & set(lead.members), lead) for lead in findings.leads]
    found, lead = max(held, key=lambda each: len(each[0]), default=(set[str](), None))
    if lead is None or not found:
        return Comparison(operation, None, (), sorted(reports), ())
    others = sorted(set(lead.members) - reports)
    return Comparison(operation, lead.id, sorted(found), sorted(reports - found), others)
