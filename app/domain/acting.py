"""Who acts in a transaction: organisations that call, or a part of Tessera in its own right.

What an actor may see and change of each table is said by the policies of the database
(migrations, `row_level_security`), not here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.access import Principal


class Part(StrEnum):
    """The parts of Tessera that act in their own right, with the rights of nobody else.

    access: clients and their tokens. audit: shows the access log to those who may see it, and
    verifies it. feedback: tells reporters of outcomes. linker: links reports.
    monitor: looks how much waits. operator: whoever runs the commands, who has the keys anyway.
    retention: erases what is withdrawn.
    """

    ACCESS = "access"
    AUDIT = "audit"
    FEEDBACK = "feedback"
    LINKER = "linker"
    MONITOR = "monitor"
    OPERATOR = "operator"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class Acting:
    """In whose name a transaction reads and writes: that of a part, or of organisations.

    organisations: one, or those whose reports are stored together. country, agency: of the one
    that reads; an agency reads reports of others under their conditions.
    """

    part: Part | None = None
    organisations: frozenset[UUID] = frozenset()
    country: str = ""
    agency: bool = False


def caller(principal: Principal) -> Acting:
    """The organisation of a caller, with what it may read as an agency."""
    own = frozenset({principal.organisation_id})
    return Acting(None, own, principal.country, principal.agency)


def senders(organisations: Iterable[UUID]) -> Acting:
    """The organisations whose reports are being stored: each may do so for itself alone."""
    return Acting(None, frozenset(organisations))


ACCESS = Acting(Part.ACCESS)
AUDIT = Acting(Part.AUDIT)
FEEDBACK = Acting(Part.FEEDBACK)
LINKER = Acting(Part.LINKER)
MONITOR = Acting(Part.MONITOR)
OPERATOR = Acting(Part.OPERATOR)
RETENTION = Acting(Part.RETENTION)
