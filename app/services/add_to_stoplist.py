"""Put a value on the stop-list: it is kept and shown, and links nothing from now on."""

from datetime import datetime

from app.crypto.blind_index import index_of_value
from app.crypto.keyring import Keyring
from app.domain.attributes import AttributeKind
from app.domain.stoplist import StopValue, forms_of
from app.storage.repositories import stoplist
from app.storage.session import WriteConnection


async def add_to_stoplist(
    connection: WriteConnection, value: StopValue, *, keyring: Keyring, now: datetime
) -> int:
    """Stop-list a value, written in whatever way, in every role; what it linked is taken apart
    by the linker. Returns how many values that added: 0 if it was listed, 2 for two phones in
    one text. Raises InvalidInputError where the value cannot be normalised.
    """
    kind = AttributeKind(value.kind)
    indexes = {index_of_value(keyring, kind, form): kind.value for form in forms_of(value)}
    return len(await stoplist.add(connection, indexes, now=now))
