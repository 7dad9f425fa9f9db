"""Tests of tui.frames.scrolling."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.frames.cells import Row
from tui.frames.scrolling import Shift, find_shift

_WIDTH = 40
_BLANK = Row(" " * _WIDTH, "\0" * _WIDTH)


def _rows(texts: str) -> list[Row]:
    """A row full of each of these letters; of a space, a blank one."""
    return [Row(letter * _WIDTH, "\0" * _WIDTH) for letter in texts]


@pytest.mark.parametrize(
    ("shown", "wanted", "shift"),
    [
        ("abcdef", "abcdef", None),
        ("abcdef", "bcdefg", Shift(0, 5, 1)),
        ("abcdef", "defghi", Shift(0, 5, 3)),
        ("abcdef", "xabcde", Shift(0, 5, -1)),
        ("abcdef", "xyzabc", Shift(0, 5, -3)),
        ("Habcdef.", "Hbcdefg.", Shift(1, 6, 1)),
        ("Habcdef.", "Hxabcde.", Shift(1, 6, -1)),
        ("abcdef", "efghij", None),  # two lines are left: drawing them is as good
        ("aaaaaa", "baaaaa", None),  # which of them has moved, nobody knows
        ("abcdef", "fedcba", None),
    ],
)
def test_lines_that_moved_are_found(shown: str, wanted: str, shift: Shift | None) -> None:
    assert find_shift(_rows(shown), _rows(wanted), _BLANK) == shift


def test_lines_that_cost_less_to_draw_are_drawn() -> None:
    shown, wanted = (
        [Row(letter + " " * (_WIDTH - 1), "\0" * _WIDTH) for letter in letters] for letters in ("abcdef", "bcdefg")
    )
    assert find_shift(shown, wanted, _BLANK) is None


@pytest.mark.parametrize(
    ("shift", "left"),
    [
        (Shift(0, 3, 1), "bcd "),
        (Shift(0, 3, -1), " abc"),
        (Shift(1, 2, 1), "ac d"),
        (Shift(1, 2, -5), "a  d"),
        (Shift(0, 3, 4), "    "),
    ],
)
def test_a_shift_leaves_blank_lines(shift: Shift, left: str) -> None:
    assert shift.of(_rows("abcd"), _BLANK) == _rows(left)


@settings(max_examples=200, deadline=None)
@given(
    text=st.text("abcdefghijk ", min_size=1, max_size=12),
    up=st.integers(-6, 6),
    new=st.text("lmnop ", min_size=6, max_size=6),
)
def test_a_shift_is_within_the_screen_and_saves_something(text: str, up: int, new: str) -> None:
    moved = text[up:] + new[: min(up, len(text))] if up >= 0 else (new[:-up] + text)[: len(text)]
    moved = moved[: len(text)].ljust(len(text))
    shift = find_shift(_rows(text), _rows(moved), _BLANK)
    if shift is not None:
        assert 0 <= shift.top < shift.bottom < len(text) and abs(shift.up) <= shift.bottom - shift.top
        as_it_is, once_moved = (
            sum(old != wanted for old, wanted in zip(rows, _rows(moved), strict=True))
            for rows in (_rows(text), shift.of(_rows(text), _BLANK))
        )
        assert once_moved < as_it_is
