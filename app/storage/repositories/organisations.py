"""The members of the network, as readers of leads see them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.storage.session import ReadConnection
from app.storage.tables.access import organisation


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """Who sent a report."""

    id: UUID
    name: str
    kind: str
    country: str


async def find_many(
    connection: ReadConnection, ids: Collection[UUID]
) -> dict[UUID, OrganisationRow]:
    """The organisations of these ids."""
    columns = [organisation.c[name] for name in OrganisationRow.__slots__]
    statement = select(*columns).where(organisation.c.id.in_(list(ids)))
    return {row.id: OrganisationRow(*row) for row in await connection.execute(statement)}
