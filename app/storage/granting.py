"""What the role of the service may do, and whether row-level security holds it."""

from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from app.domain.acting import MONITOR, OPERATOR
from app.storage.session import reading, writing
from app.storage.tables import metadata

_ALL = "SELECT, INSERT, UPDATE, DELETE"
_LESS = {"audit_entry": "SELECT, INSERT"}
"""Tables of which rows are never changed nor removed."""


class Standing(NamedTuple):
    """What a role is besides its grants. bypasses: row-level security does not hold it, as it is a
    superuser or has BYPASSRLS. owns: the tables, so that it could do away with row-level security
    by a statement of its own; the policies hold it all the same.
    """

    role: str
    bypasses: bool
    owns: bool


async def standing(engine: AsyncEngine) -> Standing:
    """What the role is that this engine connects as. Raises UnavailableError."""
    async with reading(engine, MONITOR) as connection:
        row = (
            await connection.execute(
                text(
                    """
                    SELECT r.rolname, r.rolsuper OR r.rolbypassrls AS bypasses, EXISTS (
                      SELECT FROM pg_class AS c
                      WHERE c.oid = to_regclass('public.report')
                        AND pg_has_role(r.oid, c.relowner, 'MEMBER')) AS owns
                    FROM pg_roles AS r WHERE r.rolname = current_user
                    """
                )
            )
        ).one()
    return Standing(row.rolname, row.bypasses, row.owns)


async def grant_service(engine: AsyncEngine, role: str) -> None:
    """Let `role` read and write the tables that the role of this engine owns, also those to come,
    and nothing else. May be done again; an owner is given nothing by it that it had not.
    """
    async with writing(engine, OPERATOR) as connection:
        database = await connection.scalar(text("SELECT current_database()"))
        for statement in _statements(_quoted(str(database)), _quoted(role)):
            await connection.exec_driver_sql(statement)


def role_of(dsn: str) -> str | None:
    """The role that an address names, if it does."""
    return make_url(dsn).username


def _statements(database: str, role: str) -> list[str]:
    granted = [f"GRANT {_LESS.get(name, _ALL)} ON {name} TO {role}" for name in metadata.tables]
    return [
        f"GRANT CONNECT ON DATABASE {database} TO {role}",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT ON alembic_version TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {_ALL} ON TABLES TO {role}",
        *granted,
    ]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
