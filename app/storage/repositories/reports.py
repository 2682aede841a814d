"""Reports: acceptance without loss or repetition, reading, amending, withdrawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Row, TextClause, any_, delete, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from app.domain.observation import Observation
from app.domain.reports import ReportStatus
from app.domain.screening import Told
from app.storage.copying import copy_rows
from app.storage.session import ReadConnection, WriteConnection
from app.storage.tables.linking import link_queue, report_attribute
from app.storage.tables.reports import idempotency_key, report, report_reference, report_version


class AttributeRow(NamedTuple):
    """One value of a report as it is stored: its blind index, never itself."""

    value_index: bytes
    kind: str
    role: str
    links: bool
    key_version: int
    qualifier: str | None = None


class ReportRecord(NamedTuple):
    """A report as it is stored; see the table `report` for the columns."""

    id: UUID
    organisation_id: UUID
    external_ref: str
    version: int
    status: str
    received_at: datetime
    updated_at: datetime
    observed_from: date
    observed_to: date | None
    language: str | None
    forms: Sequence[str]
    indicators: Sequence[str]
    country: str | None
    nuts: str | None
    age: str
    at_risk: bool
    credibility: int | None
    handling_code: str
    tlp: str
    share_with: Sequence[str]
    police: bool
    circle: Sequence[str] | None
    readers: Sequence[str] | None
    catalogue_version: str
    sealed: bytes | None
    traits: bytes | None
    rank: int

    @property
    def told(self) -> Told:
        """What it says that bears on an assessment."""
        return Told(
            self.credibility, self.age, self.at_risk, tuple(self.forms), tuple(self.indicators)
        )


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report that asks to be accepted. What was observed in it is stored sealed, in the
    record; here it serves the answer.

    circumstances: place and half-year.
    """

    record: ReportRecord
    attributes: Sequence[AttributeRow]
    circumstances: int
    content_mac: bytes
    idempotency_key: str | None
    observation: Observation


class Verdict(Enum):
    """What became of a submission."""

    CREATED = "created"
    REPEATED = "repeated"
    CONFLICT = "conflict"


_REPORT_COLUMNS = ReportRecord._fields
_ATTRIBUTE_COLUMNS = ("report_id", *AttributeRow._fields, "rank", "circumstances")

# Sorted, so that two transactions with the same references wait for each other in one order.
# A report whose reference is claimed gets its place in the queue in the same breath.
_CLAIM_REFERENCES = text(
    """
    WITH claimed AS (
      INSERT INTO report_reference (organisation_id, external_ref, report_id, content_mac)
      SELECT * FROM unnest(:organisations ::uuid[], :refs ::text[], :ids ::uuid[], :macs ::bytea[])
      ORDER BY 1, 2
      ON CONFLICT DO NOTHING
      RETURNING report_id),
    queued AS (
      INSERT INTO link_queue (report_id, cause) SELECT report_id, 'submitted' FROM claimed)
    SELECT report_id FROM claimed
    """
)
_CLAIM_KEYS = text(
    """
    INSERT INTO idempotency_key (organisation_id, key, report_id, content_mac, created_at)
    SELECT *, :now ::timestamptz
    FROM unnest(:organisations ::uuid[], :refs ::text[], :ids ::uuid[], :macs ::bytea[])
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING
    RETURNING report_id
    """
)
_HELD_REFERENCES = text(
    """
    SELECT organisation_id, external_ref AS name, report_id, content_mac FROM report_reference
    WHERE (organisation_id, external_ref)
          IN (SELECT * FROM unnest(:organisations ::uuid[], :refs ::text[]))
    """
)
_HELD_KEYS = text(
    """
    SELECT organisation_id, key AS name, report_id, content_mac FROM idempotency_key
    WHERE (organisation_id, key)
          IN (SELECT * FROM unnest(:organisations ::uuid[], :refs ::text[]))
    """
)


# What a withdrawn report was linked to, or judged with, may hang together otherwise without it.
# What the linker holds at this moment is left to it, for nobody waits for a batch to end.
_UNDO_LINKS = text(
    """
    WITH free AS (
      SELECT report_lo, report_hi FROM link WHERE report_lo = :id OR report_hi = :id
      FOR UPDATE SKIP LOCKED),
    undone AS (
      DELETE FROM link USING free
      WHERE link.report_lo = free.report_lo AND link.report_hi = free.report_hi
      RETURNING link.report_lo, link.report_hi),
    others AS (
      SELECT report_lo, report_hi FROM undone
      UNION
      SELECT report_lo, report_hi FROM judgement WHERE report_lo = :id OR report_hi = :id)
    INSERT INTO link_queue (report_id, cause)
    SELECT CASE WHEN report_lo = :id THEN report_hi ELSE report_lo END, 'withdrawn' FROM others
    """
)


# As with links, what the linker holds at this moment is left to it.
_REMOVE_KEYS = text(
    """
    DELETE FROM report_block USING (
      SELECT report_id, key FROM report_block WHERE report_id = :id FOR UPDATE SKIP LOCKED) AS free
    WHERE report_block.report_id = free.report_id AND report_block.key = free.key
    RETURNING report_block.key
    """
)


async def accept(
    connection: WriteConnection, reports: Sequence[NewReport], now: datetime
) -> list[tuple[Verdict, UUID]]:
    """Store those of `reports` that are new, with their attributes and their place in the queue.

    Returns, in the same order, what became of each and the id of the stored report: its own,
    or that of the earlier report with the same reference or idempotency key.
    """
    verdicts: dict[UUID, tuple[Verdict, UUID]] = {}
    keyed = [r for r in reports if r.idempotency_key is not None]
    if keyed:
        names = [r.idempotency_key or "" for r in keyed]
        verdicts |= await _claim(connection, _CLAIM_KEYS, _HELD_KEYS, keyed, names, {"now": now})
    open_reports = [r for r in reports if r.record.id not in verdicts]
    if open_reports:
        refs = [r.record.external_ref for r in open_reports]
        refused = await _claim(
            connection, _CLAIM_REFERENCES, _HELD_REFERENCES, open_reports, refs, {}
        )
        verdicts |= refused
        await _release_keys(connection, [r for r in keyed if r.record.id in refused])
    fresh = [r for r in reports if r.record.id not in verdicts]
    if fresh:
        await _store(connection, fresh)
    return [verdicts.get(r.record.id, (Verdict.CREATED, r.record.id)) for r in reports]


async def _claim(
    connection: WriteConnection,
    claim: TextClause,
    held: TextClause,
    reports: Sequence[NewReport],
    names: Sequence[str],
    more: dict[str, object],
) -> dict[UUID, tuple[Verdict, UUID]]:
    """Claim a name for each report; return a verdict for those whose name is taken."""
    arguments = {
        "organisations": [r.record.organisation_id for r in reports],
        "refs": list(names),
        "ids": [r.record.id for r in reports],
        "macs": [r.content_mac for r in reports],
    }
    claimed = set((await connection.execute(claim, arguments | more)).scalars())
    lost = [(r, name) for r, name in zip(reports, names, strict=True) if r.record.id not in claimed]
    if not lost:
        return {}
    rows = await connection.execute(
        held,
        {
            "organisations": [r.record.organisation_id for r, _ in lost],
            "refs": [name for _, name in lost],
        },
    )
    holders = {(row.organisation_id, row.name): row for row in rows}
    return {r.record.id: _judge(r, holders[r.record.organisation_id, name]) for r, name in lost}


def _judge(report_: NewReport, holder: Row[tuple[UUID, str, UUID, bytes]]) -> tuple[Verdict, UUID]:
    same = bytes(holder.content_mac) == report_.content_mac
    return (Verdict.REPEATED if same else Verdict.CONFLICT), holder.report_id


async def _release_keys(connection: WriteConnection, reports: Sequence[NewReport]) -> None:
    """Give back the idempotency keys of reports that were refused for their reference."""
    if reports:
        ids = [r.record.id for r in reports]
        await connection.execute(
            delete(idempotency_key).where(idempotency_key.c.report_id.in_(ids))
        )


async def _store(connection: WriteConnection, fresh: Sequence[NewReport]) -> None:
    await copy_rows(connection, report, _REPORT_COLUMNS, [r.record for r in fresh])
    await _store_values(connection, fresh)


async def _store_values(connection: WriteConnection, reports: Sequence[NewReport]) -> None:
    """Store by what values these reports are found."""
    attributes = [
        (r.record.id, *attribute, r.record.rank, r.circumstances)
        for r in reports
        for attribute in r.attributes
    ]
    if attributes:
        await copy_rows(connection, report_attribute, _ATTRIBUTE_COLUMNS, attributes)


async def find(
    connection: ReadConnection, report_id: UUID, *, organisation_id: UUID
) -> ReportRecord | None:
    """The organisation's own report of that id."""
    row = (
        await connection.execute(
            select(*(report.c[name] for name in _REPORT_COLUMNS)).where(
                report.c.id == report_id, report.c.organisation_id == organisation_id
            )
        )
    ).one_or_none()
    return None if row is None else ReportRecord(*row)


async def find_many(connection: ReadConnection, ids: Sequence[UUID]) -> dict[UUID, ReportRecord]:
    """The reports of these ids, whoever sent them: for leads, behind the sharing rules."""
    statement = select(*(report.c[name] for name in _REPORT_COLUMNS)).where(
        report.c.id == any_(literal(list(ids), ARRAY(Uuid)))
    )
    return {row.id: ReportRecord(*row) for row in await connection.execute(statement)}


async def list_own(
    connection: ReadConnection, organisation_id: UUID, *, before: UUID | None, limit: int
) -> list[ReportRecord]:
    """The organisation's reports, newest first, from just before the id `before`."""
    statement = (
        select(*(report.c[name] for name in _REPORT_COLUMNS))
        .where(report.c.organisation_id == organisation_id)
        .order_by(report.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(report.c.id < before)
    return [ReportRecord(*row) for row in await connection.execute(statement)]


async def lock(connection: WriteConnection, report_id: UUID, *, organisation_id: UUID) -> bool:
    """Hold the organisation's report until the transaction ends; False if there is none."""
    found = await connection.scalar(
        select(report.c.id)
        .where(report.c.id == report_id, report.c.organisation_id == organisation_id)
        .with_for_update()
    )
    return found is not None


async def replace(
    connection: WriteConnection,
    old: ReportRecord,
    new: NewReport,
    *,
    now: datetime,
) -> None:
    """Put an amended report in the place of `old`, keep the old version, and have it linked anew.

    The caller holds the lock of the report.
    """
    await connection.execute(
        insert(report_version).values(
            report_id=old.id, version=old.version, sealed=old.sealed, replaced_at=now
        )
    )
    changed = {name: getattr(new.record, name) for name in _REPORT_COLUMNS if name != "id"}
    await connection.execute(update(report).where(report.c.id == old.id).values(**changed))
    await connection.execute(
        update(report_reference)
        .where(
            report_reference.c.organisation_id == old.organisation_id,
            report_reference.c.external_ref == old.external_ref,
        )
        .values(content_mac=new.content_mac)
    )
    await _remove_values(connection, old.id, cause="amended")
    await _store_values(connection, [new])


async def erase(connection: WriteConnection, old: ReportRecord, *, now: datetime) -> None:
    """Erase content, values and earlier versions of a report, and have its links undone.

    The reference is free again. The caller holds the lock of the report.
    """
    await connection.execute(
        update(report)
        .where(report.c.id == old.id)
        .values(
            status=ReportStatus.WITHDRAWN.value,
            sealed=None,
            traits=None,
            updated_at=now,
            version=old.version + 1,
            forms=[],
            indicators=[],
            age="unknown",
            at_risk=False,
            country=None,
            nuts=None,
            language=None,
            observed_to=None,
            share_with=[],
        )
    )
    await connection.execute(delete(report_version).where(report_version.c.report_id == old.id))
    await connection.execute(
        delete(report_reference).where(
            report_reference.c.organisation_id == old.organisation_id,
            report_reference.c.external_ref == old.external_ref,
        )
    )
    # The key stays, without what it stood for: a request repeated late must not bring back what
    # was erased.
    await connection.execute(
        update(idempotency_key).where(idempotency_key.c.report_id == old.id).values(content_mac=b"")
    )
    await connection.execute(_UNDO_LINKS, {"id": old.id})
    await _remove_values(connection, old.id, cause="withdrawn")


async def _remove_values(connection: WriteConnection, report_id: UUID, *, cause: str) -> None:
    """Remove by what a report is found, and have the linker look again at those it was found by."""
    values = await connection.scalars(
        delete(report_attribute)
        .where(report_attribute.c.report_id == report_id)
        .returning(report_attribute.c.value_index)
    )
    keys = await connection.scalars(_REMOVE_KEYS, {"id": report_id})
    await connection.execute(
        insert(link_queue).values(
            report_id=report_id,
            touched=[bytes(index) for index in values],
            touched_keys=list(keys),
            cause=cause,
        )
    )
