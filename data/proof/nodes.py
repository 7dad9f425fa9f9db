"""The stored tree: the hashes of its leaves and of the perfect subtrees over them."""

from collections import OrderedDict
from functools import partial

import sqlalchemy as sa

from data.merkle.tree import HASH_BYTES, Node, node_hash
from data.proof import tables
from data.proof.errors import ProofBroken

TILE_HEIGHT = 8
"""Nodes of every height that is a multiple of this are stored; the others are made of those below."""

_TILE = 1 << TILE_HEIGHT
_MOST_TILES = 512
"""Of 16 kB each."""


def stored_nodes(connection: sa.Connection) -> Node:
    """The nodes of the tree for one transaction. They raise ProofBroken where what one is made of is not there."""
    return TileNodes().over(connection)


class TileNodes:
    """The nodes of the tree for many paths, in as many transactions as it takes: each tile is read whole and once.

    So long as the paths are to places near each other, that is one statement for hundreds of them. What a tile holds never
    changes, and those that were asked for last are kept.
    """

    def __init__(self) -> None:
        self._tiles: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()

    def over(self, connection: sa.Connection) -> Node:
        """The nodes as this transaction has them. They raise ProofBroken where what one is made of is not there."""
        return partial(self._node, connection)

    def _node(self, connection: sa.Connection, height: int, index: int) -> bytes:
        above = height % TILE_HEIGHT
        first = index << above
        number, offset = first >> TILE_HEIGHT, (first & _TILE - 1) >> above
        hashes = self._tile(connection, height - above, number)[above]
        found = hashes[offset * HASH_BYTES : (offset + 1) * HASH_BYTES]
        if len(found) != HASH_BYTES:
            places = f"{index << height:,} and {(index + 1 << height) - 1:,}"
            raise ProofBroken(f"The stored proof lacks some of its hashes between the places {places}.")
        return found

    def _tile(self, connection: sa.Connection, height: int, number: int) -> list[bytes]:
        """The hashes of a tile, each of its heights in a row from the lowest on."""
        key = height, number
        tile = self._tiles.get(key)
        if tile is not None:
            self._tiles.move_to_end(key)
            return tile
        hashes = _hashes(connection, height, number << TILE_HEIGHT, _TILE)
        tile = []
        for _ in range(TILE_HEIGHT):
            tile.append(b"".join(hashes))
            hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=False)]
        self._tiles[key] = tile
        if len(self._tiles) > _MOST_TILES:
            self._tiles.popitem(last=False)
        return tile


def _hashes(connection: sa.Connection, height: int, first: int, count: int) -> list[bytes]:
    """The stored hashes from this one on, `count` of them at most, up to the first that is missing."""
    table = tables.tile if height else tables.leaf
    query = sa.select(table.c.idx, table.c.hash).where(table.c.idx >= first, table.c.idx < first + count)
    if height:
        query = query.where(tables.tile.c.height == height)
    rows = connection.execute(query.order_by(table.c.idx)).all()
    return [bytes(hash_) for number, (idx, hash_) in enumerate(rows, first) if idx == number]
