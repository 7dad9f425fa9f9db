"""Verifying: whether all that is stored is as it was sealed, and what is not."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from data.merkle.tree import Frontier
from data.proof.blocks import BLOCK, MOST_FINDINGS, Hashed, check_rows, hash_places
from data.proof.findings import Finding, Wrong
from data.proof.log_keys import latest_checkpoint, log_keys
from data.proof.nodes import stored_nodes
from data.proof.pool import WORTH_A_POOL, Pool, pool
from data.proof.tree_checks import beside_the_tree, checkpoint_findings, named, tile_findings
from data.stop import Stop
from data.store import Database
from data.store.tables import pending

Progress = Callable[[str, int, int], None]
"""Told what is being looked at, how much of it was, and how much there is in all."""

HASHES, ROWS = "hashes", "names and keys"
_TILE = 256


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification came to: `size` and `root` of the last checkpoint, how many of the events below it were looked at,
    how many beside them wait to be sealed, and what was found to be wrong, the first place first."""

    size: int = 0
    root: bytes | None = None
    checked: int = 0
    unsealed: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.findings


class Verifier:
    """Verifies the change log of one database."""

    def __init__(self, database: Database, address: str) -> None:
        """`address` is the database's, for the processes that help."""
        self._database = database
        self._address = address

    def run(
        self, since: int = 0, stop: Stop | None = None, progress: Progress = lambda _what, _done, _all: None
    ) -> Verified:
        """Verify every event that is sealed, from place `since` on, and that none is there that was not sealed.

        What was sealed before is taken as it is stored. Raises Cancelled once `stop` is requested, ProofBroken where there
        is nothing to verify by, and the errors of `data.errors`.
        """
        stop = stop or Stop()
        with self._database.upkeep_reading(stop) as connection:
            latest = latest_checkpoint(connection)
            size = 0 if latest is None else latest.size
            begin = min(since, size) // _TILE * _TILE
            looking = _Looking(connection, begin, size, stop, progress)
            if size - begin >= WORTH_A_POOL:
                with pool(self._address, stop) as processes:
                    looking.by(processes)
            else:
                looking.here()
            return Verified(
                size,
                None if latest is None else latest.root,
                size - begin,
                connection.execute(sa.select(sa.func.count()).select_from(pending)).scalar_one(),
                tuple(looking.findings()),
            )


class _Looking:
    """One verification of the places from `begin` to before `size`."""

    def __init__(self, connection: sa.Connection, begin: int, size: int, stop: Stop, progress: Progress) -> None:
        self._connection = connection
        self._begin, self._size = begin, size
        self._stop = stop
        self._progress = progress
        self._checkpoints, self._found = checkpoint_findings(connection, log_keys(connection), size)
        self._sizes = [one.size for one in self._checkpoints]
        self._hashed: list[Hashed] = []
        self._rows: list[Finding] = []

    def here(self) -> None:
        """Look at all of it in this process."""
        before = _tree_of(self._connection, self._begin)
        self._note(hash_places(self._connection, 0, before, self._size, self._sizes, self._stop.check))
        rows = check_rows(self._connection, self._begin, self._size, self._altered(), self._stop.check)
        self._note_rows(rows, self._size)

    def by(self, processes: Pool) -> None:
        """Have several look at it, block by block; the first block may begin within one."""
        first = -(-self._begin // BLOCK) * BLOCK
        if first > self._begin:
            before = _tree_of(self._connection, self._begin)
            self._note(hash_places(self._connection, 0, before, first, self._sizes, self._stop.check))
        blocks = [(at, min(at + BLOCK, self._size)) for at in range(first, self._size, BLOCK)]
        processes.each(
            _hash_block,
            [(*block, [size for size in self._sizes if block[0] < size <= block[1]]) for block in blocks],
            self._note,
        )
        altered = self._altered()
        starts = [(self._begin, first)] if first > self._begin else []
        tasks = [
            (*block, frozenset(one for one in altered if block[0] <= one < block[1])) for block in [*starts, *blocks]
        ]
        ends = iter(end for _begin, end, _altered in tasks)
        processes.each(_check_block, tasks, lambda rows: self._note_rows(rows, next(ends)))

    def findings(self) -> Iterator[Finding]:
        """What is wrong, by the places; of one place the gravest alone."""
        found = list(self._found)
        altered = [one for block in self._hashed for one in block.altered]
        found += named(self._connection, altered)
        found += self._tree_findings()
        found += self._rows
        found += beside_the_tree(self._connection, self._begin, self._size)
        told: set[int] = set()
        for one in sorted(found, key=lambda one: -1 if one.place is None else one.place):
            if one.place is None or one.place not in told:
                yield one
            if one.place is not None:
                told.add(one.place)

    def _tree_findings(self) -> Iterator[Finding]:
        """That the tree is not the one that was signed; where no altered event says so already, as narrowly as one can."""
        tree = _tree_of(self._connection, self._begin)
        roots: dict[int, bytes] = {self._begin: tree.root()}
        for block in self._hashed:
            if block.base and block.base != tree.size:
                break  # a leaf is missing before it
            for size in sorted(block.peaks):
                last = Frontier(size, block.peaks[size]) if block.base == 0 else _grown(tree, size, block.peaks[size])
                roots[size] = last.root()
            tree = last
        if tree.size < self._size:
            yield Finding(
                Wrong.MISSING, "Its leaf is not there: an event had this place, and none has it now.", tree.size
            )
            return
        tiles = list(
            tile_findings(self._connection, self._begin, self._size, [t for b in self._hashed for t in b.tiles])
        )
        altered = min((a.place for b in self._hashed for a in b.altered if a.computed == a.noted), default=self._size)
        for one in self._checkpoints:
            if one.size > altered:
                break  # which is told of already
            if self._begin < one.size and roots.get(one.size) != one.root:
                within = tiles[0].place if tiles and tiles[0].place is not None else None
                if within is None or within >= one.size:
                    before = max((c.size for c in self._checkpoints if c.size < one.size), default=0)
                    yield Finding(
                        Wrong.LEAF,
                        f"The events from here to place {one.size - 1:,} are not those that were signed.",
                        before,
                    )
                break
        yield from tiles

    def _altered(self) -> frozenset[int]:
        return frozenset(one.place for block in self._hashed for one in block.altered)

    def _note(self, hashed: Hashed) -> None:
        self._hashed.append(hashed)
        self._progress(HASHES, hashed.end - self._begin, self._size - self._begin)

    def _note_rows(self, rows: list[Finding], end: int) -> None:
        self._rows += rows[:MOST_FINDINGS]
        self._progress(ROWS, end - self._begin, self._size - self._begin)


def _tree_of(connection: sa.Connection, size: int) -> Frontier:
    """The tree of the first places, as it is stored."""
    node = stored_nodes(connection)
    at, peaks = 0, []
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            peaks.append(node(height, at >> height))
            at += 1 << height
    return Frontier(size, peaks)


def _grown(tree: Frontier, size: int, peaks: Sequence[bytes]) -> Frontier:
    """The tree with the perfect subtrees that follow it, up to this size."""
    grown, more = Frontier(tree.size, tree.peaks), size - tree.size
    heights = [height for height in reversed(range(more.bit_length())) if more >> height & 1]
    for height, peak in zip(heights, peaks, strict=True):
        grown.add_perfect(height, peak)
    return grown


def _nothing() -> None:
    """A block takes a second: nobody calls off within one."""


def _hash_block(connection: sa.Connection, task: tuple[int, int, list[int]]) -> Hashed:
    begin, end, sizes = task
    return hash_places(connection, begin, Frontier(), end, sizes, _nothing)


def _check_block(connection: sa.Connection, task: tuple[int, int, frozenset[int]]) -> list[Finding]:
    begin, end, altered = task
    return check_rows(connection, begin, end, altered, _nothing)
