"""Where the deck stands: which block is first, and how much of it lies above the top row. Rows only; no widgets."""

from typing import Protocol


class Blocks(Protocol):
    """What is scrolled: blocks of rows, one below the other. The first row of all is covered by a pinned heading."""

    def __len__(self) -> int: ...

    def above(self, index: int) -> int:
        """Rows of a block above its card."""

    def height(self, index: int) -> int:
        """Rows of a whole block."""

    @property
    def gap(self) -> int:
        """Blank rows at the end of each block."""


class DeckScroll:
    """`top` is the first block of which something is visible, `skip` how many rows of it lie above the deck's first."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self.top = 0
        self.skip = 0

    def anchor(self, index: int, row: int) -> None:
        """Scroll so that this block's card begins at that row, or as near as the beginning of all lets it."""
        self.top, self.skip = index, 0
        if len(self._blocks):
            self.move(self._blocks.above(index) - row)

    def settle(self, cursor: int, height: int) -> None:
        """Scroll as little as makes the whole of the cursor's card visible, below the pinned heading."""
        blocks = self._blocks
        self.top = min(self.top, len(blocks) - 1)
        if cursor < self.top:
            self.anchor(cursor, 1)
        first = -self.skip
        for index in range(self.top, cursor):
            first += blocks.height(index)
            if first > 4 * height:  # far below: no need to add up what lies between
                self.anchor(cursor, height)
                first = height - blocks.above(cursor)
                break
        first += blocks.above(cursor)
        last = first - blocks.above(cursor) + blocks.height(cursor) - blocks.gap
        shift = min(first - 1, max(last - height, 0)) if last > height else min(first - 1, 0)
        if shift:
            self.move(shift)
        index, y = self.visible(height)[-1]
        below = height - (y + blocks.height(index))
        if below > 0:  # the end of all: no empty rows below it while there are cards above
            self.move(-below)

    def move(self, by: int) -> None:
        """Scroll by so many rows, not past either end."""
        blocks = self._blocks
        self.skip += by
        while self.skip < 0 and self.top > 0:
            self.top -= 1
            self.skip += blocks.height(self.top)
        self.skip = max(self.skip, 0)
        while self.top < len(blocks) - 1 and self.skip >= blocks.height(self.top):
            self.skip -= blocks.height(self.top)
            self.top += 1

    def visible(self, height: int) -> list[tuple[int, int]]:
        """Blocks of which something is visible, with the row at which each begins."""
        found = []
        index, y = self.top, -self.skip
        while y < height and index < len(self._blocks):
            found.append((index, y))
            y += self._blocks.height(index)
            index += 1
        return found

    def whole_cards(self, height: int) -> int:
        """How many cards are wholly visible."""
        blocks = self._blocks
        return sum(
            y + blocks.above(index) >= 0 and y + blocks.height(index) - blocks.gap <= height
            for index, y in self.visible(height)
        )
