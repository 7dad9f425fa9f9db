"""Orders: where the positions of several old segments are in a new one."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from pyroaring import BitMap

from data.index.old_segments import Piece
from data.index.streams import Stream
from data.records import Log
from data.store.tables import LOG_TABLES

_KEYS_AT_ONCE = 500
_AT_ONCE = 4_096

Run = tuple[int, int, int]
"""The number of a piece, and a stretch of its segment's positions: the first, and the one after the last."""


class Order(Protocol):
    """The pieces of a new segment, and how their positions follow each other."""

    @property
    def pieces(self) -> Sequence[Piece]:
        """All of them."""

    def places(self) -> Iterator[tuple["array[int]", "array[int]"]]:
        """Moments (ms, UTC) and rows in the new order."""

    def runs(self) -> Iterator[Run]:
        """The stretches of old positions in the new order."""

    def moved(self, number: int, positions: BitMap) -> BitMap:
        """The new positions of these, all of them of the piece with this number."""

    def moved_few(self, number: int, positions: Sequence[int]) -> list[int]:
        """The same of a few, of which those that are not of the piece are left out; in order."""


class OneAfterAnother:
    """Pieces that come after each other. See `Order`."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self._shifts = []
        at = 0
        for piece in pieces:
            self._shifts.append(at - piece.start)
            at += len(piece)

    def places(self) -> Iterator[tuple["array[int]", "array[int]"]]:
        for piece in self.pieces:
            yield from piece.places()

    def runs(self) -> Iterator[Run]:
        return ((number, piece.start, piece.stop) for number, piece in enumerate(self.pieces))

    def moved(self, number: int, positions: BitMap) -> BitMap:
        shift = self._shifts[number]
        return positions.shift(shift) if shift else positions

    def moved_few(self, number: int, positions: Sequence[int]) -> list[int]:
        shift, piece = self._shifts[number], self.pieces[number]
        if piece.is_whole:
            return [position + shift for position in positions]
        return [position + shift for position in positions if piece.start <= position < piece.stop]


class Interleaved:
    """Pieces whose events alternate: all runs are found at first, and kept as numbers. See `Order`."""

    def __init__(self, pieces: Sequence[Piece], runs: "_Runs") -> None:
        self.pieces = pieces
        self._runs = runs
        self._tables = [array("I") for _ in pieces]
        at = 0
        for number, start, stop in runs:
            self._tables[number].extend(range(at, at + stop - start))
            at += stop - start

    def places(self) -> Iterator[tuple["array[int]", "array[int]"]]:
        streams = [Stream(piece.places()) for piece in self.pieces]
        for number, start, stop in self._runs:
            yield from ((moments, seqs) for moments, seqs in streams[number].take(stop - start))

    def runs(self) -> Iterator[Run]:
        return iter(self._runs)

    def moved(self, number: int, positions: BitMap) -> BitMap:
        table, start = self._tables[number], self.pieces[number].start
        if start:
            positions = positions.shift(-start)
        return BitMap(array("I", map(table.__getitem__, positions.to_array())))

    def moved_few(self, number: int, positions: Sequence[int]) -> list[int]:
        table, piece = self._tables[number], self.pieces[number]
        return [table[position - piece.start] for position in positions if piece.start <= position < piece.stop]

    def split(self, most: int) -> list["Interleaved"]:
        """The same in parts of about the same size, none larger than `most`."""
        size = sum(map(len, self.pieces))
        count = -(-size // most)
        bounds = [size * part // count for part in range(1, count + 1)]
        parts, begun = [_Runs()], [piece.start for piece in self.pieces]
        ended = list(begun)
        found: list[Interleaved] = []
        at = 0
        for number, start, stop in self._runs:
            while stop - start > bounds[0] - at:
                middle = start + bounds[0] - at
                parts[-1].append(number, start, middle)
                ended[number] = max(ended[number], middle)
                at, start = bounds.pop(0), middle
                found.append(self._part(parts[-1], begun, ended))
                parts.append(_Runs())
                begun = list(ended)
            parts[-1].append(number, start, stop)
            ended[number] = stop
            at += stop - start
        found.append(self._part(parts[-1], begun, ended))
        return found

    def _part(self, runs: "_Runs", begun: list[int], ended: list[int]) -> "Interleaved":
        kept = [number for number, begin in enumerate(begun) if begin < ended[number]]
        pieces = [self.pieces[number].cut(begun[number], ended[number]) for number in kept]
        return Interleaved(pieces, runs.renumbered({number: place for place, number in enumerate(kept)}))


def order_of(connection: sa.Connection, log: Log, pieces: Sequence[Piece]) -> "OneAfterAnother | Interleaved":
    """The order by the events' ids; `pieces` come in that of their segments' first ones."""
    if all(one.segment.high < other.segment.low for one, other in pairwise(pieces)):
        return OneAfterAnother(pieces)
    return interleaved(connection, log, pieces)


def interleaved(connection: sa.Connection, log: Log, pieces: Sequence[Piece]) -> Interleaved:
    """The same, also of pieces that come one after another."""
    return Interleaved(pieces, _interleave(connection, log, pieces))


class _Runs:
    """Many runs, in little memory; empty ones are left out, and what goes on is one."""

    def __init__(self) -> None:
        self._numbers, self._starts, self._stops = array("I"), array("I"), array("I")

    def append(self, number: int, start: int, stop: int) -> None:
        if start == stop:
            return
        if self._numbers and self._numbers[-1] == number and self._stops[-1] == start:
            self._stops[-1] = stop
            return
        self._numbers.append(number)
        self._starts.append(start)
        self._stops.append(stop)

    def __iter__(self) -> Iterator[Run]:
        return zip(self._numbers, self._starts, self._stops, strict=True)

    def renumbered(self, numbers: dict[int, int]) -> "_Runs":
        """The same, of pieces with other numbers."""
        runs = _Runs()
        for number, start, stop in self:
            runs.append(numbers[number], start, stop)
        return runs


class _Places:
    """The moments and rows of a piece, all of them."""

    def __init__(self, piece: Piece) -> None:
        self.moments, self.seqs = array("q"), array("q")
        for moments, seqs in piece.places():
            self.moments.extend(moments)
            self.seqs.extend(seqs)


def _interleave(connection: sa.Connection, log: Log, pieces: Sequence[Piece]) -> _Runs:
    """The runs of all pieces by time, and where events of several have the same moment, by their ids."""
    places = [_Places(piece) for piece in pieces]
    runs = _Runs()
    pending: list[Run | list[Run]] = []
    count = 0
    for group in _groups([one.moments for one in places]):
        pending.append(group)
        count += 1 if isinstance(group, tuple) else sum(stop - start for _, start, stop in group)
        if count >= _AT_ONCE:
            _append(runs, _resolved(connection, log, places, pending), pieces)
            pending, count = [], 0
    _append(runs, _resolved(connection, log, places, pending), pieces)
    return runs


def _append(runs: _Runs, found: Sequence[Run], pieces: Sequence[Piece]) -> None:
    for number, start, stop in found:
        begin = pieces[number].start
        runs.append(number, begin + start, begin + stop)


def _groups(moments: Sequence["array[int]"]) -> Iterator[Run | list[Run]]:
    """Runs by time; as a list those that are of one moment, in no order."""
    heads = [(column[0], number) for number, column in enumerate(moments) if column]
    heapify(heads)
    at = [0] * len(moments)

    def advance(number: int, end: int) -> Run:
        run = (number, at[number], end)
        at[number] = end
        if end < len(moments[number]):
            heappush(heads, (moments[number][end], number))
        return run

    while heads:
        moment, number = heappop(heads)
        if not heads:
            yield advance(number, len(moments[number]))
        elif heads[0][0] > moment:
            yield advance(number, bisect_left(moments[number], heads[0][0], at[number]))
        else:
            numbers = [number]
            while heads and heads[0][0] == moment:
                numbers.append(heappop(heads)[1])
            yield [advance(one, bisect_right(moments[one], moment, at[one])) for one in numbers]


def _resolved(
    connection: sa.Connection, log: Log, places: Sequence[_Places], groups: Sequence[Run | list[Run]]
) -> list[Run]:
    """The same runs, with those of one moment in the order of their events' ids."""
    tied = [group for group in groups if isinstance(group, list)]
    seqs = [places[number].seqs[at] for group in tied for number, start, stop in group for at in range(start, stop)]
    table = LOG_TABLES[log].table
    ids: dict[int, UUID] = {}
    for first in range(0, len(seqs), _KEYS_AT_ONCE):
        some = seqs[first : first + _KEYS_AT_ONCE]
        ids.update(map(tuple, connection.execute(sa.select(table.c.seq, table.c.id).where(table.c.seq.in_(some)))))
    found: list[Run] = []
    for group in groups:
        if isinstance(group, tuple):
            found.append(group)
            continue
        single = [
            (ids[places[number].seqs[at]], number, at) for number, start, stop in group for at in range(start, stop)
        ]
        found += [(number, at, at + 1) for _id, number, at in sorted(single)]
    return found
