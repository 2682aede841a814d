"""Have reports found by their block keys: the first thing that is done to a report to link it."""

from collections.abc import Collection
from uuid import UUID

from app.crypto.blind_index import code_of_circle, code_of_circumstances
from app.domain.linkage.blocking import keys_alone, keys_of
from app.domain.linkage.spread import circumstances_of
from app.linking.comparing import Comparing
from app.storage.repositories import blocks, carriers
from app.storage.repositories.blocks import BlockRow
from app.storage.session import WriteConnection


async def index(
    connection: WriteConnection, reports: Collection[UUID], comparing: Comparing
) -> None:
    """Add the block keys of these reports, which have none; withdrawn ones get none."""
    rows = []
    for report, (sealed, rank, named) in (await carriers.compared(connection, reports)).items():
        traits, marks = comparing.open(report, sealed)
        where = circumstances_of(traits, comparing.model.spread)
        circumstances = code_of_circumstances(comparing.keyring, where)
        circle = code_of_circle(comparing.keyring, named)
        alone = comparing.indexes(keys_alone(marks), circle)
        rows += [
            BlockRow(report, key, rank, circumstances, key in alone)
            for key in comparing.indexes(keys_of(marks), circle)
        ]
    await blocks.add(connection, rows)
