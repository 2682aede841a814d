"""From stored things to what goes over the wire."""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import Fault
from app.domain.indicators import Catalogue
from app.domain.reports import ObservedValue
from app.domain.screening import screening_of_report
from app.intake.content import Content
from app.storage.repositories.report_record import ReportRecord


def present_report(
    record: ReportRecord, content: Content | None, catalogues: Mapping[str, Catalogue]
) -> dict[str, Any]:
    """A report as its sender reads it: as sent, with what Tessera knows of it beside. It is
    assessed by that version of the catalogue under which it was written.
    """
    head = {
        "id": str(record.id),
        "status": record.status,
        "version": record.version,
        "received_at": record.received_at,
        "updated_at": record.updated_at,
        "external_ref": record.external_ref,
        "catalogue_version": record.catalogue_version,
    }
    if content is None:
        return head
    assessment = screening_of_report(record.told, catalogues[record.catalogue_version])
    return {
        **head,
        **content.report,
        "attributes": _with_normalised(content),
        "values": [present_value(value) for value in content.values],
        "warnings": present_warnings(content.warnings),
        "assessment": assessment,
    }


def present_warnings(warnings: tuple[Fault, ...]) -> list[dict[str, str]]:
    """What could not be normalised, and where it stands."""
    return [{"pointer": w.pointer, "detail": w.detail} for w in warnings]


def present_value(value: ObservedValue) -> dict[str, Any]:
    """A normalised value and where it stands in the report."""
    return {
        "pointer": value.pointer,
        "kind": value.kind.value,
        "role": value.role.value,
        "normalised": value.normalised,
        "links": value.links,
        "note": value.note,
    }


def etag_of(record: ReportRecord) -> str:
    """The entity tag of the present version (RFC 9110, 8.8.3)."""
    return f'"{record.version}"'


def _with_normalised(content: Content) -> list[dict[str, Any]]:
    """The attributes as sent, each with its comparison form; null where there is none. Where
    one text held several values, the first stands here and all are in `values`.
    """
    first: dict[str, str | None] = {}
    for value in content.values:
        first.setdefault(value.pointer, value.normalised)
    return [
        {**attribute, "normalised": first.get(f"/attributes/{place}")}
        for place, attribute in enumerate(content.report.get("attributes", ()))
    ]
