"""Values that look alike and are of different countries: a plate of two countries is two plates."""

from collections.abc import Iterable
from typing import TypeVar

_Node = TypeVar("_Node")


def compatible(carriers: Iterable[tuple[_Node, str | None]]) -> list[list[_Node]]:
    """Part the carriers of one value into those that may carry the same thing.

    Each comes with its qualifier, None where it is not said. While at most one is said among
    all, they are together, for what is not said does not differ. Where two are said, each has
    its own part, and a carrier that says none is in no part: it could be of either.
    """
    of: dict[str | None, list[_Node]] = {}
    for node, qualifier in carriers:
        of.setdefault(qualifier, []).append(node)
    silent = of.pop(None, [])
    if len(of) > 1:
        return list(of.values())
    return [[*silent, *(node for nodes in of.values() for node in nodes)]]


def is_divided(qualifiers: Iterable[str | None]) -> bool:
    """Whether two different qualifiers are said."""
    return len(set(qualifiers) - {None}) > 1
