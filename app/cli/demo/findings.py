"""What the service found, put together from its answers: to the senders about their own reports,
and to an analyst about leads.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """A report as its sender reads it. `item` is the answer of the service."""

    organisation: str
    item: Mapping[str, Any]

    @property
    def reference(self) -> str:
        return str(self.item["external_ref"])

    def values(self) -> set[tuple[str, str]]:
        """Kind and comparison form of everything that was read in it."""
        return {(value["kind"], value["normalised"]) for value in self.item["values"]}

    def warned(self) -> list[str]:
        """The texts, as sent, that the service says it could not normalise."""
        return [text for warning in self.item["warnings"] if (text := self._at(warning["pointer"]))]

    def _at(self, pointer: str) -> str | None:
        place: Any = self.item
        for part in pointer.split("/")[1:]:
            if isinstance(place, list) and part.isdigit() and int(part) < len(place):
                place = place[int(part)]
            else:
                place = place.get(part) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place = place.get("value") or place.get("number")
        return place if isinstance(place, str) else None


@dataclass(frozen=True, slots=True)
class Found:
    """A lead of several reports. detail, reports, links: the answers of the service; members: the
    references of its reports.
    """

    detail: Mapping[str, Any]
    reports: Sequence[Mapping[str, Any]]
    links: Sequence[Mapping[str, Any]]
    members: Collection[str]

    @property
    def id(self) -> str:
        return str(self.detail["id"])


@dataclass(frozen=True, slots=True)
class Findings:
    """All reports by their reference, and the leads of several, strongest first."""

    reports: Mapping[str, Seen]
    leads: Sequence[Found]

    def lead_of(self, reference: str) -> Found | None:
        """The lead that a report is in; None where it stands alone."""
        return next((lead for lead in self.leads if reference in lead.members), None)

    def reference_of(self, report_id: str) -> str:
        """The sender's reference of a report, whoever may read the rest of it."""
        return next(ref for ref, seen in self.reports.items() if str(seen.item["id"]) == report_id)

    def linked_by(self, value: tuple[str, str]) -> list[tuple[str, str]]:
        """The pairs of reports whose link counts a value that both carry."""
        kind, form = value
        pairs = []
        for link in (each for lead in self.leads for each in lead.links):
            first, second = (self.reference_of(report_id) for report_id in link["reports"])
            if all(value in self.reports[ref].values() for ref in (first, second)) and any(
                part["kind"] == kind and part["value"] in (form, None) for part in link["parts"]
            ):
                pairs.append((first, second))
        return pairs
