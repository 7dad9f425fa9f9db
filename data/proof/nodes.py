"""The stored tree: the hashes of its leaves and of the perfect subtrees over them."""

import sqlalchemy as sa

from data.merkle.tree import node_hash
from data.proof import tables
from data.proof.errors import ProofBroken

TILE_HEIGHT = 8
"""Nodes of every height that is a multiple of this are stored; the others are made of those below."""


class StoredNodes:
    """The nodes of the tree in one transaction: a `data.merkle.tree.Node`. Each that was asked for is read once."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._read: dict[tuple[int, int], bytes] = {}

    def __call__(self, height: int, index: int) -> bytes:
        """Raises ProofBroken where what it is made of is not there."""
        key = height, index
        if key not in self._read:
            self._read[key] = self._made(height, index)
        return self._read[key]

    def _made(self, height: int, index: int) -> bytes:
        above = height % TILE_HEIGHT
        hashes = self._stored(height - above, index << above, 1 << above)
        while len(hashes) > 1:
            hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
        return hashes[0]

    def _stored(self, height: int, first: int, count: int) -> list[bytes]:
        table = tables.tile if height else tables.leaf
        query = sa.select(table.c.hash).where(table.c.idx >= first, table.c.idx < first + count).order_by(table.c.idx)
        if height:
            query = query.where(tables.tile.c.height == height)
        found = [bytes(one) for one in self._connection.execute(query).scalars()]
        if len(found) != count:
            raise ProofBroken(
                f"The stored proof lacks {count - len(found):,} of its hashes, between the places "
                f"{first << height:,} and {(first + count << height) - 1:,}."
            )
        return found
