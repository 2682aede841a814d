"""`Prefer: wait=N` (RFC 7240, section 4.3): hold an answer until the report has been linked."""

import re
import time
from uuid import UUID

from app.api.deps import Installation
from app.domain.acting import Acting
from app.storage.repositories import leads
from app.storage.repositories.linking import LINKED_CHANNEL
from app.storage.session import reading

MOST_SECONDS = 30
_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,4})\"?(?:$|[,;\s])")
_LOOK_AGAIN_SECONDS = 1.0


def wanted_wait(prefer: str | None) -> int:
    """The seconds that the caller would wait; 0 if none are asked for."""
    found = _WAIT.search(prefer or "")
    return min(int(found.group(1)), MOST_SECONDS) if found else 0


async def wait_until_linked(
    parts: Installation, report_id: UUID, seconds: float, *, actor: Acting
) -> bool:
    """Wait until the report, one of `actor`, is in a lead, at most so long; whether it is."""
    until = time.monotonic() + seconds
    with parts.listener.expect(LINKED_CHANNEL, "") as news:
        while True:
            async with reading(parts.database.engine, actor) as connection:
                if await leads.is_linked(connection, report_id):
                    return True
            left = until - time.monotonic()
            if left <= 0 or parts.listener.is_closing:
                return False
            # News may be lost while the listener is away, so look again now and then.
            await news.wait(min(left, _LOOK_AGAIN_SECONDS))
