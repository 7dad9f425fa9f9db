"""What is wrong with the tree: its checkpoints, its stored nodes, and what is there beside it."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from data.proof import tables
from data.proof.blocks import MOST_FINDINGS, Altered
from data.proof.errors import ProofBroken
from data.proof.findings import Finding, Wrong
from data.proof.log_keys import LogKeys, StoredCheckpoint, opened, stored_checkpoints
from data.store.rows_by_key import is_one_of
from data.store.tables import event, pending


def checkpoint_findings(
    connection: sa.Connection, keys: LogKeys, size: int
) -> tuple[list[StoredCheckpoint], list[Finding]]:
    """The checkpoints that are rightly signed, and what is wrong with the others."""
    good, found = [], []
    for one in stored_checkpoints(connection, size):
        try:
            opened(one, keys)
            good.append(one)
        except ProofBroken as error:
            found.append(Finding(Wrong.CHECKPOINT, str(error)))
    return good, found


def named(connection: sa.Connection, altered: Sequence[Altered]) -> Iterator[Finding]:
    """What became of the events whose bytes are not those of their places."""
    ids = _ids_of(connection, [one.place for one in altered])
    place_of = {one.stored: one.place for one in altered}
    for one in altered:
        known = ids.get(one.place)
        other = None if one.computed is None else place_of.get(one.computed)
        if one.computed is None:
            yield Finding(Wrong.MISSING, "It was removed: its place has no event.", one.place)
        elif other is not None:
            yield Finding(Wrong.MOVED, f"Here stands the event of place {other:,}: they were moved.", one.place, known)
        elif one.computed == one.noted:
            yield Finding(Wrong.LEAF, "Its leaf in the proof is not the hash of its body.", one.place, known)
        else:
            yield Finding(Wrong.BODY, "Its body is not the one that was sealed.", one.place, known)


def tile_findings(
    connection: sa.Connection, begin: int, size: int, tiles: Sequence[tuple[int, int, bytes]]
) -> Iterator[Finding]:
    """Stored nodes that are not what their leaves make, the lowest first."""
    heights = {height for height, _index, _root in tiles}
    if not heights:
        return
    stored = {
        (height, index): bytes(root)
        for height, index, root in connection.execute(
            sa.select(tables.tile.c.height, tables.tile.c.idx, tables.tile.c.hash).where(
                sa.or_(*(sa.and_(tables.tile.c.height == one, tables.tile.c.idx >= begin >> one) for one in heights))
            )
        )
    }
    for height, index, root in sorted(tiles):
        if stored.get((height, index)) != root:
            first, last = index << height, (index + 1 << height) - 1
            yield Finding(
                Wrong.LEAF, f"The leaves from here to place {last:,} and the node over them do not fit.", first
            )
            return


def beside_the_tree(connection: sa.Connection, begin: int, size: int) -> Iterator[Finding]:
    """Events that have neither a place nor wait for one, of those that came with or after place `begin`; and leaves beyond
    what was signed.
    """
    leaf = tables.leaf
    if begin and begin == size:
        return
    first = (
        connection.execute(sa.select(sa.func.min(leaf.c.seq)).where(leaf.c.idx >= begin)).scalar() if begin else None
    )
    has_place = sa.exists().where(leaf.c.seq == event.c.seq)
    waits = sa.exists().where(pending.c.seq == event.c.seq)
    added = connection.execute(
        sa.select(event.c.seq, event.c.id)
        .where(sa.not_(has_place), sa.not_(waits), event.c.seq >= (first or 0) if begin else sa.true())
        .order_by(event.c.seq)
        .limit(MOST_FINDINGS)
    )
    for _seq, id_ in added:
        yield Finding(
            Wrong.ADDED, "It has no place in the proof, and none was asked for: it was added.", None, str(id_)
        )
    beyond = connection.execute(sa.select(sa.func.count()).where(leaf.c.idx >= size)).scalar_one()
    if beyond:
        yield Finding(Wrong.CHECKPOINT, f"{beyond:,} places follow the last checkpoint, which none has signed.", size)


def _ids_of(connection: sa.Connection, places: Sequence[int]) -> dict[int, str]:
    leaf = tables.leaf
    rows = connection.execute(
        sa.select(leaf.c.idx, event.c.id)
        .join(event, event.c.seq == leaf.c.seq)
        .where(is_one_of(leaf.c.idx, places, connection.dialect))
    )
    return {place: str(id_) for place, id_ in rows}
