"""What a plan selects, source by source."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pyroaring import BitMap

from data.index.source import Source

Selected = Sequence[tuple[Source, BitMap]]
"""Of each source that has any, the positions that a plan selects."""


def is_all(source: Source, positions: BitMap) -> bool:
    """Whether all of a source is selected."""
    return len(positions) == source.size - source.begin


def is_most(source: Source, positions: BitMap) -> bool:
    """Whether more than half of it is."""
    return len(positions) * 2 > source.size - source.begin


def intersected(source: Source, number: int, positions: BitMap) -> Iterator[tuple[int, int]]:
    """Each term of a dimension that occurs at these positions, and how often."""
    for one, _count, bits in source.postings(number):
        count = bits.intersection_cardinality(positions)
        if count:
            yield one, count


def chunks(items: Iterable[int], size: int) -> Iterator[list[int]]:
    """The items, so many at a time."""
    waiting = iter(items)
    while some := list(islice(waiting, size)):
        yield some
