"""The one condition on who may know of a lead or a report, and who may read a report: beside the
table in every query that answers an agency.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Uuid, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.domain.access import Principal
from app.domain.sharing import names_of
from app.storage.session import ReadConnection
from app.storage.tables.reports import report


def names(reader: Principal) -> list[str]:
    """The parameter `names` of the conditions below."""
    return names_of(reader.organisation_id, reader.country)


def known(alias: str) -> str:
    """That the reader may know of this lead or report."""
    return _within(f"{alias}.circle")


def readable(alias: str) -> str:
    """That the reader may read this report, unless it was withdrawn."""
    return _within(f"{alias}.readers")


def known_to(reader: Principal, table: Table) -> ColumnElement[bool]:
    """That this reader may know of a lead or report."""
    return _includes(table.c.circle, reader)


async def known_among(
    connection: ReadConnection, table: Table, ids: Collection[UUID], reader: Principal
) -> set[UUID]:
    """Those of these leads or reports that the reader may know of."""
    return await _among(connection, table, ids, known_to(reader, table))


async def readable_among(
    connection: ReadConnection, ids: Collection[UUID], reader: Principal
) -> set[UUID]:
    """Those of these reports that the reader may read, unless they were withdrawn."""
    return await _among(connection, report, ids, _includes(report.c.readers, reader))


async def _among(
    connection: ReadConnection, table: Table, ids: Collection[UUID], condition: ColumnElement[bool]
) -> set[UUID]:
    if not ids:
        return set()
    wanted = table.c.id == any_(literal(list(ids), ARRAY(Uuid)))
    return set(await connection.scalars(select(table.c.id).where(wanted, condition)))


def _includes(circle: ColumnElement[Sequence[str]], reader: Principal) -> ColumnElement[bool]:
    return or_(circle.is_(None), circle.op("&&")(names(reader)))


def _within(circle: str) -> str:
    return f"({circle} IS NULL OR {circle} && :names ::text[])"
