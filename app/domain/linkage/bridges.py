"""Bridges of a graph: the links whose loss would part what they hold together."""

from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeVar

_Node = TypeVar("_Node", bound=Hashable)


def bridges_of(
    neighbours: Mapping[_Node, AbstractSet[_Node]], sizes: Mapping[_Node, int]
) -> list[tuple[_Node, _Node, int]]:
    """The bridges of a connected graph (Tarjan 1974), each with how much hangs on its second end.

    neighbours: of every node, both ways. sizes: what each node counts for. Linear in nodes and
    links; without recursion, for a chain may be long.
    """
    if not neighbours:
        return []
    start = next(iter(neighbours))
    number = {start: 0}
    lowest = {start: 0}
    weight = {start: sizes[start]}
    found = []
    stack = [(start, start, iter(neighbours[start]))]
    while stack:
        node, parent, rest = stack[-1]
        for other in rest:
            if other == parent:
                continue
            if other in number:
                lowest[node] = min(lowest[node], number[other])
            else:
                number[other] = lowest[other] = len(number)
                weight[other] = sizes[other]
                stack.append((other, node, iter(neighbours[other])))
                break
        else:
            stack.pop()
            if stack:
                lowest[parent] = min(lowest[parent], lowest[node])
                weight[parent] += weight[node]
                if lowest[node] > number[parent]:
                    found.append((parent, node, weight[node]))
    return found
