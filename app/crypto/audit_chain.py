"""The hash chains of the access log: each entry's hash is a keyed one, HMAC-SHA-256 (RFC 2104),
over the hash before it and all that the entry says.

So no entry can be changed, left out, moved or put in without the key, which the database does
not hold. What this cannot show by itself is that the last entries of a chain were cut off
together with what is stored of its end; for that a checkpoint is held against it.
"""

import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

CHAINS = 64
"""So many transactions can write to the access log at once without waiting for each other."""

GENESIS = bytes(32)
"""The hash before the first entry of a chain."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class LoggedEntry(NamedTuple):
    """An entry as it is stored, but for its hash. The codes are texts here, for what somebody
    made of them is to be shown as it is. sequence: from 1, without a gap in its chain.
    """

    chain: int
    sequence: int
    id: UUID
    at: datetime
    actor: str
    organisation_id: UUID | None
    client_id: str | None
    action: str
    purpose: str | None
    object_kind: str
    objects: Sequence[UUID]
    subject: str | None
    key_version: int


def hash_after(previous: bytes, entry: LoggedEntry, key: bytes) -> bytes:
    """The hash of an entry that follows one with the hash `previous` (32 bytes)."""
    return hmac.digest(key, previous + _canonical(entry), "sha256")


def _canonical(entry: LoggedEntry) -> bytes:
    """All that an entry says, in one form: a JSON list in the order of the fields, so that no two
    entries that differ have the same. It is made of whatever is stored, also of what was never
    written by Tessera.
    """
    return json.dumps(entry, default=_coded, separators=(",", ":")).encode()


def _coded(value: UUID | datetime) -> str | int:
    """A UUID in hexadecimal, a time in whole microseconds since 1970."""
    return value.hex if isinstance(value, UUID) else (value - _EPOCH) // _MICROSECOND


class Head(NamedTuple):
    """The end of a chain: how many entries it has, and the hash of the last."""

    chain: int
    sequence: int
    hash: bytes


class Fault(NamedTuple):
    """Where a chain is not as it was written, and in what way. sequence: of the entry concerned,
    or how far the chain goes where it is about its end; None where all of it is concerned.
    """

    chain: int
    sequence: int | None
    problem: str


class Follower:
    """Goes along one chain and tells what does not fit. After a fault it goes on from what is
    stored, so that one change is told once.
    """

    def __init__(self, chain: int, key: bytes) -> None:
        self.head = Head(chain, 0, GENESIS)
        self._key = key

    def follow(self, entry: LoggedEntry, stored_hash: bytes) -> Fault | None:
        """Take the next entry, in order of sequence; the fault, if it does not fit."""
        chain, last, previous = self.head
        self.head = Head(chain, entry.sequence, stored_hash)
        if entry.sequence != last + 1:
            return Fault(chain, last + 1, f"missing: the next is {entry.sequence}")
        if not hmac.compare_digest(hash_after(previous, entry, self._key), stored_hash):
            return Fault(chain, entry.sequence, "changed, moved or not written by Tessera")
        return None
