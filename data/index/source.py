"""Where positions are: a stored segment, or the events that no segment holds yet."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from pyroaring import BitMap

from data.index.arrived import Arrived
from data.index.segment_memory import SourceKey
from data.store.ages import Edge

Wanted = Mapping[int, Collection[int]]
"""Terms to find, by their dimension."""


class Source(Protocol):
    """Events in the order of their ids. Positions count from 0; those below `begin` are not its own any more.

    Whatever is read may raise SegmentDamaged.
    """

    @property
    def key(self) -> SourceKey | None:
        """What tells a stored segment, as it is now, from all others; None for what is not stored."""

    @property
    def begin(self) -> int:
        """The first position."""

    @property
    def size(self) -> int:
        """One more than the last position."""

    @property
    def first_moment(self) -> int:
        """When the first event happened, in milliseconds (UTC)."""

    @property
    def last_moment(self) -> int:
        """When the last event happened."""

    def expect(self, wanted: Wanted) -> Sequence[int]:
        """The keys of the packs that these terms are in, to be read together with those of other sources."""

    def having(self, wanted: Wanted) -> BitMap:
        """The positions of the events that have any of these terms."""

    def postings(self, dimension: int) -> Iterator[tuple[int, int, BitMap]]:
        """Every term of a dimension in order, how often it occurs, and where; positions below `begin` among them."""

    def tally(self, dimension: int) -> Iterable[tuple[int, int]]:
        """Every term of a dimension, and how often it occurs from `begin` on."""

    def expect_tally(self, dimension: int) -> Sequence[int]:
        """The keys of what `tally` reads, to be read together with that of other sources."""

    def counts_of(self, dimension: int, terms: Collection[int]) -> Iterable[tuple[int, int]]:
        """As `tally`, of these terms alone; what was taken from a segment may be counted still."""

    def counts_at(self, dimension: int, terms: Collection[int], positions: BitMap) -> Iterable[tuple[int, int]]:
        """How often each of these terms occurs at these positions."""

    def coding_cost(self, positions: BitMap) -> int:
        """How many positions `count_coded` would have to look at one by one."""

    def count_all(self, dimension: int, found: "Counter[int]") -> None:
        """Add the tally of a dimension."""

    def count_coded(self, dimension: int, positions: BitMap, found: "Counter[int]") -> None:
        """Add how often each term of a coded dimension occurs at these positions."""

    def position_of(self, moment: int) -> int:
        """The first position whose event happened at this moment (ms, UTC) or later; `size` if none did."""

    def expect_cuts(self, moments: Sequence[int]) -> Sequence[int]:
        """The keys of the places that `positions_of` reads, likewise."""

    def positions_of(self, moments: Sequence[int]) -> list[int]:
        """`position_of` each of these moments, read together."""

    def places(self, positions: Sequence[int]) -> list[tuple[int, int]]:
        """When the event in each of these positions happened (ms, UTC), and its row."""

    @property
    def most_seq(self) -> int:
        """A number that no row has a greater one than."""

    def before(self, edge: Edge) -> BitMap:
        """The positions of events that had both happened and arrived before an edge of ages, a whole millisecond."""

    @property
    def gone(self) -> BitMap:
        """The positions of events that were removed."""

    def since(self, arrived: Arrived) -> BitMap | None:
        """The positions of events that were committed after a snapshot; None for none."""


def is_before(source: Source, edge: Edge) -> bool:
    """Whether all of a source is before an edge: told without reading anything."""
    return source.most_seq <= edge.seq and source.last_moment < edge.us // 1000
