"""What is wrong with the tree: its checkpoints, its stored nodes, and what is there beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from data.proof import tables
from data.proof.blocks import Altered
from data.proof.errors import ProofBroken
from data.proof.findings import MOST_FINDINGS, Finding, Wrong
from data.proof.leave import ids_of
from data.proof.log_keys import StoredCheckpoint, has_its_peaks, log_keys, opened, signer_of, stored_checkpoints
from data.store.tables import event, pending


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed: the checkpoints that hold, the smallest first, how far the last reaches, and what is wrong with them."""

    size: int
    root: bytes | None
    checkpoints: tuple[StoredCheckpoint, ...]
    findings: tuple[Finding, ...]


def signed_so_far(connection: sa.Connection, since: int) -> Signed:
    """The checkpoints of more than `since` events, and the last in any case."""
    good: list[StoredCheckpoint] = []
    found: list[Finding] = []
    keys = None
    try:
        keys = log_keys(connection)
    except ProofBroken as error:
        found.append(Finding(Wrong.CHECKPOINT, str(error)))
    stored, broken = stored_checkpoints(connection, since)
    found += [Finding(Wrong.CHECKPOINT, str(one)) for one in broken]
    latest = 0
    for one in stored:
        try:
            if keys is not None:
                opened(one, keys)
                number = keys.verifiers.index(signer_of(one, keys))
                if number < latest:
                    raise ProofBroken(
                        f"The checkpoint of {one.size:,} events is signed with a key that was replaced before."
                    )
                latest = number
            if not has_its_peaks(one):
                found.append(
                    Finding(Wrong.CHECKPOINT, f"What the next places are added to after {one.size:,} was altered.")
                )
            good.append(one)
        except ProofBroken as error:
            found.append(Finding(Wrong.CHECKPOINT, str(error)))
    last = stored[-1] if stored else None
    return Signed(
        0 if last is None else last.size, None if last is None else last.root, tuple(good), tuple(found[:MOST_FINDINGS])
    )


def named(connection: sa.Connection, altered: Sequence[Altered]) -> Iterator[Finding]:
    """What became of the events whose bytes are not those of their places."""
    ids = ids_of(connection, [one.place for one in altered])
    place_of = {one.stored: one.place for one in altered}
    for one in altered:
        known = ids.get(one.place)
        other = place_of.get(one.computed)
        if other is not None:
            yield Finding(Wrong.MOVED, f"Here stands the event of place {other:,}: they were moved.", one.place, known)
        elif one.computed == one.noted:
            yield Finding(Wrong.LEAF, "Its leaf in the proof is not the hash of its body.", one.place, known)
        else:
            yield Finding(Wrong.BODY, "Its body is not the one that was sealed.", one.place, known)


def tile_findings(connection: sa.Connection, begin: int, tiles: Sequence[tuple[int, int, bytes]]) -> Iterator[Finding]:
    """Stored nodes over places from `begin` on that are not what their leaves make, or that are none; the lowest first."""
    wanted = {(height, index): root for height, index, root in tiles}
    table, stored = tables.tile, {}
    heights = connection.scalars(sa.select(table.c.height).distinct()).all() if wanted or not begin else ()
    for height in heights:
        rows = connection.execute(
            sa.select(table.c.height, table.c.idx, table.c.hash).where(
                table.c.height == height, table.c.idx >= begin >> max(height, 0)
            )
        )
        stored.update({(height, index): bytes(root) for height, index, root in rows})
    for height, index in sorted(wanted.keys() | stored.keys()):
        if (height, index) not in wanted:
            yield Finding(Wrong.LEAF, f"A node of the tree, {index:,} of height {height}, is over no leaves.", None)
            return
        if stored.get((height, index)) != wanted[height, index]:
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
    first = connection.execute(tables.first_seq_from(begin)).scalar() if begin else None
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
