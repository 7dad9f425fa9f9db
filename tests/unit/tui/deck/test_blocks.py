"""Tests of tui.deck.blocks."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.views import ReadingMark
from tests.unit.tui.made_up_events import WHEN, ZONE, an_event
from tui.deck.blocks import DeckBlocks
from tui.deck.window import DeckWindow
from tui.presenters.card_grid import Density


def blocks_of(numbers: list[int], *, left: int | None, has_older: bool = False) -> DeckBlocks:
    """Blocks of events with these numbers as ids, newest first, left at the one with the number `left`."""
    blocks = DeckBlocks(ZONE, ())
    events = [an_event(id=UUID(int=number), occurred_at=WHEN + timedelta(seconds=number)) for number in numbers]
    blocks.window = DeckWindow(events, has_older=has_older)
    blocks.width = 90
    if left is not None:
        blocks.read_to = ReadingMark(UUID(int=left), UUID(int=left), WHEN)
    return blocks


@given(st.sets(st.integers(1, 40), min_size=1), st.integers(1, 40), st.booleans())
def test_the_rule_is_below_the_last_event_as_new_as_the_one_that_was_left(
    ids: set[int], left: int, has_older: bool
) -> None:
    numbers = sorted(ids, reverse=True)
    blocks = blocks_of(numbers, left=left, has_older=has_older)
    read = [index for index, number in enumerate(numbers) if number >= left]
    expected = read[-1:]
    if read and read[-1] == len(numbers) - 1 and has_older and numbers[-1] != left:
        expected = []  # what comes next may be as new, too
    assert [index for index in range(len(numbers)) if blocks.is_read_to(index)] == expected


def test_without_a_mark_there_is_no_rule() -> None:
    blocks = blocks_of([3, 2, 1], left=None)
    assert not any(blocks.is_read_to(index) for index in range(3))


@pytest.mark.parametrize("density", Density)
def test_the_rule_takes_the_gap_or_a_row_of_its_own(density: Density) -> None:
    plain, ruled = blocks_of([3, 2, 1], left=None), blocks_of([3, 2, 1], left=2)
    plain.density = ruled.density = density
    more = [ruled.height(index) - plain.height(index) for index in range(3)]
    assert more == [0, 1 - density.gap, 0]


def test_a_card_that_was_sealed_since_says_so() -> None:
    blocks = blocks_of([3], left=None)

    def written() -> str:
        return " ".join(piece.text for row in blocks.rows(0) for piece in row)

    assert "unsealed" in written()
    assert blocks.window.note_sealed(blocks.window.events[0].recorded_at + timedelta(days=1))
    assert "unsealed" not in written() and "sealed" in written()
