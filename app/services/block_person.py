"""Block a person from an outside issuer."""

from app.domain.audit import Action, By
from app.domain.errors import ConflictError
from app.storage.repositories import audit, cutting
from app.storage.session import WriteConnection


async def block_person(connection: WriteConnection, person_id: str, *, by: By) -> None:
    """Refuse the person from the commit on, whatever tokens its issuer gave or gives it.

    Raises ConflictError where it is blocked already.
    """
    if not await cutting.block_person(connection, person_id, now=by.at):
        raise ConflictError("this person is blocked already")
    audit.record(connection, by, Action.PERSON_BLOCKED, subject=person_id)
