"""Verifying: whether all that is stored is as it was sealed, and what is not."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from pyroaring import BitMap64

from data.merkle.tree import Frontier
from data.proof.blocks import BLOCK, Checked, Hashed, check_rows, hash_places
from data.proof.findings import MOST_FINDINGS, Finding, Wrong
from data.proof.forgetting import Removal, removed_digest
from data.proof.leave import Gone, Leave
from data.proof.nodes import TILE_HEIGHT
from data.proof.pool import WORTH_A_POOL, Pool, exported_snapshot, pool
from data.proof.tree_checks import Signed, beside_the_tree, named, signed_so_far, tile_findings
from data.proof.trees import grown, tree_of
from data.proof.waiting import count_waiting
from data.stop import Stop
from data.store import Database
from data.store.any_text import any_text

Progress = Callable[[str, int, int], None]
"""Told what is being looked at, how much of it was, and how much there is in all."""

HASHES, ROWS = "hashes", "names and keys"
_REMOVALS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification came to: `size` and `root` of the last checkpoint, how many of the events below it were looked at,
    how many beside them wait to be sealed (of `MOST_COUNTED`, there may be more), and what was found to be wrong, the first place first. `erased` and `removed` of
    those looked at are so with leave: events tell of it.
    """

    size: int = 0
    root: bytes | None = None
    checked: int = 0
    unsealed: int = 0
    findings: tuple[Finding, ...] = ()
    erased: int = 0
    removed: int = 0

    @property
    def holds(self) -> bool:
        return not self.findings

    @property
    def gone(self) -> int:
        """How many were erased or removed with leave."""
        return self.erased + self.removed


class Verifier:
    """Verifies the change log of one database."""

    def __init__(self, database: Database, address: str, worth_a_pool: int | None = None) -> None:
        """`address` is the database's, for the processes that help with so many events or more."""
        self._database = database
        self._address = address
        self._worth_a_pool = WORTH_A_POOL if worth_a_pool is None else worth_a_pool

    def run(
        self, since: int = 0, stop: Stop | None = None, progress: Progress = lambda _what, _done, _all: None
    ) -> Verified:
        """Verify every event that is sealed, from place `since` on, and that none is there that was not sealed.

        What was sealed before is taken as it is stored. Raises Cancelled once `stop` is requested, and the errors of
        `data.errors`.
        """
        stop = stop or Stop()
        with self._database.upkeep_reading(stop) as connection, any_text(connection):
            signed = signed_so_far(connection, since)
            begin = min(since, signed.size)
            looking = _Looking(connection, begin, signed, stop, progress)
            if signed.size - begin >= self._worth_a_pool:
                with pool(self._address, stop, exported_snapshot(connection)) as processes:
                    looking.by(processes)
            else:
                looking.here()
            found = [*looking.findings()]
            unsealed = count_waiting(connection)
        # A new transaction: what was erased or removed while the places were looked at is told of in this one.
        with self._database.upkeep_reading(stop) as connection, any_text(connection):

            def digests(removals: Sequence[Removal]) -> Iterable[bool]:
                return _digests_hold(connection, removals, self._address, stop)

            told = [one for block in looking.hashed for one in block.told]
            leave = Leave(connection, begin, signed.size, looking.gone(), told, digests)
            found = [*leave.findings(), *found]
        return Verified(
            signed.size,
            signed.root,
            signed.size - begin,
            unsealed,
            tuple(_the_gravest(found)),
            leave.erased,
            leave.removed,
        )


class _Looking:
    """One verification of the places from `begin` to before what was signed last."""

    def __init__(self, connection: sa.Connection, begin: int, signed: Signed, stop: Stop, progress: Progress) -> None:
        self._connection = connection
        self._begin, self._size = begin, signed.size
        self._signed = signed
        self._stop = stop
        self._progress = progress
        self._sizes = [one.size for one in signed.checkpoints if one.size > begin]
        self.hashed: list[Hashed] = []
        self._rows: list[Checked] = []

    def here(self) -> None:
        """Look at all of it in this process."""
        before = tree_of(self._connection, self._begin)
        self._note(hash_places(self._connection, 0, before, self._size, self._sizes, self._stop.check))
        altered = self._altered()
        rows = check_rows(self._connection, self._begin, self._size, altered, self._stop.check)
        self._note_rows(rows, self._size)

    def by(self, processes: Pool) -> None:
        """Have several look at it, block by block; the first block may begin within one."""
        first = -(-self._begin // BLOCK) * BLOCK
        if first > self._begin:
            before = tree_of(self._connection, self._begin)
            self._note(hash_places(self._connection, 0, before, first, self._sizes, self._stop.check))
        blocks = [(at, min(at + BLOCK, self._size)) for at in range(first, self._size, BLOCK)]
        processes.each(
            _hash_block,
            [(*block, [size for size in self._sizes if block[0] < size <= block[1]]) for block in blocks],
            self._note,
        )
        altered = self._altered()
        starts = [(self._begin, first)] if first > self._begin else []
        tasks = [(begin, end, altered & BitMap64(range(begin, end))) for begin, end in [*starts, *blocks]]
        ends = iter(end for _begin, end, _altered in tasks)
        processes.each(_check_block, tasks, lambda rows: self._note_rows(rows, next(ends)))

    def gone(self) -> Gone:
        """What the places were found to lack."""
        gone = Gone()
        for block in self.hashed:
            gone.rows |= block.gone
            gone.bodies |= block.tombstones
        for rows in self._rows:
            gone.bodies |= rows.tombstones
            gone.personal |= rows.forgotten
        return gone

    def findings(self) -> Iterator[Finding]:
        """What is wrong, but for what is gone."""
        yield from self._signed.findings
        yield from self._altered_findings()
        yield from self._tree_findings()
        for rows in self._rows:
            yield from rows.findings
        yield from beside_the_tree(self._connection, self._begin, self._size)

    def _altered_findings(self) -> Iterator[Finding]:
        """Which events have other bytes, and of very many how many more."""
        details = [one for block in self.hashed for one in block.details][:MOST_FINDINGS]
        yield from named(self._connection, details)
        if details:
            more = self._altered()
            more.remove_range(0, details[-1].place + 1)
            if more:
                told = f"So are the bodies of {len(more):,} more, up to place {more.max():,}."
                yield Finding(Wrong.BODY, told, more[0])

    def _tree_findings(self) -> Iterator[Finding]:
        """That the tree is not the one that was signed; where no altered event says so already, as narrowly as one can."""
        tiles: list[tuple[int, int, bytes]] = []

        def completed(height: int, index: int, root: bytes) -> None:
            if height % TILE_HEIGHT == 0:
                tiles.append((height, index, root))

        tree = tree_of(self._connection, self._begin)
        roots: dict[int, bytes] = {self._begin: tree.root()}
        for block in self.hashed:
            if block.base and block.base != tree.size:
                break  # a leaf is missing before it
            if block.base == 0:
                trees = {size: Frontier(size, peaks) for size, peaks in block.peaks.items()}
            else:
                trees = {size: grown(tree, size, peaks) for size, peaks in block.peaks.items()}
                grown(tree, block.end, block.peaks[block.end], completed)
            roots.update((size, one.root()) for size, one in trees.items())
            tiles += block.tiles
            tree = trees[block.end]
        if tree.size < self._size:
            yield Finding(
                Wrong.MISSING, "Its leaf is not there: an event had this place, and none has it now.", tree.size
            )
            return
        wrong = list(tile_findings(self._connection, self._begin, tiles))
        altered = min((a.place for b in self.hashed for a in b.details if a.computed == a.noted), default=self._size)
        for one in self._signed.checkpoints:
            if one.size > altered:
                break  # which is told of already
            if self._begin < one.size and roots.get(one.size) != one.root:
                within = wrong[0].place if wrong and wrong[0].place is not None else None
                if within is None or within >= one.size:
                    before = max((c.size for c in self._signed.checkpoints if c.size < one.size), default=0)
                    yield Finding(
                        Wrong.LEAF,
                        f"The events from here to place {one.size - 1:,} are not those that were signed.",
                        before,
                    )
                break
        yield from wrong

    def _altered(self) -> BitMap64:
        altered = BitMap64()
        for block in self.hashed:
            altered |= block.altered
        return altered

    def _note(self, hashed: Hashed) -> None:
        self.hashed.append(hashed)
        self._progress(HASHES, hashed.end - self._begin, self._size - self._begin)

    def _note_rows(self, rows: Checked, end: int) -> None:
        self._rows.append(rows)
        self._progress(ROWS, end - self._begin, self._size - self._begin)


def _the_gravest(found: Sequence[Finding]) -> Iterator[Finding]:
    """By the places; of one place the gravest alone, which comes first among those found."""
    told: set[int] = set()
    for one in sorted(found, key=lambda one: -1 if one.place is None else one.place):
        if one.place is None or one.place not in told:
            yield one
        if one.place is not None:
            told.add(one.place)


def _digests_hold(connection: sa.Connection, removals: Sequence[Removal], address: str, stop: Stop) -> Iterable[bool]:
    """Which removals name the leaves that their places have, and have always had."""
    if sum(one.count for one in removals) < WORTH_A_POOL:
        stop.check()
        return _digest_block(connection, removals)
    tasks = [removals[at : at + _REMOVALS_AT_ONCE] for at in range(0, len(removals), _REMOVALS_AT_ONCE)]
    found: list[bool] = []
    with pool(address, stop) as processes:
        processes.each(_digest_block, tasks, found.extend)
    return found


def _nothing() -> None:
    """A block takes a second: nobody calls off within one."""


def _hash_block(connection: sa.Connection, task: tuple[int, int, list[int]]) -> Hashed:
    begin, end, sizes = task
    return hash_places(connection, begin, Frontier(), end, sizes, _nothing)


def _check_block(connection: sa.Connection, task: tuple[int, int, BitMap64]) -> Checked:
    begin, end, altered = task
    return check_rows(connection, begin, end, altered, _nothing)


def _digest_block(connection: sa.Connection, removals: Sequence[Removal]) -> list[bool]:
    return [removed_digest(connection, one.ranges) == one.digest for one in removals]
