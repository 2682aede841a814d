"""Let a person from an outside issuer in again."""

from app.domain.audit import Action, By
from app.domain.errors import NotFoundError
from app.storage.repositories import audit, cutting
from app.storage.session import WriteConnection


async def unblock_person(connection: WriteConnection, person_id: str, *, by: By) -> None:
    """Take the person's tokens again. Raises NotFoundError where it is not blocked."""
    if not await cutting.unblock_person(connection, person_id):
        raise NotFoundError("this person is not blocked")
    audit.record(connection, by, Action.PERSON_UNBLOCKED, subject=person_id)
