"""Places: for each position of a segment the row that is there, and when it happened.

They are kept in chunks of a page of SQLite. Within a chunk numbers are kept as differences from the least one, in as few
bytes as the largest difference needs.
"""

import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence

CHUNK = 480
"""So many positions of two numbers of 4 bytes each fit into a page of 4 KiB."""

_HEADER = struct.Struct("<qqBBH")
_CODES = {1: "B", 2: "H", 4: "I", 8: "Q"}


def chunks_of(moments: Sequence[int], seqs: Sequence[int]) -> Iterator[bytes]:
    """The chunks of a segment; `moments` are in milliseconds (UTC), in order, and `seqs` the rows of the same positions."""
    for at in range(0, len(moments), CHUNK):
        yield _write(moments[at : at + CHUNK], seqs[at : at + CHUNK])


def _write(moments: Sequence[int], seqs: Sequence[int]) -> bytes:
    first, least = moments[0], min(seqs)
    width, seq_width = _width(moments[-1] - first), _width(max(seqs) - least)
    return b"".join(
        (
            _HEADER.pack(first, least, width, seq_width, len(moments)),
            array(_CODES[width], [moment - first for moment in moments]).tobytes(),
            array(_CODES[seq_width], [seq - least for seq in seqs]).tobytes(),
        )
    )


def _width(most: int) -> int:
    return next(width for width in _CODES if most < 1 << 8 * width)


class PlaceChunk:
    """A chunk that was read."""

    __slots__ = ("_first", "_least", "_moments", "_seqs")
    _first: int
    _least: int

    def __init__(self, body: bytes) -> None:
        """Raises ValueError for what is no chunk."""
        if len(body) < _HEADER.size:
            raise ValueError("not a chunk of places")
        self._first, self._least, width, seq_width, size = _HEADER.unpack_from(body)
        middle = _HEADER.size + width * size
        if len(body) != middle + seq_width * size or width not in _CODES or seq_width not in _CODES:
            raise ValueError("not a chunk of places")
        self._moments = array(_CODES[width], body[_HEADER.size : middle])
        self._seqs = array(_CODES[seq_width], body[middle:])

    def __len__(self) -> int:
        return len(self._seqs)

    def moment(self, offset: int) -> int:
        """When the event at this offset happened, in milliseconds (UTC)."""
        return self._first + self._moments[offset]

    def seq(self, offset: int) -> int:
        """The row of the event at this offset."""
        return self._least + self._seqs[offset]

    @property
    def most_seq(self) -> int:
        """The greatest number of a row."""
        return self._least + max(self._seqs)

    def moments(self) -> list[int]:
        """When each of them happened."""
        return [self._first + moment for moment in self._moments]

    def seqs(self) -> list[int]:
        """The rows of all of them."""
        return [self._least + seq for seq in self._seqs]

    def offset_of(self, moment: int) -> int:
        """The first offset whose event happened at this moment (ms, UTC) or later; the chunk's size if none did."""
        wanted = moment - self._first
        return 0 if wanted <= 0 else bisect_left(self._moments, wanted)
