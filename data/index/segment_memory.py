"""What is read of segments with every question, and never changes: remembered from one question to the next."""

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from threading import Lock
from typing import NamedTuple, TypeAlias

from pyroaring import BitMap

from data.answers import Snapshot
from data.index.packs import Directory
from data.store.ages import Edge

_REMEMBERED = 200
_CUTS_REMEMBERED = 20_000
_TERMS_REMEMBERED = 600_000


class Header(NamedTuple):
    """The row of a segment without what is remembered."""

    id: int
    size: int
    begin: int
    least_seq: int
    most_seq: int
    built_by: int


class SegmentMap(NamedTuple):
    """What never changes of a segment: where its terms are, and when the first event of each chunk of places happened, and
    the last event of all (ms, UTC)."""

    directory: Directory
    heads: "array[int]"
    last: int


SourceKey: TypeAlias = tuple[int, int]
"""A segment's number, and the first position that is its own."""


class Sum(NamedTuple):
    """The tallies of several segments as one: terms in order, and how often each occurs."""

    terms: "array[int]"
    counts: "array[int]"

    def items(self) -> Iterator[tuple[int, int]]:
        return zip(self.terms, self.counts, strict=True)


class SegmentMemory:
    """What was read of segments and never changes: shared by all questions of a process, and bounded."""

    def __init__(self) -> None:
        self._maps: OrderedDict[int, SegmentMap] = OrderedDict()
        self._arrived: OrderedDict[tuple[int, Snapshot], BitMap] = OrderedDict()
        self._before: OrderedDict[tuple[int, Edge], BitMap] = OrderedDict()
        self._cuts: dict[tuple[int, int], int] = {}
        self._sums: OrderedDict[tuple[frozenset[SourceKey], int], Sum] = OrderedDict()
        self._lock = Lock()

    def known(self, ids: Iterable[int]) -> dict[int, SegmentMap]:
        """Those of these segments that are remembered."""
        with self._lock:
            return {one: self._maps[one] for one in ids if one in self._maps}

    def learn(self, maps: Mapping[int, SegmentMap]) -> None:
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

    def before(self, segment: int, edge: Edge) -> BitMap | None:
        """What of a segment is before an edge of ages, if that was found out before."""
        with self._lock:
            return self._before.get((segment, edge))

    def learn_before(self, segment: int, edge: Edge, positions: BitMap) -> None:
        with self._lock:
            self._before[segment, edge] = positions
            while len(self._before) > _REMEMBERED:
                self._before.popitem(last=False)

    def sum(self, keys: frozenset[SourceKey], dimension: int) -> Sum | None:
        """The tallies of a dimension in these segments as one, if they were added up before."""
        with self._lock:
            known = self._sums.get((keys, dimension))
            if known is not None:
                self._sums.move_to_end((keys, dimension))
            return known

    def learn_sum(self, keys: frozenset[SourceKey], dimension: int, counts: Mapping[int, int]) -> Sum:
        terms = array("i", sorted(counts))
        added = Sum(terms, array("I", map(counts.__getitem__, terms)))
        with self._lock:
            self._sums[keys, dimension] = added
            while sum(len(known.terms) for known in self._sums.values()) > _TERMS_REMEMBERED and len(self._sums) > 1:
                self._sums.popitem(last=False)
        return added
