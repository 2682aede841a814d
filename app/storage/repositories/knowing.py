"""The one condition on who may know of a lead or a report, and who may read a report: beside the
table in every query that answers an agency.

Row-level security holds the same of every table, and shows an agency no row of a report that it
may not read. So what it may know of reports is asked of `stubs`, in the place of their table.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Uuid, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.domain.access import Principal
from app.domain.sharing import includes, names_of
from app.storage.repositories.report_stubs import stubs_of
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


def stubs(reports: str) -> str:
    """In the place of the table `report`: what may be known of those that a query of ids gives."""
    return f"report_stubs(ARRAY({reports}))"


def known_to(reader: Principal, table: Table) -> ColumnElement[bool]:
    """That this reader may know of a lead or report."""
    return _includes(table.c.circle, reader)


async def known_among(
    connection: ReadConnection, table: Table, ids: Collection[UUID], reader: Principal
) -> set[UUID]:
    """Those of these leads or reports that the reader may know of."""
    if table is report:
        found = await stubs_of(connection, list(ids)) if ids else ()
        country, own = reader.country, reader.organisation_id
        return {stub.id for stub in found if includes(stub.circle, agency=own, country=country)}
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
