"""All keys, derived from one root key with HKDF-SHA-256 (RFC 5869), one label a purpose.

A key never serves two purposes, so a leak of one says nothing about the others.
"""

import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.attributes import AttributeKind

KEY_VERSION = 1
"""Version of the keys below; stored beside everything that was made with them."""


class Keyring:
    """The derived keys of one installation.

    network: makes the tokens of reports without identity (contract, section 9).
    index: per kind of attribute, turns a token into the stored blind index.
    sealing: wraps the data key of each record.
    content: recognises the same content sent again.
    pepper: hashes client secrets.
    cursor: signs the cursors handed to callers.
    person: names people from outside issuers.
    block: makes the keys by which reports worth comparing find each other.
    audit: chains the entries of the access log.
    checkpoint: signs what an auditor keeps of the ends of these chains.
    """

    def __init__(self, root_key: bytes) -> None:
        self._root_key = root_key
        self.network = self._derive("network-token")
        self.index = {kind: self._derive(f"blind-index/{kind.value}") for kind in AttributeKind}
        self.sealing = self._derive("sealing")
        self.content = self._derive("content")
        self.pepper = self._derive("client-secret")
        self.cursor = self._derive("cursor")
        self.person = self._derive("person")
        self.block = self._derive("block-key")
        self.audit = self._derive("audit-chain")
        self.checkpoint = self._derive("audit-checkpoint")
        # Begun once: a report is indexed in many values.
        self._token_mac = hmac.new(self.network, digestmod="sha256")
        self._index_macs = {
            kind: hmac.new(key, digestmod="sha256") for kind, key in self.index.items()
        }

    def token_code(self, message: bytes) -> bytes:
        """HMAC-SHA-256 under the network key (32 bytes)."""
        return _code(self._token_mac, message)

    def index_code(self, kind: AttributeKind, token: bytes) -> bytes:
        """HMAC-SHA-256 under the index key of the kind (32 bytes)."""
        return _code(self._index_macs[kind], token)

    def _derive(self, purpose: str) -> bytes:
        label = f"tessera/v{KEY_VERSION}/{purpose}".encode()
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(self._root_key)


def _code(begun: hmac.HMAC, message: bytes) -> bytes:
    code = begun.copy()
    code.update(message)
    return code.digest()
