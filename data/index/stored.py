"""Stored segments: their positions, terms and times, read part by part as they are asked for."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap

from data.index import tables
from data.index.arrived import Arrived
from data.index.digests import SegmentDamaged, digest_of
from data.index.gone import gone_of
from data.index.packs import Directory, Posting, positions_of, united
from data.index.part_reader import PartReader
from data.index.places import CHUNK
from data.index.segment_memory import Header, SegmentMap, SegmentMemory
from data.index.source import Wanted
from data.index.tables import KEY_BITS
from data.index.tallies import BLOCK_BITS, NONE, WHOLE, tally_number
from data.records import Log
from data.store.ages import Edge

_MANY_TERMS = 64
"""From so many on, whole packs are gone through."""

_PER_TERM = 4
"""With fewer positions than these times the terms of a block, it is not worth counting codes before terms."""


class StoredSegment:
    """One segment, as one transaction reads it. See `Source`."""

    def __init__(
        self, header: Header, known: SegmentMap, gone: BitMap, parts: PartReader, memory: SegmentMemory
    ) -> None:
        self._header = header
        self.gone = gone
        self._directory, self._heads, self.last_moment = known
        self._parts = parts
        self._memory = memory
        self._base = header.id << KEY_BITS
        self.key = header.id, header.begin
        self.begin, self.size = header.begin, header.size
        self.first_moment = self._heads[self.begin // CHUNK]
        self.most_seq = header.most_seq

    def expect(self, wanted: Wanted) -> Sequence[int]:
        return [
            self._base | number for dimension, terms in wanted.items() for number in self._packs_of(dimension, terms)
        ]

    def having(self, wanted: Wanted) -> BitMap:
        few: list[bytes] = []
        many: list[bytes] = []
        for dimension, terms in wanted.items():
            if len(terms) < _MANY_TERMS:
                for term in terms:
                    number = self._directory.pack_of(dimension, term)
                    if number is not None:
                        self._parts.pack(self._base | number).gather({term}, few, many)
            else:
                asked = terms if isinstance(terms, AbstractSet) else frozenset(terms)
                for number in self._packs_of(dimension, asked):
                    self._parts.pack(self._base | number).gather(asked, few, many)
        try:
            return united(few, many)
        except ValueError:
            raise SegmentDamaged(self._header.id) from None

    def _packs_of(self, dimension: int, terms: Collection[int]) -> Collection[int]:
        """The numbers of the packs that hold any of these terms if the segment does."""
        if len(terms) >= _MANY_TERMS:
            stretch = self._directory.packs_between(dimension, min(terms), max(terms))
            if len(stretch) <= len(terms):
                return stretch
        numbers = {self._directory.pack_of(dimension, term) for term in terms}
        return [number for number in numbers if number is not None]

    def postings(self, dimension: int) -> Iterator[tuple[int, int, BitMap]]:
        numbers = self._directory.packs_of(dimension)
        for pack in self._parts.all_packs(range(self._base + numbers.start, self._base + numbers.stop)):
            for posting in pack:
                yield posting.term, posting.size, self._intact(posting)

    def count_all(self, dimension: int, found: "Counter[int]") -> None:
        _add(self.tally(dimension), found)

    def tally(self, dimension: int) -> Iterable[tuple[int, int]]:
        if self.begin:
            rest = BitMap(range(self.begin, self.size))
            counted = ((term, bits.intersection_cardinality(rest)) for term, _count, bits in self.postings(dimension))
            return [(term, count) for term, count in counted if count]
        return self._parts.tally(self._base | tally_number(dimension, WHOLE)).items()

    def expect_tally(self, dimension: int) -> Sequence[int]:
        return () if self.begin else (self._base | tally_number(dimension, WHOLE),)

    def counts_of(self, dimension: int, terms: Collection[int]) -> Iterable[tuple[int, int]]:
        asked = frozenset(terms)
        numbers = self._packs_of(dimension, asked)
        self._parts.expect_packs([self._base | number for number in numbers])
        for number in numbers:
            yield from self._parts.pack(self._base | number).counts_of(asked)

    def counts_at(self, dimension: int, terms: Collection[int], positions: BitMap) -> Iterator[tuple[int, int]]:
        pack_of, read, base = self._directory.pack_of, self._parts.pack, self._base
        try:
            for term in terms:
                number = pack_of(dimension, term)
                bits = None if number is None else read(base | number).bits_of(term)
                if bits is not None:
                    yield term, bits.intersection_cardinality(positions)
        except ValueError:
            raise SegmentDamaged(self._header.id) from None

    def coding_cost(self, positions: BitMap) -> int:
        shares = (self._share(positions, block) for block in self._blocks())
        return sum(here for here, size in shares if here < size)

    def count_coded(self, dimension: int, positions: BitMap, found: "Counter[int]") -> None:
        blocks = [block for block in self._blocks() if self._share(positions, block)[0]]
        keys = [self._base | tally_number(dimension, block) for block in blocks]
        for block, tally in zip(blocks, self._parts.coded_blocks(keys), strict=True):
            here, size = self._share(positions, block)
            start, terms = block << BLOCK_BITS, tally.terms
            if here == size:
                _add(tally.items(), found)
                continue
            chosen = (positions & BitMap(range(start, start + size))).shift(-start)
            codes = map(tally.codes.__getitem__, chosen.to_array())
            if here < _PER_TERM * len(terms):  # one after the other, as nearly each is another term
                found.update(map(terms.__getitem__, codes))
            else:
                _add(((terms[code], count) for code, count in Counter(codes).items()), found)
        found.pop(NONE, None)

    def _blocks(self) -> range:
        return range((self.size - 1 >> BLOCK_BITS) + 1)

    def _share(self, positions: BitMap, block: int) -> tuple[int, int]:
        """How many of these positions are in a block, and how many it has."""
        start = block << BLOCK_BITS
        end = min(start + (1 << BLOCK_BITS), self.size)
        return positions.range_cardinality(start, end), end - start

    def position_of(self, moment: int) -> int:
        return self.positions_of((moment,))[0]

    def expect_cuts(self, moments: Sequence[int]) -> Sequence[int]:
        unknown = (moment for moment in moments if self._memory.cut(self._header.id, moment) is None)
        return [self._base | self._chunk_of(moment) for moment in unknown]

    def positions_of(self, moments: Sequence[int]) -> list[int]:
        found = []
        for moment in moments:
            position = self._memory.cut(self._header.id, moment)
            if position is None:
                number = self._chunk_of(moment)
                chunk = self._parts.places((self._base | number,))[self._base | number]
                position = min(number * CHUNK + chunk.offset_of(moment), self.size)
                self._memory.learn_cut(self._header.id, moment, position)
            found.append(max(self.begin, position))
        return found

    def _chunk_of(self, moment: int) -> int:
        return max(0, bisect_left(self._heads, moment) - 1)

    def places(self, positions: Sequence[int]) -> list[tuple[int, int]]:
        chunks = self._parts.places({self._base | position // CHUNK for position in positions})
        found = []
        for position in positions:
            number, offset = divmod(position, CHUNK)
            chunk = chunks[self._base | number]
            found.append((chunk.moment(offset), chunk.seq(offset)))
        return found

    def since(self, arrived: Arrived) -> BitMap | None:
        header = self._header
        if arrived.holds_all(header.built_by, header.most_seq):
            return None
        known = self._memory.arrived(header.id, arrived.snapshot)
        if known is None:
            rows = arrived.among(header.least_seq, header.most_seq)
            known = BitMap(position for position, seq in enumerate(self.seqs()) if seq in rows) if rows else BitMap()
            self._memory.learn_arrived(header.id, arrived.snapshot, known)
        return known

    def before(self, edge: Edge) -> BitMap:
        header, moment = self._header, edge.us // 1000
        if header.least_seq > edge.seq or self.first_moment >= moment:
            return BitMap()
        end = self.size if self.last_moment < moment else self.position_of(moment)
        if header.most_seq <= edge.seq:
            return BitMap(range(self.begin, end))
        known = self._memory.before(header.id, edge)
        if known is None:
            known = self._arrived_before(edge.seq, end)
            self._memory.learn_before(header.id, edge, known)
        return known

    def _arrived_before(self, seq: int, end: int) -> BitMap:
        """The positions below `end` whose rows have at most this number."""
        found = BitMap()
        chunks = self._parts.all_places(range(self._base, self._base - (-end // CHUNK)))
        for start, chunk in zip(range(0, end, CHUNK), chunks, strict=True):
            if chunk.most_seq <= seq:
                found.add_range(start, start + len(chunk))
            else:
                found.update(start + offset for offset, one in enumerate(chunk.seqs()) if one <= seq)
        found.remove_range(end, self.size)
        return found

    @property
    def id(self) -> int:
        """The segment's number."""
        return self._header.id

    def leave_out(self, moment: int, seq: int) -> None:
        """Leave out the event with this row, if it is here; it happened at this moment (ms, UTC)."""
        if self.first_moment <= moment <= self.last_moment and self.may_have(seq, seq):
            places = range(*self.positions_of((moment, moment + 1)))
            self.gone |= BitMap(
                at for at, (_moment, here) in zip(places, self.places(places), strict=True) if here == seq
            )

    def may_have(self, least: int, most: int) -> bool:
        """Whether it may have an event whose row has one of these numbers."""
        return self._header.least_seq <= most and least <= self._header.most_seq

    def seqs(self) -> Iterator[int]:
        """The rows of all positions from 0 on, in order."""
        for chunk in self._parts.all_places(range(self._base, self._base + len(self._heads))):
            yield from chunk.seqs()

    def _intact(self, posting: Posting) -> BitMap:
        try:
            return positions_of(posting)
        except ValueError:
            raise SegmentDamaged(self._header.id) from None


def _add(counted: Iterable[tuple[int, int]], found: "Counter[int]") -> None:
    known = found.get
    for term, count in counted:
        found[term] = known(term, 0) + count


_HEADER_COLUMNS = tuple(tables.segment.c[name] for name in Header._fields)


def live_segments(connection: sa.Connection, log: Log, parts: PartReader, memory: SegmentMemory) -> list[StoredSegment]:
    """The segments of a log that this transaction sees, in no order. Raises SegmentDamaged."""
    table = tables.segment
    of_log = sa.and_(table.c.log == tables.LOG_NUMBERS[log], table.c.is_live)
    headers = [Header(*row) for row in connection.execute(sa.select(*_HEADER_COLUMNS).where(of_log))]
    gone = gone_of(connection)
    known = memory.known(header.id for header in headers)
    missing = [header.id for header in headers if header.id not in known]
    if missing:
        for row in connection.execute(sa.select(table).where(table.c.id.in_(missing))):
            known[row.id] = _read_map(row)
        memory.learn(known)
    return [StoredSegment(header, known[header.id], gone.get(header.id, BitMap()), parts, memory) for header in headers]


def _read_map(row: Any) -> SegmentMap:  # noqa: ANN401
    if header_digest(row.id, row._mapping) != row.digest or not 0 <= row.begin <= row.size:
        raise SegmentDamaged(row.id)
    moments = array("q", row.moments)
    return SegmentMap(Directory(row.directory), moments[:-1], moments[-1])


_FORM = 2
"""What terms and parts mean. Segments of another form are taken for damaged, and made anew: change it with the meaning."""


_FIXED = ("log", "size", "low", "high", "least_seq", "most_seq")


def header_digest(segment: int, row: Mapping[str, Any]) -> bytes:
    """The digest of what never changes of a segment's row, which is given by the names of its columns."""
    fixed = "/".join(str(row[name]) for name in _FIXED)
    return digest_of(f"{tables.segment.name}/{_FORM}/{fixed}", segment, row["directory"], row["moments"])
