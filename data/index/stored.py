"""Stored segments, and reading their parts."""

from array import array
from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from pyroaring import BitMap

from data.answers import Snapshot
from data.index import tables
from data.index.arrived import Arrived
from data.index.digests import SegmentDamaged, digest_of
from data.index.packs import Directory, Pack, Posting, positions_of
from data.index.places import CHUNK, PlaceChunk
from data.index.source import Wanted
from data.index.tables import KEY_BITS
from data.index.tallies import BLOCK_BITS, NONE, WHOLE, Tally, tally_number
from data.records import Log
from data.stop import Stop

_KEYS_AT_ONCE = 500
_REMEMBERED = 200
_Part = TypeVar("_Part", Pack, PlaceChunk, Tally)


class Header(NamedTuple):
    """The row of a segment without what is remembered."""

    id: int
    size: int
    begin: int
    is_late: bool
    least_seq: int
    most_seq: int
    built_by: int


class _Map(NamedTuple):
    """What never changes of a segment: where its terms are, and when the first event of each chunk of places happened, and
    the last event of all (ms, UTC)."""

    directory: Directory
    heads: "array[int]"
    last: int


class SegmentMemory:
    """What was read of segments and never changes: shared by all questions of a process, and bounded."""

    def __init__(self) -> None:
        self._maps: OrderedDict[int, _Map] = OrderedDict()
        self._arrived: OrderedDict[tuple[int, Snapshot], BitMap] = OrderedDict()
        self._lock = Lock()

    def known(self, ids: Iterable[int]) -> dict[int, _Map]:
        """Those of these segments that are remembered."""
        with self._lock:
            return {one: self._maps[one] for one in ids if one in self._maps}

    def learn(self, maps: Mapping[int, _Map]) -> None:
        """Remember these, and forget what was not asked for lately."""
        with self._lock:
            for segment, known in maps.items():
                self._maps[segment] = known
                self._maps.move_to_end(segment)
            while len(self._maps) > _REMEMBERED:
                self._maps.popitem(last=False)

    def arrived(self, segment: int, since: Snapshot) -> BitMap | None:
        """What of a segment arrived since a snapshot, if that was found out before."""
        with self._lock:
            return self._arrived.get((segment, since))

    def learn_arrived(self, segment: int, since: Snapshot, positions: BitMap) -> None:
        with self._lock:
            self._arrived[segment, since] = positions
            while len(self._arrived) > _REMEMBERED:
                self._arrived.popitem(last=False)


class PartReader:
    """Reads parts of segments within one transaction, many at once; what was read is kept until it ends."""

    def __init__(self, connection: sa.Connection, stop: Stop) -> None:
        self._connection = connection
        self._stop = stop
        self._packs: dict[int, Pack] = {}

    def expect_packs(self, keys: Iterable[int]) -> None:
        """Read these packs now, together."""
        self._packs.update(self._read(tables.pack, [key for key in keys if key not in self._packs], Pack))

    def pack(self, key: int) -> Pack:
        if key not in self._packs:
            self.expect_packs((key,))
        return self._packs[key]

    def all_packs(self, keys: range) -> Iterator[Pack]:
        """These packs in order; none of them is kept."""
        for begin in range(keys.start, keys.stop, _KEYS_AT_ONCE):
            some = range(begin, min(keys.stop, begin + _KEYS_AT_ONCE))
            read = self._read(tables.pack, [key for key in some if key not in self._packs], Pack)
            yield from (self._packs.get(key) or read[key] for key in some)

    def places(self, keys: Collection[int]) -> dict[int, PlaceChunk]:
        """These chunks of places, by their keys."""
        return self._read(tables.place, keys, PlaceChunk)

    def tallies(self, keys: Collection[int]) -> dict[int, Tally]:
        """These tallies, by their keys."""
        return self._read(tables.tally, keys, Tally)

    def _read(self, table: sa.Table, keys: Collection[int], made_of: type[_Part]) -> dict[int, _Part]:
        """Raises SegmentDamaged for a part that is not there, or not what was written."""
        found: dict[int, _Part] = {}
        waiting = iter(keys)
        while some := list(islice(waiting, _KEYS_AT_ONCE)):
            self._stop.check()
            rows = self._connection.execute(
                sa.select(table.c.key, table.c.digest, table.c.body).where(table.c.key.in_(some))
            )
            for key, digest, body in rows:
                if digest_of(table.name, key, body) != digest:
                    raise SegmentDamaged(key >> KEY_BITS)
                try:
                    found[key] = made_of(body)
                except ValueError:
                    raise SegmentDamaged(key >> KEY_BITS) from None
            missing = next((key for key in some if key not in found), None)
            if missing is not None:
                raise SegmentDamaged(missing >> KEY_BITS)
        return found


class StoredSegment:
    """One segment, as one transaction reads it. See `Source`."""

    def __init__(self, header: Header, known: _Map, parts: PartReader, memory: SegmentMemory) -> None:
        self._header = header
        self._directory, self._heads, self.last_moment = known
        self._parts = parts
        self._memory = memory
        self._base = header.id << KEY_BITS
        self.begin, self.size = header.begin, header.size
        self.first_moment = self._heads[self.begin // CHUNK]

    def expect(self, wanted: Wanted) -> Sequence[int]:
        return [
            self._base | number
            for dimension, terms in wanted.items()
            for number in {self._directory.pack_of(dimension, term) for term in terms}
            if number is not None
        ]

    def having(self, wanted: Wanted) -> BitMap:
        found: list[BitMap] = []
        for dimension, terms in wanted.items():
            for term in terms:
                posting = self._posting(dimension, term)
                if posting is not None:
                    found.append(self._intact(posting))
        if len(found) < 2:
            return found[0] if found else BitMap()
        return BitMap.union(*found)

    def postings(self, dimension: int) -> Iterator[tuple[int, int, BitMap]]:
        numbers = self._directory.packs_of(dimension)
        for pack in self._parts.all_packs(range(self._base + numbers.start, self._base + numbers.stop)):
            for posting in pack:
                yield posting.term, posting.size, self._intact(posting)

    def tally(self, dimension: int) -> Iterable[tuple[int, int]]:
        if self.begin:
            rest = BitMap(range(self.begin, self.size))
            counted = ((term, bits.intersection_cardinality(rest)) for term, _count, bits in self.postings(dimension))
            return [(term, count) for term, count in counted if count]
        key = self._base | tally_number(dimension, WHOLE)
        return self._parts.tallies((key,))[key].items()

    def counts_of(self, dimension: int, terms: Collection[int]) -> Iterable[tuple[int, int]]:
        self._parts.expect_packs(self.expect({dimension: terms}))
        for term in terms:
            posting = self._posting(dimension, term)
            if posting is not None:
                yield term, posting.size

    def coding_cost(self, positions: BitMap) -> int:
        cost = 0
        for start in range(0, self.size, 1 << BLOCK_BITS):
            end = min(start + (1 << BLOCK_BITS), self.size)
            here = positions.range_cardinality(start, end)
            cost += min(here, end - start - here)
        return cost

    def coded(self, dimension: int, positions: BitMap) -> Mapping[int, int]:
        found: Counter[int] = Counter()
        blocks = _blocks_of(positions)
        read = self._parts.tallies([self._base | tally_number(dimension, block) for block in blocks])
        for block in blocks:
            tally = read[self._base | tally_number(dimension, block)]
            start = block << BLOCK_BITS
            end = min(start + (1 << BLOCK_BITS), self.size)
            here = positions.range_cardinality(start, end)
            if here == end - start:
                found.update(dict(tally.items()))
                continue
            codes = tally.codes
            if here * 2 <= end - start:
                chosen = positions & BitMap(range(start, end))
                counted = Counter(map(codes.__getitem__, chosen.shift(-start)))
                found.update({tally.terms[code]: count for code, count in counted.items()})
            else:
                others = BitMap(range(start, end)) - positions
                without = Counter(map(codes.__getitem__, others.shift(-start)))
                found.update({term: count - without[code] for code, (term, count) in enumerate(tally.items())})
        del found[NONE]
        return +found

    def position_of(self, moment: int) -> int:
        return self.positions_of((moment,))[0]

    def positions_of(self, moments: Sequence[int]) -> list[int]:
        numbers = [max(0, bisect_left(self._heads, moment) - 1) for moment in moments]
        chunks = self._parts.places({self._base | number for number in numbers})
        return [
            max(self.begin, min(number * CHUNK + chunks[self._base | number].offset_of(moment), self.size))
            for number, moment in zip(numbers, moments, strict=True)
        ]

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

    @property
    def id(self) -> int:
        """The segment's number."""
        return self._header.id

    def seqs(self) -> Iterator[int]:
        """The rows of all positions from 0 on, in order."""
        for first in range(0, len(self._heads), _KEYS_AT_ONCE):
            keys = range(self._base + first, self._base + min(first + _KEYS_AT_ONCE, len(self._heads)))
            chunks = self._parts.places(keys)
            for key in keys:
                yield from chunks[key].seqs()

    def _posting(self, dimension: int, term: int) -> Posting | None:
        number = self._directory.pack_of(dimension, term)
        return None if number is None else self._parts.pack(self._base | number).find(term)

    def _intact(self, posting: Posting) -> BitMap:
        try:
            return positions_of(posting)
        except ValueError:
            raise SegmentDamaged(self._header.id) from None


def _blocks_of(positions: BitMap) -> list[int]:
    """The blocks that hold any of these positions."""
    blocks, at = [], 0
    while at < len(positions):
        block = positions[at] >> BLOCK_BITS
        blocks.append(block)
        at = positions.rank(((block + 1) << BLOCK_BITS) - 1)
    return blocks


_HEADER_COLUMNS = tuple(tables.segment.c[name] for name in Header._fields)


def live_segments(connection: sa.Connection, log: Log, parts: PartReader, memory: SegmentMemory) -> list[StoredSegment]:
    """The segments of a log that this transaction sees, in no order. Raises SegmentDamaged."""
    table = tables.segment
    of_log = sa.and_(table.c.log == tables.LOG_NUMBERS[log], table.c.is_live)
    headers = [Header(*row) for row in connection.execute(sa.select(*_HEADER_COLUMNS).where(of_log))]
    known = memory.known(header.id for header in headers)
    missing = [header.id for header in headers if header.id not in known]
    if missing:
        for row in connection.execute(sa.select(table).where(table.c.id.in_(missing))):
            known[row.id] = _read_map(row)
        memory.learn(known)
    return [StoredSegment(header, known[header.id], parts, memory) for header in headers]


def _read_map(row: Any) -> _Map:  # noqa: ANN401
    if header_digest(row.id, row.log, row.size, row.directory, row.moments) != row.digest:
        raise SegmentDamaged(row.id)
    moments = array("q", row.moments)
    return _Map(Directory(row.directory), moments[:-1], moments[-1])


def header_digest(segment: int, log: int, size: int, directory: bytes, moments: bytes) -> bytes:
    """The digest of what never changes of a segment's row."""
    return digest_of(f"{tables.segment.name}/{log}/{size}", segment, directory, moments)
