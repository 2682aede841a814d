"""What an invariant is, and how one is looked at. The statements are in the files beside this."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import text

from app.storage.session import ReadConnection

MOST_SHOWN = 20
"""Of what breaks an invariant so many are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that must be true of the stored data.

    name: by which it is asked for. meaning: what is true, in one sentence. of: what the ids name
    that the statement finds. finds: a statement with the one column `ids` (uuid[]), a row for
    each breach, none where it holds; it may use the names of Measures. is_warning: what it finds
    wants attention and is no damage.
    """

    name: str
    meaning: str
    of: str
    finds: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Measures:
    """What the statements measure by: thresholds of the model in bits, the least size of a core,
    the model's version, and after how many seconds work in the queue has waited too long.
    """

    link: float
    attach: float
    core: int
    model: str
    waiting: float


@dataclass(frozen=True, slots=True)
class Found:
    """What breaks an invariant: how many there are, and the ids of the first MOST_SHOWN of them."""

    count: int
    ids: Sequence[Sequence[UUID]]


async def look_for(connection: ReadConnection, invariant: Invariant, by: Measures) -> Found:
    """What breaks this invariant in the state of the data that the connection sees."""
    rows = await connection.execute(
        text(
            f"""
            SELECT ids, count(*) OVER () AS total FROM ({invariant.finds}) AS found
            ORDER BY ids LIMIT {MOST_SHOWN}
            """  # noqa: S608 - no input in it
        ),
        {name: value for name, value in asdict(by).items() if f":{name} " in invariant.finds},
    )
    found = rows.all()
    return Found(found[0].total if found else 0, [row.ids for row in found])
