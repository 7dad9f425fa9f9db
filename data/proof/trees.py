"""The tree up to some size, from what is stored of it or from blocks that were hashed one by one."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from data.merkle.tree import Frontier
from data.proof.nodes import stored_nodes


def tree_of(
    connection: sa.Connection, size: int, completed: Callable[[int, int, bytes], None] | None = None
) -> Frontier:
    """The tree of the first places, as it is stored; `completed` is told of what comes into being later.

    Raises ProofBroken where what it is made of is not there.
    """
    node = stored_nodes(connection)
    at, peaks = 0, []
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            peaks.append(node(height, at >> height))
            at += 1 << height
    return Frontier(size, peaks, completed)


def grown(
    tree: Frontier, size: int, peaks: Sequence[bytes], completed: Callable[[int, int, bytes], None] | None = None
) -> Frontier:
    """The tree with the perfect subtrees that follow it, up to this size."""
    larger, more = Frontier(tree.size, tree.peaks, completed), size - tree.size
    heights = [height for height in reversed(range(more.bit_length())) if more >> height & 1]
    for height, peak in zip(heights, peaks, strict=True):
        larger.add_perfect(height, peak)
    return larger
