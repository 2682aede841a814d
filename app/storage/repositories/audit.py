"""Writing the access log: what is done enters it in the transaction that does it, at its end.

`record` gathers; right before the commit all entries of the transaction are put at the end of
one hash chain, with one statement. There are many chains, and a transaction takes any that is
free, so that writers do not wait for each other; and as it takes one alone, and as the last of
all its locks, none can wait in a ring.
"""

import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.crypto.audit_chain import CHAINS, Head, LoggedEntry, hash_after
from app.crypto.ids import new_id
from app.crypto.keyring import KEY_VERSION
from app.domain.audit import Action, By
from app.storage.engine import AUDIT_KEY
from app.storage.session import WriteConnection, do_last

MOST_OBJECTS = 500
"""An entry names so many objects; what concerns more is told in several."""


class _Entry(NamedTuple):
    by: By
    action: Action
    objects: Sequence[UUID]
    subject: str | None


def record(
    connection: WriteConnection,
    by: By,
    action: Action,
    objects: Iterable[UUID] = (),
    *,
    subject: str | None = None,
) -> None:
    """Have the access log tell of an act: it is committed with what it tells of, or not at all.

    objects: the ids of what was acted on, of the kind that the action says. subject: the
    client_id of the client that was acted on.
    """
    ids = list(objects)
    parts = [ids[start : start + MOST_OBJECTS] for start in range(0, len(ids), MOST_OBJECTS)]
    do_last(connection, _append, [_Entry(by, action, part, subject) for part in parts or [ids]])


_TAKE = "SELECT chain, sequence, hash FROM audit_head WHERE chain = :chain FOR UPDATE"
_TAKE_IF_FREE = text(f"{_TAKE} SKIP LOCKED")
_TAKE_ANY_FREE = text("SELECT chain, sequence, hash FROM audit_head FOR UPDATE SKIP LOCKED LIMIT 1")
_WAIT_FOR = text(_TAKE)
_APPEND = text(
    """
    WITH moved AS (UPDATE audit_head SET sequence = :last, hash = :end WHERE chain = :chain)
    INSERT INTO audit_entry (chain, sequence, id, at, actor, organisation_id, client_id, action,
      purpose, object_kind, objects, subject, key_version, hash)
    SELECT :chain, sequence, id, at, actor, organisation_id, client_id, action, purpose,
      object_kind, objects ::uuid[], subject, :key_version, hash
    FROM unnest(
      :sequence ::bigint[], :id ::uuid[], :at ::timestamptz[], :actor ::text[],
      :organisation_id ::uuid[], :client_id ::text[], :action ::text[], :purpose ::text[],
      :object_kind ::text[], :objects ::text[], :subject ::text[], :hash ::bytea[])
      AS e (sequence, id, at, actor, organisation_id, client_id, action, purpose, object_kind,
        objects, subject, hash)
    """
)
_COLUMNS = (
    "sequence", "id", "at", "actor", "organisation_id", "client_id", "action", "purpose",
    "object_kind", "subject",
)  # fmt: skip


async def _append(connection: WriteConnection, entries: Sequence[_Entry]) -> None:
    """Put the entries of a transaction at the end of a chain."""
    key = _key_of(connection)
    head = await _take_head(connection)
    logged, hashes, end = [], [], head.hash
    for sequence, entry in enumerate(entries, head.sequence + 1):
        logged.append(_logged(entry, head.chain, sequence))
        end = hash_after(end, logged[-1], key)
        hashes.append(end)
    await connection.execute(
        _APPEND,
        {
            "chain": head.chain,
            "last": head.sequence + len(logged),
            "end": end,
            "key_version": KEY_VERSION,
            "objects": [f"{{{','.join(map(str, entry.objects))}}}" for entry in logged],
            "hash": hashes,
            **{name: [getattr(entry, name) for entry in logged] for name in _COLUMNS},
        },
    )


def _key_of(connection: WriteConnection) -> bytes:
    key: bytes | None = connection.sync_engine.get_execution_options().get(AUDIT_KEY)
    if key is None:
        raise RuntimeError("this connection has no key for the access log")
    return key


async def _take_head(connection: WriteConnection) -> Head:
    """Hold the end of a chain until the transaction ends: one at random, or else any, or else the
    first that is given back. At random, because every version of a row that some long
    transaction may still see makes the row dearer to find.
    """
    chosen = {"chain": random.randrange(CHAINS)}  # noqa: S311 - nothing to guess
    row = (
        (await connection.execute(_TAKE_IF_FREE, chosen)).one_or_none()
        or (await connection.execute(_TAKE_ANY_FREE)).one_or_none()
        or (await connection.execute(_WAIT_FOR, chosen)).one()
    )
    return Head(row.chain, row.sequence, bytes(row.hash))


def _logged(entry: _Entry, chain: int, sequence: int) -> LoggedEntry:
    by, action = entry.by, entry.action
    return LoggedEntry(
        chain=chain,
        sequence=sequence,
        id=new_id(),
        at=by.at,
        actor=by.actor.kind.value,
        organisation_id=by.actor.organisation_id,
        client_id=by.actor.client_id,
        action=action.value,
        purpose=by.purpose.value if by.purpose else None,
        object_kind=action.object_kind,
        objects=entry.objects,
        subject=entry.subject,
        key_version=KEY_VERSION,
    )
