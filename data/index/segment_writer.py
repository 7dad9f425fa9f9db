"""Writing a segment: its parts in short transactions while nobody sees it, and then one that makes it live.

The row of a segment is there before any of its parts, and goes after the last of them: so whatever a crash leaves
behind is a row that is not live, and is found by that.
"""

from array import array
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TypeAlias
from uuid import UUID

import sqlalchemy as sa

from data.index import tables
from data.index.digests import digest_of
from data.index.dimensions import COUNTED
from data.index.packs import Packer, Posting
from data.index.places import CHUNK, chunks_of
from data.index.stored import header_digest
from data.index.tables import KEY_BITS
from data.index.tallies import WHOLE, tally_number, tally_of
from data.records import Log
from data.stop import Stop
from data.store.row_inserting import insert_rows

AT_ONCE_BYTES = 1 << 20
"""About so much is written in one transaction: while it lasts, nobody else writes to an embedded database."""

_NIL = UUID(int=0)
_PART_COLUMNS = {"key": "bigint", "digest": "bytea", "body": "bytea"}

Lend: TypeAlias = Callable[[], AbstractContextManager[sa.Connection]]
"""Lends a connection for one transaction that writes."""


class Overtaken(Exception):
    """Somebody else was quicker, and what was written is of no use. Never leaves the indexer."""


class SegmentWriter:
    """Writes one segment that is not live yet.

    Its content comes in the order of the methods; all of it comes piece by piece, so that it need not be in memory.
    """

    def __init__(self, lend: Lend, log: Log, stop: Stop, *, is_late: bool) -> None:
        """Begins one. `stop` is looked at before each transaction."""
        self._lend = lend
        self._log = tables.LOG_NUMBERS[log]
        self._stop = stop
        self._waiting: dict[sa.Table, list[tuple[int, bytes, bytes]]] = {part: [] for part in tables.PARTS}
        self._bytes = 0
        self._heads = array("q")
        self._last = 0
        self._directory = b""
        self.size = 0
        """How many positions it has so far."""
        self.first_seq = self.last_seq = 0
        """The rows of the first of them and of the last."""
        self._least_seq = self._most_seq = 0
        stop.check()
        with lend() as connection:
            self.id = _begin(connection, self._log, is_late=is_late)

    def write_places(self, pieces: Iterable[tuple["array[int]", "array[int]"]]) -> None:
        """Moments (ms, UTC) and rows of all positions from the first on, in pieces of any size."""
        moments, seqs = array("q"), array("q")
        for more_moments, more_seqs in pieces:
            moments.extend(more_moments)
            seqs.extend(more_seqs)
            if len(moments) >= CHUNK:
                whole = len(moments) // CHUNK * CHUNK
                self._write_chunks(moments[:whole], seqs[:whole])
                del moments[:whole], seqs[:whole]
            self._last = more_moments[-1] if more_moments else self._last
        if moments:
            self._write_chunks(moments, seqs)

    def write_postings(self, postings: Iterable[Posting]) -> None:
        """All postings in the order of dimension and term; whole tallies are made of them."""
        packer = Packer()
        number = 0
        tallies = {dimension: (array("i"), array("I")) for dimension in COUNTED}
        for posting in postings:
            counted = tallies.get(posting[0])
            if counted is not None:
                counted[0].append(posting[1])
                counted[1].append(posting[2])
            body = packer.add(posting)
            if body is not None:
                self._add(tables.pack, number, body)
                number += 1
        body = packer.end()
        if body is not None:
            self._add(tables.pack, number, body)
        self._directory = packer.directory.to_bytes()
        for dimension, (terms, counts) in tallies.items():
            self._add(tables.tally, tally_number(dimension, WHOLE), tally_of(terms, counts))

    def write_blocks(self, dimension: int, bodies: Iterable[bytes]) -> None:
        """The tallies of a coded dimension's blocks, with codes, from the first block on."""
        for block, body in enumerate(bodies):
            self._add(tables.tally, tally_number(dimension, block), body)

    def end(self, low: UUID, high: UUID) -> None:
        """Write what is left. The segment is whole now, and not live. `low` and `high` are its first and last event."""
        moments = (self._heads + array("q", (self._last,))).tobytes()
        values = {
            "log": self._log,
            "size": self.size,
            "low": low,
            "high": high,
            "least_seq": self._least_seq,
            "most_seq": self._most_seq,
            "directory": self._directory,
            "moments": moments,
        }
        change = sa.update(tables.segment).where(tables.segment.c.id == self.id)
        self._flush(change.values(**values, digest=header_digest(self.id, values)))

    def _write_chunks(self, moments: "array[int]", seqs: "array[int]") -> None:
        first = self.size // CHUNK
        for number, body in enumerate(chunks_of(moments, seqs), first):
            self._add(tables.place, number, body)
        self._heads.extend(moments[::CHUNK])
        if not self.size:
            self.first_seq = self._least_seq = self._most_seq = seqs[0]
        self.last_seq = seqs[-1]
        self._least_seq, self._most_seq = min(self._least_seq, min(seqs)), max(self._most_seq, max(seqs))
        self.size += len(moments)

    def _add(self, table: sa.Table, number: int, body: bytes) -> None:
        key = self.id << KEY_BITS | number
        self._waiting[table].append((key, digest_of(table.name, key, body), body))
        self._bytes += len(body)
        if self._bytes >= AT_ONCE_BYTES:
            self._flush()

    def _flush(self, change: sa.Update | None = None) -> None:
        self._stop.check()
        with self._lend() as connection:
            hold(connection, self.id)
            for table, rows in self._waiting.items():
                if rows:
                    insert_rows(connection, table, _PART_COLUMNS, rows)
            if change is not None:
                connection.execute(change)
        self._waiting = {part: [] for part in tables.PARTS}
        self._bytes = 0


GIVEN_UP = -1
"""In place of where a hidden segment begins: it is being removed, and whoever still writes it is too slow."""


def is_being_written() -> sa.ColumnElement[bool]:
    """Whether a segment is hidden, and not given up."""
    return sa.and_(sa.not_(tables.segment.c.is_live), tables.segment.c.begin != GIVEN_UP)


def hold(connection: sa.Connection, segment: int) -> None:
    """Make sure that nobody has given up a hidden segment, nor does until the transaction ends. Raises Overtaken."""
    table = tables.segment
    found = sa.select(table.c.id).where(table.c.id == segment, is_being_written()).with_for_update(read=True)
    if connection.execute(found).one_or_none() is None:
        raise Overtaken(f"segment {segment} was taken for a leftover")


def _begin(connection: sa.Connection, log: int, *, is_late: bool) -> int:
    made = connection.execute(
        sa.insert(tables.segment)
        .values(
            log=log,
            is_late=is_late,
            is_live=False,
            size=0,
            begin=0,
            low=_NIL,
            high=_NIL,
            least_seq=0,
            most_seq=0,
            built_by=0,
            directory=b"",
            moments=b"",
            digest=b"",
        )
        .returning(tables.segment.c.id)
    )
    return int(made.scalar_one())
