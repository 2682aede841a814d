"""Block a person from an outside issuer."""

from datetime import datetime

from app.domain.errors import ConflictError
from app.storage.repositories import cutting
from app.storage.session import WriteConnection


async def block_person(connection: WriteConnection, person_id: str, *, now: datetime) -> None:
    """Refuse the person from the commit on, whatever tokens its issuer gave or gives it.

    Raises ConflictError where it is blocked already.
    """
    if not await cutting.block_person(connection, person_id, now=now):
        raise ConflictError("this person is blocked already")
