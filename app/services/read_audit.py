"""Read the access log, which enters the log itself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.crypto.audit_chain import LoggedEntry
from app.domain.acting import AUDIT
from app.domain.audit import Action, By
from app.storage.repositories import audit, audit_log, organisations
from app.storage.repositories.audit_log import EntryFilter
from app.storage.session import WriteConnection, acting


@dataclass(frozen=True, slots=True)
class EntriesShown:
    """A page of the log, newest entry first. names: of the organisations that acted. more: others
    come behind these.
    """

    entries: list[LoggedEntry]
    names: dict[UUID, str]
    more: bool


async def read_audit(
    connection: WriteConnection,
    wanted: EntryFilter,
    *,
    by: By,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> EntriesShown:
    """Entries that match, behind `after`, a time and an id. That they were shown is logged."""
    async with acting(connection, AUDIT):
        found = await audit_log.list_entries(connection, wanted, after=after, limit=limit + 1)
        shown = found[:limit]
        who = {each.organisation_id for each in shown if each.organisation_id is not None}
        known = await organisations.find_many(connection, who)
    audit.record(connection, by, Action.AUDIT_READ, [each.id for each in shown])
    names = {id_: row.name for id_, row in known.items()}
    return EntriesShown(shown, names, len(found) > limit)
