"""Read single reports, of whatever leads, that were sent by others."""

from collections.abc import Sequence
from uuid import UUID

from app.crypto.sealing import Sealer
from app.domain.access import Principal
from app.domain.errors import NotFoundError
from app.intake.members import Member, open_members
from app.storage.session import ReadConnection


async def read_reports(
    connection: ReadConnection, wanted: Sequence[UUID], principal: Principal, sealer: Sealer
) -> list[Member]:
    """These reports, of whatever leads, to a reader who may read all of them. Raises NotFoundError
    where one is unknown, withdrawn, or not for this reader. `members.log_read` has to follow.
    """
    members = await open_members(connection, wanted, principal, sealer)
    if sum(member.content is not None for member in members) < len(set(wanted)):
        raise NotFoundError
    return members
