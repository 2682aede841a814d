"""The access log: append only; ids and codes, never content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.access import Principal, Purpose
from app.storage.copying import copy_rows
from app.storage.session import WriteConnection
from app.storage.tables.audit import audit_entry


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which thing, when and why."""

    id: UUID
    at: datetime
    principal: Principal
    action: str
    object_kind: str
    object_id: UUID
    purpose: Purpose | None = None


_COLUMNS = (
    "id", "at", "organisation_id", "client_id", "action", "purpose", "object_kind", "object_id",
)  # fmt: skip


async def record(connection: WriteConnection, entries: Sequence[Entry]) -> None:
    """Write entries in the transaction of what they tell of."""
    if entries:
        await copy_rows(
            connection,
            audit_entry,
            _COLUMNS,
            [
                (
                    entry.id,
                    entry.at,
                    entry.principal.organisation_id,
                    entry.principal.client_id,
                    entry.action,
                    entry.purpose.value if entry.purpose else None,
                    entry.object_kind,
                    entry.object_id,
                )
                for entry in entries
            ],
        )
