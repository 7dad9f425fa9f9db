"""Finding lines that only moved up or down, so that the terminal can move them by itself."""

from collections import Counter
from collections.abc import Sequence
from operator import ne
from typing import NamedTuple

from tui.frames.cells import Row

# What margins, moving and going back cost, in cells drawn. Where much is left to be drawn, it is in more and shorter pieces.
_PRICE = 30
_MOST_LEFT = 0.8
_LEAST_LINES = 3


class Shift(NamedTuple):
    """Lines from `top` to `bottom`, both included, go `up` by so many, down where that is less than none."""

    top: int
    bottom: int
    up: int

    def of(self, rows: Sequence[Row], blank: Row) -> list[Row]:
        """What the rows are after it."""
        inside = list(rows[self.top : self.bottom + 1])
        count = min(abs(self.up), len(inside))
        inside = inside[count:] + [blank] * count if self.up > 0 else [blank] * count + inside[: len(inside) - count]
        return [*rows[: self.top], *inside, *rows[self.bottom + 1 :]]


def find_shift(shown: Sequence[Row], wanted: Sequence[Row], blank: Row) -> Shift | None:
    """The one that saves most of drawing, between as many rows; None where drawing alone is as good.

    Whole rows: to draw again what stands still beside what scrolls costs as much as it saves (measured for the sidebar).
    """
    changed = [y for y, (old, new) in enumerate(zip(shown, wanted, strict=True)) if old != new]
    if len(changed) < _LEAST_LINES:
        return None
    times = Counter(shown)
    # A line that stands twice says nothing for certain, and one that stands where it stood says nothing.
    places = {row: y for y, row in enumerate(shown) if times[row] == 1}
    moved = [(y, places[wanted[y]] - y) for y in changed if wanted[y] in places]
    if not moved:
        return None
    ((up, votes),) = Counter(by for _, by in moved).most_common(1)
    if votes < _LEAST_LINES:
        return None
    lines = [y for y, by in moved if by == up]
    shift = Shift(min(lines[0], lines[0] + up), max(lines[-1], lines[-1] + up), up)
    span = slice(shift.top, shift.bottom + 1)
    as_it_is = _cells_to_draw(shown[span], wanted[span])
    once_moved = _cells_to_draw(shift.of(shown, blank)[span], wanted[span])
    return shift if once_moved + _PRICE < as_it_is * _MOST_LEFT else None


def _cells_to_draw(shown: Sequence[Row], wanted: Sequence[Row]) -> int:
    return sum(sum(map(ne, old.text, new.text)) for old, new in zip(shown, wanted, strict=True) if old != new)
