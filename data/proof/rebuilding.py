"""Making the nodes above the leaves again: they follow from these, and are as good as the root that was signed over them."""

import sqlalchemy as sa

from data.merkle.tree import HASH_BYTES, Frontier
from data.proof import tables
from data.proof.errors import ProofBroken
from data.proof.log_keys import latest_checkpoint, log_keys, opened
from data.proof.nodes import TILE_HEIGHT
from data.store.row_inserting import insert_rows

_AT_ONCE = 10_000
_COLUMNS = {"height": "smallint", "idx": "bigint", "hash": "bytea"}


def rebuild_tree(connection: sa.Connection) -> int:
    """Replace the stored nodes by those that the leaves make; how many there are.

    Raises ProofBroken where the leaves are not those that were signed: then a copy has to be put back.
    """
    latest = latest_checkpoint(connection)
    tiles: list[tuple[int, int, bytes]] = []

    def completed(height: int, index: int, root: bytes) -> None:
        if height % TILE_HEIGHT == 0:
            tiles.append((height, index, root))

    tree = Frontier(0, (), completed)
    size = 0 if latest is None else opened(latest, log_keys(connection)).size
    while tree.size < size:
        first = tree.size
        rows = connection.execute(
            sa.select(tables.leaf.c.idx, tables.leaf.c.hash)
            .where(tables.leaf.c.idx >= first, tables.leaf.c.idx < min(first + _AT_ONCE, size))
            .order_by(tables.leaf.c.idx)
        ).all()
        for place, hash_ in rows:
            if place != tree.size or len(hash_) != HASH_BYTES:
                break
            tree.add(bytes(hash_))
        if tree.size == first:
            break
    if latest is not None and (tree.size != size or tree.root() != latest.root):
        raise ProofBroken("The leaves are not those that were signed, so the tree cannot be made again from them.")
    connection.execute(sa.delete(tables.tile))
    if tiles:
        insert_rows(connection, tables.tile, _COLUMNS, tiles)
    return len(tiles)
