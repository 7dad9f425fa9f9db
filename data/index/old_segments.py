"""Segments that go into others, as they are read for that: from the first part to the last, a few at a time."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from data.index import tables
from data.index.digests import SegmentDamaged
from data.index.packs import Directory, Pack
from data.index.part_reader import intact
from data.index.places import CHUNK, PlaceChunk
from data.index.stored import header_digest
from data.index.tables import KEY_BITS
from data.index.tallies import BLOCK, WHOLE, Tally, tally_number
from data.records import Log

_AT_ONCE = 32
_Part = TypeVar("_Part", Pack, PlaceChunk, Tally)


@dataclass(frozen=True, slots=True)
class OldSegment:
    """The row of a live segment, without what is large."""

    id: int
    size: int
    begin: int
    is_late: bool
    low: UUID
    high: UUID
    least_seq: int
    most_seq: int
    built_by: int
    gone: bytes | None
    """The digest of what is gone of it, see `tables.gone`; None if it has all of its events."""

    @property
    def count(self) -> int:
        """How many events it has."""
        return self.size - self.begin


_COLUMNS = (
    *(tables.segment.c[name] for name in OldSegment.__dataclass_fields__ if name != "gone"),
    tables.gone.c.digest,
)


def old_segments(connection: sa.Connection, log: Log) -> list[OldSegment]:
    """The live segments of a log, in the order of their first events."""
    table = tables.segment
    of_log = sa.and_(table.c.log == tables.LOG_NUMBERS[log], table.c.is_live)
    with_gone = table.outerjoin(tables.gone, tables.gone.c.segment == table.c.id)
    statement = sa.select(*_COLUMNS).select_from(with_gone).where(of_log).order_by(table.c.low)
    return [OldSegment(*row) for row in connection.execute(statement)]


class Piece:
    """The positions of an old segment from `start` to before `stop`. Whatever is read may raise SegmentDamaged."""

    def __init__(self, connection: sa.Connection, segment: OldSegment, start: int, stop: int) -> None:
        self._connection = connection
        self._base = segment.id << KEY_BITS
        self.segment = segment
        self.start, self.stop = start, stop
        self.is_whole = stop - start == segment.size
        """Whether it is all that was ever in the segment."""

    def __len__(self) -> int:
        return self.stop - self.start

    def cut(self, start: int, stop: int) -> "Piece":
        """Another piece of the same segment."""
        return Piece(self._connection, self.segment, start, stop)

    def places(self) -> Iterator[tuple["array[int]", "array[int]"]]:
        """Moments (ms, UTC) and rows of all its positions."""
        first = self.start // CHUNK
        numbers = range(self._base + first, self._base + (self.stop + CHUNK - 1) // CHUNK)
        at = first * CHUNK
        for _key, chunk in _parts(self._connection, tables.place, numbers, PlaceChunk):
            begin, end = max(self.start - at, 0), min(self.stop - at, CHUNK)
            if len(chunk) != min(CHUNK, self.segment.size - at):
                raise SegmentDamaged(self.segment.id)
            yield array("q", chunk.moments()[begin:end]), array("q", chunk.seqs()[begin:end])
            at += CHUNK

    def packs(self) -> Iterator[Pack]:
        """All packs of the segment, in order; positions that are not of this piece are in them as well."""
        directory = self._directory()
        numbers = range(self._base, self._base + directory.packs)
        return (pack for _key, pack in _parts(self._connection, tables.pack, numbers, Pack))

    def blocks(self, dimension: int) -> Iterator[Tally]:
        """The tallies of the blocks that the piece is in, with codes."""
        first, end = self.start // BLOCK, (self.stop + BLOCK - 1) // BLOCK
        numbers = range(self._base | tally_number(dimension, first), self._base | tally_number(dimension, end))
        for block, (_key, tally) in enumerate(_parts(self._connection, tables.tally, numbers, Tally, 1), first):
            if len(tally.codes) != min(BLOCK, self.segment.size - block * BLOCK):
                raise SegmentDamaged(self.segment.id)
            yield tally

    def terms(self, dimension: int) -> Iterator["array[int]"]:
        """The term of a coded dimension in each of its positions, block by block."""
        at = self.start // BLOCK * BLOCK
        for tally in self.blocks(dimension):
            codes = tally.codes[max(self.start - at, 0) : self.stop - at]
            yield array("i", map(tally.terms.__getitem__, codes))
            at += BLOCK

    def sums(self, dimension: int) -> dict[int, int]:
        """How often each term occurs in all of the segment, as is written beside the bitmaps."""
        number = self._base | tally_number(dimension, WHOLE)
        return {
            term: count
            for _key, tally in _parts(self._connection, tables.tally, range(number, number + 1), Tally)
            for term, count in tally.items()
        }

    def _directory(self) -> Directory:
        table = tables.segment
        row: Any = self._connection.execute(sa.select(table).where(table.c.id == self.segment.id)).one_or_none()
        if row is None or header_digest(row.id, row._mapping) != row.digest:
            raise SegmentDamaged(self.segment.id)
        return Directory(row.directory)


def _parts(
    connection: sa.Connection, table: sa.Table, keys: range, made_of: type[_Part], at_once: int = _AT_ONCE
) -> Iterator[tuple[int, _Part]]:
    """Raises SegmentDamaged for a part that is not there, or not what was written."""
    for first in range(keys.start, keys.stop, at_once):
        some = range(first, min(first + at_once, keys.stop))
        rows: Sequence[Any] = connection.execute(
            sa.select(table.c.key, table.c.digest, table.c.body)
            .where(table.c.key.between(some[0], some[-1]))
            .order_by(table.c.key)
        ).all()
        if [row.key for row in rows] != list(some):
            raise SegmentDamaged(first >> KEY_BITS)
        for key, digest, body in rows:
            yield key, intact(table, key, digest, body, made_of)
