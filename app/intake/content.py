"""What is sealed of a report: its JSON exactly as sent, and beside it the normalised values."""

from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json, to_json

from app.crypto.sealing import Sealer
from app.domain.attributes import AttributeKind, AttributeRole
from app.domain.errors import Fault
from app.domain.observation import Observation
from app.domain.reports import ObservedValue
from app.storage.repositories.report_record import ReportRecord

REPORT_TABLE = "report"

# Looked up, because calling an enumeration costs several times as much and a lead has thousands.
_KINDS = {each.value: each for each in AttributeKind}
_ROLES = {each.value: each for each in AttributeRole}


@dataclass(frozen=True, slots=True)
class Content:
    """The opened content of a report. `report` is the parsed JSON as sent."""

    report: dict[str, Any]
    values: tuple[ObservedValue, ...]
    warnings: tuple[Fault, ...]


def pack(report: bytes, observation: Observation) -> bytes:
    """The bytes to seal. `report` goes in unchanged."""
    beside = to_json(
        {
            "values": [[v.pointer, v.kind.value, v.role.value, *v[3:]] for v in observation.values],
            "warnings": [[w.pointer, w.detail] for w in observation.warnings],
        }
    )
    return b'{"report":' + report + b"," + beside[1:]


def unpack(packed: bytes) -> Content:
    """The content of bytes that `pack` made."""
    data = from_json(packed)
    values = tuple(
        [
            ObservedValue(pointer, _KINDS[kind], _ROLES[role], *rest)
            for pointer, kind, role, *rest in data["values"]
        ]
    )
    return Content(data["report"], values, tuple(Fault(*w) for w in data["warnings"]))


def open_content(record: ReportRecord, sealer: Sealer) -> Content | None:
    """The content of a report; None once it was withdrawn. Raises UnsealError."""
    if record.sealed is None:
        return None
    return unpack(sealer.unseal(record.sealed, table=REPORT_TABLE, record=record.id))
