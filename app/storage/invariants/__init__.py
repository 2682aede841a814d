"""What must be true of the stored data, as statements that find whatever breaks it: one file a
subject. Nothing here writes. What waits in the queue is allowed to be as the linker left it.
"""

from app.storage.invariants import (
    accepting,
    history,
    holding,
    linking,
    placing,
    telling,
    withdrawing,
)
from app.storage.invariants.invariant import Found, Invariant, Measures, look_for

INVARIANTS: tuple[Invariant, ...] = (
    *placing.INVARIANTS,
    *withdrawing.INVARIANTS,
    *history.INVARIANTS,
    *linking.INVARIANTS,
    *holding.INVARIANTS,
    *telling.INVARIANTS,
    *accepting.INVARIANTS,
)
"""All of them, in the order in which they are checked."""

NAMES = tuple(invariant.name for invariant in INVARIANTS)
"""By what each can be asked for."""

__all__ = ["INVARIANTS", "NAMES", "Found", "Invariant", "Measures", "look_for"]
