"""Checkpoints of the access log: the ends of all chains at a time, signed, as a JSON text that an
auditor keeps where nobody who runs the database can change it.

The signature is HMAC-SHA-256 (RFC 2104) over the rest: it shows that Tessera made the text, to
whoever holds the root key.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.crypto.audit_chain import CHAINS, Head

_KIND = "tessera audit checkpoint 1"


class CheckpointRefusedError(ValueError):
    """A text is no checkpoint that this installation made."""


def sign_checkpoint(heads: Sequence[Head], at: datetime, key: bytes) -> dict[str, Any]:
    """The checkpoint of these ends, ready to be written as JSON."""
    told = {
        "kind": _KIND,
        "at": at.isoformat(),
        "heads": [
            {"chain": head.chain, "sequence": head.sequence, "hash": head.hash.hex()}
            for head in heads
        ],
    }
    return {**told, "signature": _signature(told, key)}


def read_checkpoint(written: bytes, key: bytes) -> list[Head]:
    """The ends that a checkpoint tells of. Raises CheckpointRefusedError for any text that was
    not made by `sign_checkpoint` with this key.
    """
    try:
        told = json.loads(written)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not _is_signed(told, key):
        raise CheckpointRefusedError("not a checkpoint that this installation signed")
    heads = [Head(h["chain"], h["sequence"], bytes.fromhex(h["hash"])) for h in told["heads"]]
    if [head.chain for head in heads] != list(range(CHAINS)):
        raise CheckpointRefusedError("a checkpoint of a log that lacked chains already")
    return heads


def _is_signed(told: Mapping[str, Any], key: bytes) -> bool:
    signature = str(told.get("signature")).encode()
    return hmac.compare_digest(_signature(told, key).encode(), signature)


def _signature(told: Mapping[str, Any], key: bytes) -> str:
    rest = {name: value for name, value in told.items() if name != "signature"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, text.encode(), "sha256").hex()
