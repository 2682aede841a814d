"""Writing the access log: what is done enters it in the transaction that does it, at its end.

`record` gathers; right before the commit all entries of the transaction are put at the end of
one hash chain, with one statement. There are many chains, and a transaction takes any that is
free, so that writers do not wait for each other; and as it takes one alone, and as the last of
all its locks, none can wait in a ring.
"""

import random
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from app.crypto.audit_chain import CHAINS, Head, LoggedEntry, hash_after
from app.crypto.ids import new_id
from app.crypto.keyring import KEY_VERSION
from app.domain.audit import Action, By
from app.storage.driver import driver_of
from app.storage.engine import AUDIT_KEY
from app.storage.session import WriteConnection, do_last

_OBJECTS = LoggedEntry._fields.index("objects")
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
    client_id of the client, or the opaque id of the person, that was acted on.
    """
    ids = list(objects)
    parts = [ids[start : start + MOST_OBJECTS] for start in range(0, len(ids), MOST_OBJECTS)]
    do_last(connection, _append, [_Entry(by, action, part, subject) for part in parts or [ids]])


_TAKE = "SELECT chain, sequence, hash FROM audit_head WHERE chain = $1 ::int2 FOR UPDATE"
_TAKE_IF_FREE = f"{_TAKE} SKIP LOCKED"
_TAKE_ANY_FREE = "SELECT chain, sequence, hash FROM audit_head FOR UPDATE SKIP LOCKED LIMIT 1"
_APPEND = """
    WITH moved AS (UPDATE audit_head SET sequence = $2, hash = $3 WHERE chain = $1)
    INSERT INTO audit_entry (chain, sequence, id, at, actor, organisation_id, client_id, action,
      purpose, object_kind, objects, subject, key_version, hash)
    SELECT e.chain, e.sequence, e.id, e.at, e.actor, e.organisation_id, e.client_id, e.action,
      e.purpose, e.object_kind, e.objects ::uuid[], e.subject, e.key_version, e.hash
    FROM unnest($4 ::int2[], $5 ::int8[], $6 ::uuid[], $7 ::timestamptz[], $8 ::text[],
      $9 ::uuid[], $10 ::text[], $11 ::text[], $12 ::text[], $13 ::text[], $14 ::text[],
      $15 ::text[], $16 ::int2[], $17 ::bytea[])
      AS e (chain, sequence, id, at, actor, organisation_id, client_id, action, purpose,
        object_kind, objects, subject, key_version, hash)
"""


async def _append(connection: WriteConnection, entries: Sequence[_Entry]) -> None:
    """Put the entries of a transaction at the end of a chain. Straight through the driver: every
    group of reports that is accepted pays for this.
    """
    key = _key_of(connection)
    driver = await driver_of(connection)
    head = await _take_head(driver)
    rows, end = [], head.hash
    for sequence, entry in enumerate(entries, head.sequence + 1):
        logged = _logged(entry, head.chain, sequence)
        end = hash_after(end, logged, key)
        # As a text, for in an array of arrays all would have to be of one length.
        objects = f"{{{','.join(map(str, logged.objects))}}}"
        rows.append((*logged[:_OBJECTS], objects, *logged[_OBJECTS + 1 :], end))
    last = head.sequence + len(rows)
    await driver.execute(_APPEND, head.chain, last, end, *zip(*rows, strict=True))


def _key_of(connection: WriteConnection) -> bytes:
    key: bytes | None = connection.sync_engine.get_execution_options().get(AUDIT_KEY)
    if key is None:
        raise RuntimeError("this connection has no key for the access log")
    return key


async def _take_head(driver: Any) -> Head:  # noqa: ANN401 - asyncpg's, which has no types
    """Hold the end of a chain until the transaction ends: one at random, or else any, or else the
    first that is given back. At random, because every version of a row that some long
    transaction may still see makes the row dearer to find.
    """
    chosen = random.randrange(CHAINS)  # noqa: S311 - nothing to guess
    row = (
        await driver.fetchrow(_TAKE_IF_FREE, chosen)
        or await driver.fetchrow(_TAKE_ANY_FREE)
        or await driver.fetchrow(_TAKE, chosen)
    )
    return Head(*row)


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
