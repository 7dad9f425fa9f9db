"""Inclusion proofs of one leaf after another, each no longer than what the one before leaves open.

A path of RFC 6962 holds the hashes beside the way from the root down to a leaf. Ways to leaves that are near each other
begin alike, and of that part everything is proven already: only the hashes below it are written, two on average for leaves
that follow each other. Either side keeps one way, whatever the size of the tree.
"""

from collections.abc import Iterator, Sequence

from data.merkle.tree import Node, node_hash, range_hash


class NeighbouringPaths:
    """Makes the paths, in any order of the leaves; each is to be checked after the one before it."""

    def __init__(self, size: int) -> None:
        """Of the tree of the first `size` leaves."""
        self._way = [(0, size)]

    def path(self, index: int, node: Node) -> list[bytes]:
        """The hashes beside the way to this leaf as far as it is a new one, the lowest first.

        Raises ValueError where the tree has no such leaf.
        """
        begin, end = _rest_of_way(self._way, index)
        path = []
        for one, beside in _ways_down(begin, end, index):
            self._way.append(one)
            path.append(range_hash(*beside, node))
        return path[::-1]


class NeighbouringChecks:
    """Checks the paths, in the order in which they were made. After one that does not hold, no further one can be."""

    def __init__(self, size: int, root: bytes) -> None:
        self._way = [(0, size)]
        self._proven = [root]

    def holds(self, index: int, leaf: bytes, path: Sequence[bytes]) -> bool:
        """Whether the tree has the hash of this leaf at `index`."""
        if not 0 <= index < self._way[0][1]:
            return False
        begin, end = _rest_of_way(self._way, index)
        del self._proven[len(self._way) :]
        steps = list(_ways_down(begin, end, index))
        if len(steps) != len(path):
            return False
        found, hashes = leaf, []
        for (one, beside), sibling in zip(reversed(steps), path, strict=True):
            hashes.append(found)
            found = node_hash(sibling, found) if beside < one else node_hash(found, sibling)
        if found != self._proven[-1]:
            return False
        self._way += [one for one, _beside in steps]
        self._proven += reversed(hashes)
        return True


_Leaves = tuple[int, int]
"""The leaves of a subtree: from the first to before the second."""


def _rest_of_way(way: list[_Leaves], index: int) -> _Leaves:
    """Where the way to this leaf leaves the one before, which is taken back to there."""
    if not way[0][0] <= index < way[0][1]:
        raise ValueError(f"a tree of {way[0][1]} leaves has none at {index}")
    while not way[-1][0] <= index < way[-1][1]:
        way.pop()
    return way[-1]


def _ways_down(begin: int, end: int, index: int) -> Iterator[tuple[_Leaves, _Leaves]]:
    """Each subtree on the way down to this leaf with the one beside it."""
    while end - begin > 1:
        middle = begin + (1 << (end - begin - 1).bit_length() - 1)
        if index < middle:
            yield (begin, middle), (middle, end)
            end = middle
        else:
            yield (middle, end), (begin, middle)
            begin = middle
