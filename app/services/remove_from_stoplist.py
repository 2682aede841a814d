"""Take a value off the stop-list: it may link again, unless it is spread too widely to."""

from app.crypto.blind_index import index_of_value
from app.crypto.keyring import Keyring
from app.domain.attributes import AttributeKind
from app.domain.audit import Action, By
from app.domain.stoplist import StopValue, forms_of
from app.storage.repositories import audit, stoplist
from app.storage.session import WriteConnection


async def remove_from_stoplist(
    connection: WriteConnection, value: StopValue, *, keyring: Keyring, by: By
) -> int:
    """Take a value, written in whatever way, off the stop-list; the linker judges it anew.
    Returns how many values that removed. Raises InvalidInputError where it cannot be normalised.
    """
    kind = AttributeKind(value.kind)
    indexes = [index_of_value(keyring, kind, form) for form in forms_of(value)]
    removed = await stoplist.remove(connection, indexes)
    audit.record(connection, by, Action.STOPLIST_REMOVED)
    return len(removed)
