"""Make a checkpoint of the access log, against which an auditor can hold it later."""

from datetime import datetime
from typing import Any

from app.crypto.audit_checkpoint import sign_checkpoint
from app.crypto.keyring import Keyring
from app.storage.repositories import audit_log
from app.storage.session import ReadConnection


async def make_checkpoint(
    connection: ReadConnection, *, keyring: Keyring, now: datetime
) -> dict[str, Any]:
    """The ends of all chains as they are committed, signed; to be written as JSON."""
    return sign_checkpoint(await audit_log.heads(connection), now, keyring.checkpoint)
