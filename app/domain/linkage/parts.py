"""What evidence is made of."""

from typing import NamedTuple


class Part(NamedTuple):
    """One piece of evidence for or against two reports being about one thing.

    comparison: the kind of the shared value, or what was compared ("person", "firm", "place" …).
    level: how far it agreed, in words.
    bits: what that weighs; negative where it speaks against.
    family: of evidence that tells much the same thing; "" for circumstances.
    weak: whether it is too weak to link alone.
    value: blind index of the shared value; None where traits were compared.
    """

    comparison: str
    level: str
    bits: float
    family: str
    weak: bool
    value: bytes | None = None
