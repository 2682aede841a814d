"""Connected components: which nodes hang together through the values they share."""

from collections.abc import Iterable, Sequence
from uuid import UUID


def clusters_of(nodes: Iterable[UUID], stars: Iterable[Sequence[UUID]]) -> list[list[UUID]]:
    """Partition `nodes` so that the nodes of each star are together.

    A star lists the carriers of one linking value; n carriers cost n steps, never n². The
    partition does not depend on the order of nodes or stars (union-find, with path halving).
    """
    parent = {node: node for node in nodes}

    def root(node: UUID) -> UUID:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for star in stars:
        first = root(star[0]) if star else None
        for node in star[1:]:
            other = root(node)
            if first is not None and other != first:
                parent[other] = first
    found: dict[UUID, list[UUID]] = {}
    for node in parent:
        found.setdefault(root(node), []).append(node)
    return list(found.values())
