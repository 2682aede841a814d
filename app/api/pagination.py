"""Cursors: opaque, signed, and good for ever. A caller can neither read nor forge a position."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from typing import Annotated, Any

from fastapi import Query
from pydantic_core import from_json, to_json

from app.domain.errors import Fault, InvalidInputError

_MAC = 16
Limit = Annotated[int, Query(ge=1, le=500, description="how many at most")]
After = Annotated[
    str | None, Query(max_length=500, description="the cursor that the last answer gave")
]


def encode_cursor(key: bytes, kind: str, position: Any) -> str:  # noqa: ANN401 - any JSON value
    """A cursor of one kind of list for a position in it."""
    payload = to_json(position)
    return urlsafe_b64encode(_mac(key, kind, payload) + payload).rstrip(b"=").decode()


def decode_cursor(key: bytes, kind: str, cursor: str) -> Any:  # noqa: ANN401 - any JSON value
    """The position of a cursor. Raises InvalidInputError for any that we did not make."""
    try:
        data = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
    except (Base64Error, ValueError):
        data = b""
    mac, payload = data[:_MAC], data[_MAC:]
    if not hmac.compare_digest(mac, _mac(key, kind, payload)):
        raise InvalidInputError(faults=(Fault("/after", "not a cursor of this list"),))
    return from_json(payload)


def _mac(key: bytes, kind: str, payload: bytes) -> bytes:
    return hmac.digest(key, kind.encode() + b":" + payload, "sha256")[:_MAC]
