"""Load the signing keys: the public ones to verify with, the private one that signs now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.crypto.sealing import Sealer, UnsealError
from app.crypto.signing import SigningKey, key_from_bytes
from app.storage.repositories import access
from app.storage.repositories.access import KeyRecord
from app.storage.session import ReadConnection

_SEALED_AS = "signing_key"


class NoSigningKeyError(Exception):
    """There is no key to sign with."""


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The keys of one moment. `published` are those of the JWKS, by `kid`; `signing` are
    (from when on, key), the earliest first.
    """

    published: Mapping[str, Mapping[str, str]]
    signing: tuple[tuple[datetime, SigningKey], ...]

    def signing_at(self, now: datetime) -> SigningKey:
        """The key that signs at `now`: the last whose time has come, or the first of all where
        the clock that made it is ahead of ours. Raises NoSigningKeyError where there is none.
        """
        if not self.signing:
            raise NoSigningKeyError
        begun = [key for signs_from, key in self.signing if signs_from <= now]
        return begun[-1] if begun else self.signing[0][1]


async def load_signing_keys(
    connection: ReadConnection, *, sealer: Sealer, now: datetime
) -> SigningKeys:
    """Read and open the keys that still verify at `now`.

    Raises UnsealError where the root key is not the one that they were sealed under.
    """
    records = await access.list_keys(connection, now=now)
    return SigningKeys(
        published={record.kid: record.public_jwk for record in records},
        signing=tuple((record.signs_from, _open(record, sealer)) for record in records),
    )


def _open(record: KeyRecord, sealer: Sealer) -> SigningKey:
    try:
        plain = sealer.unseal(record.sealed, table=_SEALED_AS, record=record.record_id)
    except UnsealError as error:
        raise UnsealError("TESSERA_SECRET_KEY is not the one of this database") from error
    return key_from_bytes(plain)
