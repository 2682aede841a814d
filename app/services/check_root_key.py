"""See that the root key is the one of this database."""

from uuid import UUID

from app.crypto.sealing import Sealer, UnsealError
from app.storage.repositories import key_check
from app.storage.session import WriteConnection

_MARK = UUID(int=1)
_TABLE = "key_check"


class WrongRootKeyError(Exception):
    """The root key is another one than that of this database."""


async def check_root_key(connection: WriteConnection, sealer: Sealer) -> None:
    """Leave a sealed mark in a new database; open the one that is there in any other.

    Raises WrongRootKeyError, before anything is stored that the right key could not open.
    """
    fresh = sealer.seal(b"tessera", table=_TABLE, record=_MARK)
    kept = await key_check.keep(connection, _MARK, fresh)
    try:
        sealer.unseal(kept, table=_TABLE, record=_MARK)
    except UnsealError:
        raise WrongRootKeyError from None
