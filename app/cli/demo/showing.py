"""How the demo prints: plain tables that are readable at 100 columns, without colours where the
output is not a terminal.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from app.cli.demo.comparing import Comparison
from app.cli.demo.findings import Findings, Found
from app.cli.demo.network import Member
from app.cli.demo.traps import Verdict

_WIDTH = 100
_ELEMENTS = ("act", "means", "purpose")
_RIGHT = frozenset(
    {
        "score", "reports", "withheld", "org.", "sectors", "found", "missed", "false", "bits",
        "said by", "shown alone by",
    }
)  # fmt: skip


def console() -> Console:
    """Where the demo prints: no wider than a page, and no narrower than the tables need."""
    width = None if sys.stdout.isatty() else _WIDTH
    shown = Console(width=width, markup=False, emoji=False, highlight=False, soft_wrap=False)
    shown.width = min(shown.width, _WIDTH)
    return shown


class Screen:
    """Prints the steps of the demo."""

    def __init__(self) -> None:
        """Print to stdout."""
        self._console = console()

    def step(self, text: str) -> None:
        """Announce a step."""
        self._console.print()
        self._console.print(text, style="bold")

    def say(self, text: str) -> None:
        """Print a sentence."""
        self._console.print(text)

    def raw(self, text: str) -> None:
        """Print a line to be copied: never broken, however long."""
        print(text)

    def leads(self, findings: Findings) -> None:
        """The leads as an analyst's list."""
        rows = [
            (
                f"{lead.detail['score']:.0f}",
                str(lead.detail["report_count"]),
                str(lead.detail["withheld_count"]),
                str(lead.detail["organisation_count"]),
                str(lead.detail["sector_count"]),
                " ".join(lead.detail["countries"]),
                ", ".join(_plain(form) for form in lead.detail["forms"]),
                _elements(lead),
            )
            for lead in findings.leads
        ]
        headings = (
            "score", "reports", "withheld", "org.", "sectors", "countries", "forms", "indicated",
        )  # fmt: skip
        self._table(headings, rows)
        self.say(
            "Indicated by the reports that this analyst may read; * by combination: no report "
            "shows it by itself. Only together: all elements that are needed are indicated, and no "
            "single report and no single organisation shows them all."
        )

    def links(self, findings: Findings, lead: Found) -> None:
        """Why the reports of a lead are together."""
        rows = []
        for link in lead.links:
            first, second = (findings.reference_of(report_id) for report_id in link["reports"])
            for place, part in enumerate(link["parts"]):
                value = part["value"] or "token"
                pair = (first, second) if place == 0 else ("", "")
                rows.append((*pair, part["kind"], value, f"{part['match_weight']:.2f}"))
            if len(link["parts"]) > 1:
                rows.append(("", "", "", "together", f"{link['match_weight']:.2f}"))
        self._table(("report", "and report", "share", "value", "bits"), rows)

    def contributions(self, findings: Findings, lead: Found) -> None:
        """Who contributed what to a lead; what is withheld, and whom to ask."""
        assessment = lead.detail["assessment"]
        rows = []
        for item in lead.reports:
            report_id = str(item["id"])
            sender = item["ask"] if item["withheld"] else item["organisation"]
            shows = [name for name in _ELEMENTS if report_id in assessment[name]["reports"]]
            signs = sorted(
                {
                    code
                    for name in _ELEMENTS
                    for code in assessment[name]["indicators"]
                    if code in _codes(item)
                }
            )
            told = "withheld: ask them" if item["withheld"] else ", ".join(shows) or "context"
            rows.append(
                (
                    findings.reference_of(report_id),
                    sender["name"],
                    f"{_plain(sender['kind'])}, {sender['country']}",
                    told,
                    " ".join(signs),
                )
            )
        self._table(("report", "organisation", "sector", "shows", "signs that count"), rows)

    def together(self, lead: Found) -> None:
        """What the fragments add up to, and how many organisations have as much by themselves."""
        assessment = lead.detail["assessment"]
        needed = [name for name in _ELEMENTS if assessment[name]["required"]]
        rows = []
        for name in _ELEMENTS:
            found = assessment[name]
            senders = str(len(found["organisations"]))
            alone = _alone(assessment, [name])
            rows.append(
                (name, _plain(found["result"]), senders, alone, " ".join(found["indicators"]))
            )
        brought = [each["elements"] for each in assessment["contributions"]]
        senders = str(sum(not set(needed).isdisjoint(each) for each in brought))
        alone = _alone(assessment, needed)
        whole = _plain(assessment["all_elements"])
        told = "only together" if assessment["by_combination"] else ""
        rows.append((f"all of {', '.join(needed)}", whole, senders, alone, told))
        self._table(("element", "result", "said by", "shown alone by", "signs"), rows)

    def comparisons(self, comparisons: Sequence[Comparison]) -> None:
        """Found leads beside the true operations."""
        rows = [
            (
                each.operation,
                "found" if each.is_found else "NOT FOUND",
                str(len(each.found)),
                str(len(each.missed)),
                str(len(each.false)),
            )
            for each in comparisons
        ]
        self._table(("true operation", "", "found", "missed", "false"), rows)

    def verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """The traps, and whether each held."""
        rows = [
            (
                each.trap.name,
                "held" if each.held else "FAILED",
                each.trap.hidden.replace("`", ""),
                each.seen,
            )
            for each in verdicts
        ]
        self._table(("trap", "", "what is hidden", "what the answers show"), rows)
        for each in verdicts:
            for failure in each.failures:
                self.say(f"  {each.trap.name}: {failure}")

    def feedback(self, feeds: Sequence[tuple[Member, Iterable[Mapping[str, Any]]]]) -> None:
        """What each reporter is told."""
        rows = [
            (member.name, item["external_ref"], _plain(item["status"]), item["message"] or "")
            for member, items in feeds
            for item in items
        ]
        self._table(("organisation", "its report", "status", "message"), rows)

    def _table(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for heading in headings:
            table.add_column(
                heading, justify="right" if heading in _RIGHT else "left", overflow="fold"
            )
        for row in rows:
            table.add_row(*row)
        self._console.print(table)


def _elements(lead: Found) -> str:
    """The elements that are indicated; a star where only the reports together show it."""
    assessment = lead.detail["assessment"]
    told = [
        f"{name}{'*' if assessment[name]['by_combination'] else ''}"
        for name in _ELEMENTS
        if assessment[name]["result"] == "indicated"
    ]
    together = " (only together)" if assessment["by_combination"] else ""
    return (", ".join(told) or "none") + together


def _alone(assessment: Mapping[str, Any], elements: Sequence[str]) -> str:
    """How many of the organisations show all these elements without the others."""
    shown = [set(each["shows_alone"]) for each in assessment["contributions"]]
    return str(sum(set(elements) <= each for each in shown))


def _codes(item: Mapping[str, Any]) -> set[str]:
    signs = item.get("indicators", ())
    return {sign if isinstance(sign, str) else sign["code"] for sign in signs}


def _plain(code: str) -> str:
    return code.replace("_", " ")
