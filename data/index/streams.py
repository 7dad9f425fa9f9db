"""Columns that come piece by piece, and are taken so many rows at a time."""

from array import array
from collections.abc import Iterator


class Stream:
    """Columns of one length each, of which the pieces come one after the other."""

    def __init__(self, pieces: "Iterator[tuple[array[int], ...]]") -> None:
        self._pieces = pieces
        self._piece: tuple[array[int], ...] = (array("q"),)
        self._at = 0

    def take(self, count: int) -> "Iterator[tuple[array[int], ...]]":
        """The next so many rows, in pieces. There have to be so many."""
        while count:
            if self._at == len(self._piece[0]):
                self._piece, self._at = next(self._pieces), 0
            end = min(self._at + count, len(self._piece[0]))
            yield tuple(column[self._at : end] for column in self._piece)
            count -= end - self._at
            self._at = end
