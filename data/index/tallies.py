"""Tallies: how often each term of a dimension occurs in a segment, and in each block of it, and what is in each position.

A block is a stretch of 65,536 positions, a container of a bitmap. The codes of a block are, for each position, the place of
its term among the block's terms.
"""

import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping

BLOCK_BITS = 16
BLOCK = 1 << BLOCK_BITS

WHOLE = -1
"""In place of a block's number: all of the segment."""

NONE = 0
"""In place of a term: the event has none of this dimension. Ids of the dictionary begin at 1."""

_HEADER = struct.Struct("<II")
_BLOCK_NUMBER_BITS = 13


def tally_number(dimension: int, block: int) -> int:
    """The number of a tally within its segment."""
    return dimension << _BLOCK_NUMBER_BITS | (block + 1)


def write_tally(counts: Mapping[int, int], codes: bytes = b"") -> bytes:
    """The tally of terms with their counts; `codes` are 2 bytes a position."""
    terms = sorted(counts)
    return tally_of(array("i", terms), array("I", [counts[term] for term in terms]), codes)


def tally_of(terms: "array[int]", counts: "array[int]", codes: bytes = b"") -> bytes:
    """The tally of terms, 4 bytes each and in order, and of their counts."""
    return b"".join((_HEADER.pack(len(terms), len(codes)), terms.tobytes(), counts.tobytes(), codes))


def codes_of(terms: Iterable[int], ordered: Iterable[int]) -> bytes:
    """The codes of positions that hold `terms`, one after the other; `ordered` are the terms of the tally, in order."""
    place_of = {term: place for place, term in enumerate(ordered)}
    return array("H", [place_of[term] for term in terms]).tobytes()


class Tally:
    """A tally that was read."""

    __slots__ = ("codes", "counts", "terms")

    def __init__(self, body: bytes) -> None:
        """Raises ValueError for what is no tally."""
        if len(body) < _HEADER.size:
            raise ValueError("not a tally")
        size, coded = _HEADER.unpack_from(body)
        middle, end = _HEADER.size + 4 * size, _HEADER.size + 8 * size
        if len(body) != end + coded:
            raise ValueError("not a tally")
        self.terms = array("i", body[_HEADER.size : middle])
        self.counts = array("I", body[middle:end])
        self.codes = memoryview(body)[end:].cast("H")  # which is looked into faster than an array, and is no copy

    def items(self) -> Iterator[tuple[int, int]]:
        """Each term, and how often it occurs."""
        return zip(self.terms, self.counts, strict=True)
