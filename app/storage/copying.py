"""Bulk insertion in one statement, inside the transaction at hand.

Row-level security knows no COPY FROM, so columns travel as arrays. `unnest` would flatten arrays
of arrays: a column that holds arrays travels as their text.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import ARRAY, JSON

from app.storage.driver import driver_of
from app.storage.session import WriteConnection

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


async def copy_rows(
    connection: WriteConnection,
    table: Table,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Append `rows` (in the order of `columns`) to `table`. JSON is given as text."""
    by_column: list[Sequence[Any]] = list(zip(*rows, strict=True))
    if not by_column:
        return
    for place, name in enumerate(columns):
        if isinstance(table.c[name].type, ARRAY):
            by_column[place] = [_literal(value) for value in by_column[place]]
    driver = await driver_of(connection)
    await driver.execute(_statement(table, tuple(columns)), *by_column)


@lru_cache(maxsize=100)
def _statement(table: Table, columns: tuple[str, ...]) -> str:
    kinds = [table.c[name].type for name in columns]
    types = [kind.compile(_DIALECT) for kind in kinds]
    is_text = [isinstance(kind, ARRAY | JSON) for kind in kinds]
    sent = [
        f"${place} ::{'TEXT' if plain else type_}[]"
        for place, (plain, type_) in enumerate(zip(is_text, types, strict=True), 1)
    ]
    made = [
        f'r."{name}" ::{type_}' if plain else f'r."{name}"'
        for name, plain, type_ in zip(columns, is_text, types, strict=True)
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f'INSERT INTO "{table.name}" ({names}) SELECT {", ".join(made)} '  # noqa: S608 - no input
        f"FROM unnest({', '.join(sent)}) AS r ({names})"
    )


def _literal(values: Sequence[object] | None) -> str | None:
    """An array as PostgreSQL writes it (manual, section 8.15.2)."""
    if values is None:
        return None
    quoted = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"
