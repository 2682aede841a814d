"""Keep a key to sign with: the first one, and its successors.

A successor is published some time before it signs, so that whoever verifies has it when the
first token comes; a key is kept after its last signature until the last token has expired.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.crypto.sealing import Sealer
from app.crypto.signing import generate_key, key_to_bytes, public_jwk
from app.domain.audit import SYSTEM, Action, By
from app.gateways.tokens import LEEWAY_SECONDS, LONGEST_OWN_LIFETIME_SECONDS
from app.storage.repositories import access, audit
from app.storage.repositories.access import KeyRecord
from app.storage.session import WriteConnection

SEALED_AS = "signing_key"
PUBLISHED_AHEAD = timedelta(minutes=15)
"""Longer than a JWKS is cached (5 minutes) and than our processes go without looking (1)."""

_KEPT_AFTER = PUBLISHED_AHEAD + timedelta(seconds=LONGEST_OWN_LIFETIME_SECONDS + LEEWAY_SECONDS)
_UNTIL_REPLACED = datetime(9999, 12, 31, tzinfo=UTC)


async def ensure_signing_key(
    connection: WriteConnection,
    *,
    sealer: Sealer,
    record_id: UUID,
    rotate_after: timedelta,
    now: datetime,
) -> bool:
    """Add a key under `record_id` if there is none, or the newest has signed for `rotate_after`.

    Safe for any number of processes at once: they take turns, and the second finds the key of
    the first. Returns whether one was added.
    """
    if not await _is_due(connection, rotate_after, now):
        return False
    await access.lock_keys(connection)
    if not await _is_due(connection, rotate_after, now):
        return False
    await access.remove_expired_keys(connection, now=now)
    is_first = not await access.list_keys(connection, now=now)
    signs_from = now if is_first else now + PUBLISHED_AHEAD
    await access.expire_keys(connection, at=signs_from + _KEPT_AFTER)
    key = generate_key()
    sealed = sealer.seal(key_to_bytes(key), table=SEALED_AS, record=record_id)
    await access.add_key(
        connection,
        KeyRecord(key.kid, record_id, public_jwk(key), sealed, signs_from, _UNTIL_REPLACED),
    )
    audit.record(connection, By(SYSTEM, now), Action.SIGNING_KEY_ADDED, [record_id])
    return True


async def _is_due(connection: WriteConnection, rotate_after: timedelta, now: datetime) -> bool:
    keys = await access.list_keys(connection, now=now)
    return not keys or keys[-1].signs_from + rotate_after <= now
