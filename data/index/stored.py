"""Stored segments, and reading their parts."""

from array import array
from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
from data.store.rows_by_key import rows_by_key

_KEYS_AT_ONCE = 2_000
_BLOCKS_AT_ONCE = 16
_MANY_TERMS = 64
"""From so many on, whole packs are gone through."""

_REMEMBERED = 200
_CUTS_REMEMBERED = 20_000
_PART = ("key", "digest", "body")
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
        self._cuts: dict[tuple[int, int], int] = {}
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

    def cut(self, segment: int, moment: int) -> int | None:
        """The first position of a segment from a moment (ms) on, if that was found out before."""
        return self._cuts.get((segment, moment))

    def learn_cut(self, segment: int, moment: int, position: int) -> None:
        with self._lock:
            if len(self._cuts) >= _CUTS_REMEMBERED:
                self._cuts.clear()
            self._cuts[segment, moment] = position

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
    """Reads parts of segments within one transaction, many at once; small ones are kept until it ends."""

    def __init__(self, connection: sa.Connection, stop: Stop) -> None:
        self._connection = connection
        self._stop = stop
        self._packs: dict[int, Pack] = {}
        self._places: dict[int, PlaceChunk] = {}
        self._tallies: dict[int, Tally] = {}

    def expect_packs(self, keys: Iterable[int]) -> None:
        """Read these packs now, together."""
        self._packs.update(self._read(tables.pack, [key for key in keys if key not in self._packs], Pack))

    def expect_places(self, keys: Iterable[int]) -> None:
        """Read these chunks of places now, together."""
        self._places.update(self._read(tables.place, [key for key in keys if key not in self._places], PlaceChunk))

    def expect_tallies(self, keys: Iterable[int]) -> None:
        """Read these tallies now, together."""
        self._tallies.update(self._read(tables.tally, [key for key in keys if key not in self._tallies], Tally))

    def pack(self, key: int) -> Pack:
        if key not in self._packs:
            self.expect_packs((key,))
        return self._packs[key]

    def places(self, keys: Iterable[int]) -> Mapping[int, PlaceChunk]:
        """At least these chunks of places, by their keys."""
        self.expect_places(keys)
        return self._places

    def tally(self, key: int) -> Tally:
        if key not in self._tallies:
            self.expect_tallies((key,))
        return self._tallies[key]

    def all_packs(self, keys: range) -> Iterator[Pack]:
        """These packs in order; none of them is kept."""
        for begin in range(keys.start, keys.stop, _KEYS_AT_ONCE):
            some = range(begin, min(keys.stop, begin + _KEYS_AT_ONCE))
            read = self._read(tables.pack, [key for key in some if key not in self._packs], Pack)
            yield from (self._packs.get(key) or read[key] for key in some)

    def all_places(self, keys: range) -> Iterator[PlaceChunk]:
        """These chunks in order; none of them is kept."""
        for begin in range(keys.start, keys.stop, _KEYS_AT_ONCE):
            some = range(begin, min(keys.stop, begin + _KEYS_AT_ONCE))
            read = self._read(tables.place, some, PlaceChunk)
            yield from (read[key] for key in some)

    def coded_blocks(self, keys: Sequence[int]) -> Iterator[Tally]:
        """These tallies in order; none of them is kept, for they are large."""
        for begin in range(0, len(keys), _BLOCKS_AT_ONCE):
            some = keys[begin : begin + _BLOCKS_AT_ONCE]
            read = self._read(tables.tally, some, Tally)
            yield from (read[key] for key in some)

    def _read(self, table: sa.Table, keys: Sequence[int], made_of: type[_Part]) -> dict[int, _Part]:
        """Raises SegmentDamaged for a part that is not there, or not what was written."""
        found: dict[int, _Part] = {}
        for begin in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys[begin : begin + _KEYS_AT_ONCE]
            self._stop.check()
            for key, digest, body in rows_by_key(self._connection, table, _PART, "key", some):
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
            self._base | number for dimension, terms in wanted.items() for number in self._packs_of(dimension, terms)
        ]

    def having(self, wanted: Wanted) -> BitMap:
        found = [
            self._intact(posting)
            for dimension, terms in wanted.items()
            for posting in self._postings_of(dimension, terms)
        ]
        if len(found) < 2:
            return found[0] if found else BitMap()
        return BitMap.union(*found)

    def _packs_of(self, dimension: int, terms: Collection[int]) -> Collection[int]:
        """The numbers of the packs that hold any of these terms if the segment does."""
        if len(terms) >= _MANY_TERMS:
            stretch = self._directory.packs_between(dimension, min(terms), max(terms))
            if len(stretch) <= len(terms):
                return stretch
        numbers = {self._directory.pack_of(dimension, term) for term in terms}
        return [number for number in numbers if number is not None]

    def _postings_of(self, dimension: int, terms: Collection[int]) -> Iterator[Posting]:
        if len(terms) >= _MANY_TERMS:
            asked = terms if isinstance(terms, range | frozenset | set) else frozenset(terms)
            for number in sorted(self._packs_of(dimension, terms)):
                pack = self._parts.pack(self._base | number)
                yield from (pack.at(place) for place, term in enumerate(pack.terms) if term in asked)
            return
        for term in terms:
            posting = self._posting(dimension, term)
            if posting is not None:
                yield posting

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
        return self._parts.tally(self._base | tally_number(dimension, WHOLE)).items()

    def expect_tally(self, dimension: int) -> Sequence[int]:
        return () if self.begin else (self._base | tally_number(dimension, WHOLE),)

    def counts_of(self, dimension: int, terms: Collection[int]) -> Iterable[tuple[int, int]]:
        self._parts.expect_packs(self.expect({dimension: terms}))
        for posting in self._postings_of(dimension, terms):
            yield posting.term, posting.size

    def coding_cost(self, positions: BitMap) -> int:
        here = len(positions)
        if not self.begin and here * 2 > self.size:
            return self.size - here
        return sum(here for here, size in (self._share(positions, block) for block in self._blocks()) if here < size)

    def coded(self, dimension: int, positions: BitMap) -> Mapping[int, int]:
        if not self.begin and len(positions) * 2 > self.size:
            found = dict(self.tally(dimension))
            others = BitMap(range(self.size)) - positions
            for term, count in self._looked_at(dimension, others).items():
                found[term] -= count
            return found
        return self._looked_at(dimension, positions)

    def _looked_at(self, dimension: int, positions: BitMap) -> dict[int, int]:
        """How often each term occurs at these positions, by their codes."""
        found: dict[int, int] = {}
        blocks = [block for block in self._blocks() if self._share(positions, block)[0]]
        keys = [self._base | tally_number(dimension, block) for block in blocks]
        for block, tally in zip(blocks, self._parts.coded_blocks(keys), strict=True):
            here, size = self._share(positions, block)
            if here == size:
                counted = tally.items()
            else:
                start = block << BLOCK_BITS
                chosen = (positions & BitMap(range(start, start + size))).shift(-start)
                terms = tally.terms
                counted = (
                    (terms[code], count) for code, count in Counter(map(tally.codes.__getitem__, chosen)).items()
                )
            for term, count in counted:
                found[term] = found.get(term, 0) + count
        found.pop(NONE, None)
        return found

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

    @property
    def id(self) -> int:
        """The segment's number."""
        return self._header.id

    def seqs(self) -> Iterator[int]:
        """The rows of all positions from 0 on, in order."""
        for chunk in self._parts.all_places(range(self._base, self._base + len(self._heads))):
            yield from chunk.seqs()

    def _posting(self, dimension: int, term: int) -> Posting | None:
        number = self._directory.pack_of(dimension, term)
        return None if number is None else self._parts.pack(self._base | number).find(term)

    def _intact(self, posting: Posting) -> BitMap:
        try:
            return positions_of(posting)
        except ValueError:
            raise SegmentDamaged(self._header.id) from None


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
