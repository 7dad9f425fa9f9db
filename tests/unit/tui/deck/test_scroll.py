"""Tests of tui.deck.scroll: against a list of all rows, written out."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tui.deck.scroll import DeckScroll


@dataclass
class _Blocks:
    """Blocks of (rows above the card, rows of the card)."""

    sizes: list[tuple[int, int]]
    gap: int

    def __len__(self) -> int:
        return len(self.sizes)

    def above(self, index: int) -> int:
        return self.sizes[index][0]

    def height(self, index: int) -> int:
        return sum(self.sizes[index]) + self.gap

    def rows(self) -> list[int]:
        """For every row of all, the block that it belongs to."""
        return [index for index in range(len(self)) for _ in range(self.height(index))]

    def card(self, index: int) -> tuple[int, int]:
        """The rows of a card, counted from the beginning of all: from, until."""
        start = sum(self.height(before) for before in range(index)) + self.above(index)
        return start, start + self.sizes[index][1]


_BLOCKS = st.builds(
    lambda sizes, gap: _Blocks([(1, sizes[0][1]), *sizes[1:]], gap),
    st.lists(st.tuples(st.integers(0, 1), st.integers(1, 8)), min_size=1, max_size=40),
    st.integers(0, 1),
)


@given(_BLOCKS, st.lists(st.tuples(st.integers(0, 39), st.integers(10, 30)), min_size=1, max_size=8))
def test_the_cursors_card_is_whole_below_the_pinned_row_and_no_row_is_left_empty(
    blocks: _Blocks, moves: list[tuple[int, int]]
) -> None:
    scroll = DeckScroll(blocks)
    scroll.anchor(0, 1)
    for cursor, height in moves:
        cursor %= len(blocks)
        before = _offset(scroll, blocks)
        scroll.settle(cursor, height)
        offset = _offset(scroll, blocks)
        first, last = blocks.card(cursor)
        assert offset + 1 <= first and last <= offset + height
        every = blocks.rows()
        assert offset + height <= len(every) or offset == 0, "no empty rows below the last card"
        if before + 1 <= first and last <= before + height <= len(every):
            assert offset == before, "what is visible already does not move"
        visible = scroll.visible(height)
        assert [index for index, _ in visible] == list(dict.fromkeys(every[offset : offset + height]))
        assert all(y == blocks.card(index)[0] - blocks.above(index) - offset for index, y in visible)
        whole = [index for index, _ in visible if _is_whole(blocks, index, offset, height)]
        assert scroll.whole_cards(height) == len(whole)


@given(_BLOCKS, st.lists(st.integers(-60, 60), max_size=10))
def test_moving_stops_at_both_ends(blocks: _Blocks, steps: list[int]) -> None:
    scroll, expected = DeckScroll(blocks), 0
    for step in steps:
        scroll.move(step)
        expected = max(expected + step, 0)
        last = blocks.card(len(blocks) - 1)[0] - blocks.above(len(blocks) - 1)
        if expected <= last:
            assert _offset(scroll, blocks) == expected
        expected = _offset(scroll, blocks)


def _offset(scroll: DeckScroll, blocks: _Blocks) -> int:
    """How many rows lie above the deck's first."""
    return sum(blocks.height(index) for index in range(scroll.top)) + scroll.skip


def _is_whole(blocks: _Blocks, index: int, offset: int, height: int) -> bool:
    first, last = blocks.card(index)
    return offset <= first and last <= offset + height
