"""The access log: append only; ids and codes, never content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert

from app.domain.access import Principal, Purpose
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


async def record(connection: WriteConnection, entries: Sequence[Entry]) -> None:
    """Write entries in the transaction of what they tell of."""
    if entries:
        await connection.execute(
            insert(audit_entry),
            [
                {
                    "id": entry.id,
                    "at": entry.at,
                    "organisation_id": entry.principal.organisation_id,
                    "client_id": entry.principal.client_id,
                    "action": entry.action,
                    "purpose": entry.purpose.value if entry.purpose else None,
                    "object_kind": entry.object_kind,
                    "object_id": entry.object_id,
                }
                for entry in entries
            ],
        )
