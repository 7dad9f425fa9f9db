"""Packs: the bitmaps of a segment, in the order of dimension and term, some of them to a row.

Most terms occur a few times in a segment, and a row each would cost more than what is in it. A pack has about a page of
SQLite; a bitmap that is larger has a pack of its own.
"""

import struct
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate, compress
from typing import NamedTuple

from pyroaring import BitMap

PACK_BYTES = 3_900
"""So much fits into a page of 4 KiB with what SQLite adds to a row; two fit into a page of PostgreSQL."""

_RAW_MOST = 16
"""Up to so many positions are written one after the other: a bitmap would be larger, and slower to read."""

_LOOK_UP = 8
"""Looking a term up takes as long as looking at so many of them."""

_HEADER = struct.Struct("<HI")
_HEADER_BYTES = _HEADER.size
_ENTRY_BYTES = 12
_DIRECTORY_ENTRY = struct.Struct("<HI")


class Posting(NamedTuple):
    """The positions of one term, `size` of them; `body` is as a pack holds it, see `positions_of`."""

    dimension: int
    term: int
    size: int
    body: bytes


def posting_of(dimension: int, term: int, positions: Iterable[int]) -> Posting:
    """The posting of a term with these positions, in any order."""
    bits = positions if isinstance(positions, BitMap) else BitMap(positions)
    count = len(bits)
    if count <= _RAW_MOST:
        return Posting(dimension, term, count, _raw(bits))
    bits.run_optimize()
    return Posting(dimension, term, count, bits.serialize())


def raw_posting(dimension: int, term: int, positions: list[int]) -> Posting:
    """As `posting_of`, of positions in order, each once."""
    size = len(positions)
    if size <= _RAW_MOST:
        return Posting(dimension, term, size, array("I", positions).tobytes())
    return posting_of(dimension, term, BitMap(positions))


def _raw(positions: Iterable[int]) -> bytes:
    return array("I", positions).tobytes()


def positions_of(posting: Posting) -> BitMap:
    """The positions of a posting. Raises ValueError for what is none."""
    return _bits(posting.size, posting.body)


def _bits(size: int, body: bytes) -> BitMap:
    return BitMap(array("I", body)) if size <= _RAW_MOST else BitMap.deserialize(body)


def united(few: Sequence[bytes], many: Sequence[bytes]) -> BitMap:
    """The positions of several postings' bodies, see `Pack.gather`. Raises ValueError for what is none."""
    bits = [BitMap.deserialize(body) for body in many]
    if few:
        bits.append(BitMap(array("I", b"".join(few))))
    if len(bits) < 2:
        return bits[0] if bits else BitMap()
    return BitMap.union(*bits)


def is_raw(posting: Posting) -> bool:
    """Whether its body is an array of positions of 4 bytes each."""
    return posting.size <= _RAW_MOST


class Packer:
    """Makes packs of postings, which come in the order of dimension and term."""

    def __init__(self) -> None:
        self.directory = DirectoryWriter()
        self._waiting: list[Posting] = []
        self._bytes = _HEADER_BYTES

    def add(self, posting: Posting) -> bytes | None:
        """The pack that is full now, if one is."""
        size = _ENTRY_BYTES + len(posting[3])
        waiting = self._waiting
        if waiting and (self._bytes + size > PACK_BYTES or waiting[0][0] != posting[0]):
            body = self._pack()
            self._waiting.append(posting)
            self._bytes += size
            return body
        waiting.append(posting)
        self._bytes += size
        return None

    def end(self) -> bytes | None:
        """The last pack, if there is one."""
        return self._pack() if self._waiting else None

    def _pack(self) -> bytes:
        first = self._waiting[0]
        self.directory.add(first.dimension, first.term)
        _dimensions, terms, sizes, bodies = zip(*self._waiting, strict=True)
        body = b"".join(
            (
                _HEADER.pack(first.dimension, len(self._waiting)),
                array("i", terms).tobytes(),
                array("I", sizes).tobytes(),
                array("I", accumulate(map(len, bodies))).tobytes(),
                *bodies,
            )
        )
        self._waiting, self._bytes = [], _HEADER_BYTES
        return body


class Pack:
    """A pack that was read: its terms and counts are looked at without touching the bitmaps."""

    __slots__ = ("_body", "_ends", "_start", "counts", "dimension", "terms")

    def __init__(self, body: bytes) -> None:
        """Raises ValueError for what is no pack."""
        if len(body) < _HEADER_BYTES:
            raise ValueError("not a pack")
        self.dimension, size = _HEADER.unpack_from(body)
        start = _HEADER_BYTES + _ENTRY_BYTES * size
        if len(body) < start:
            raise ValueError("not a pack")
        at = [_HEADER_BYTES + 4 * size * part for part in range(4)]
        self._body = body
        self._start = start
        self.terms = array("i", body[at[0] : at[1]])
        self.counts = array("I", body[at[1] : at[2]])
        self._ends = array("I", body[at[2] : at[3]])

    def counts_of(self, asked: AbstractSet[int]) -> Iterator[tuple[int, int]]:
        """Those of these terms that occur, and how often."""
        return ((self.terms[place], self.counts[place]) for place in self._places(asked))

    def bits_of(self, term: int) -> BitMap | None:
        """The positions of a term, if it occurs. Raises ValueError for what is none."""
        place = bisect_left(self.terms, term)
        if place == len(self.terms) or self.terms[place] != term:
            return None
        return _bits(self.counts[place], self._body_at(place))

    def at(self, place: int) -> Posting:
        """The posting in this place."""
        return Posting(self.dimension, self.terms[place], self.counts[place], self._body_at(place))

    def _body_at(self, place: int) -> bytes:
        begin = self._start + (self._ends[place - 1] if place else 0)
        return self._body[begin : self._start + self._ends[place]]

    def __iter__(self) -> Iterator[Posting]:
        return (self.at(place) for place in range(len(self.terms)))

    def gather(self, asked: AbstractSet[int], few: list[bytes], many: list[bytes]) -> None:
        """Add the bodies of the postings of all terms that are asked for: `few` as positions of 4 bytes each, `many` as
        bitmaps.
        """
        for place in self._places(asked):
            (few if self.counts[place] <= _RAW_MOST else many).append(self._body_at(place))

    def _places(self, asked: AbstractSet[int]) -> Iterator[int]:
        terms = self.terms
        if len(asked) * _LOOK_UP > len(terms):
            yield from compress(range(len(terms)), map(asked.__contains__, terms))
            return
        for term in asked:
            place = bisect_left(terms, term)
            if place < len(terms) and terms[place] == term:
                yield place


class DirectoryWriter:
    """Notes the first term of each pack, in their order."""

    def __init__(self) -> None:
        self._firsts: dict[int, array[int]] = {}

    def add(self, dimension: int, first_term: int) -> None:
        self._firsts.setdefault(dimension, array("i")).append(first_term)

    def to_bytes(self) -> bytes:
        return b"".join(
            _DIRECTORY_ENTRY.pack(dimension, len(firsts)) + firsts.tobytes()
            for dimension, firsts in self._firsts.items()
        )


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The packs of one dimension: the number of the first, and the first term of each."""

    number: int
    firsts: "array[int]"


class Directory:
    """Which pack of a segment holds a term."""

    def __init__(self, written: bytes) -> None:
        """`written` is what `DirectoryWriter` gave."""
        self._stretches: dict[int, _Stretch] = {}
        at = number = 0
        while at < len(written):
            dimension, size = _DIRECTORY_ENTRY.unpack_from(written, at)
            at += _DIRECTORY_ENTRY.size
            self._stretches[dimension] = _Stretch(number, array("i", written[at : at + 4 * size]))
            at += 4 * size
            number += size
        self.packs = number
        """How many packs there are; their numbers begin at 0."""

    def pack_of(self, dimension: int, term: int) -> int | None:
        """The number of the pack that holds this term if any does."""
        stretch = self._stretches.get(dimension)
        if stretch is None:
            return None
        place = bisect_right(stretch.firsts, term) - 1
        return None if place < 0 else stretch.number + place

    def packs_between(self, dimension: int, first: int, last: int) -> range:
        """The numbers of the packs that hold the terms from `first` to `last` if any do."""
        stretch = self._stretches.get(dimension)
        if stretch is None:
            return range(0)
        begin = max(0, bisect_right(stretch.firsts, first) - 1)
        return range(stretch.number + begin, stretch.number + bisect_right(stretch.firsts, last))

    def packs_of(self, dimension: int) -> range:
        """The numbers of all packs of a dimension."""
        stretch = self._stretches.get(dimension)
        return range(0) if stretch is None else range(stretch.number, stretch.number + len(stretch.firsts))
