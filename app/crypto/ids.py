"""New ids: UUIDv7 (RFC 9562), in order of time, so that the smaller id is the older thing."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """A new UUIDv7."""
    return uuid_utils.compat.uuid7()
