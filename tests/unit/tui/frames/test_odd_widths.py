"""Where terminals disagree about the width of a character, all others stand where they should nonetheless.

What the character itself looks like is that terminal's affair: half of it may be missing, or all.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from wcwidth import wcwidth

from tests.strategies.screens import Lay
from tests.unit.tui.frames.emulated_terminal import EmulatedTerminal
from tui.frames.frames import Frames
from tui.frames.traits import MODERN, SCREEN, TerminalTraits

_ODD = (
    "\U0001f512",
    "\u231b",
    "\u2601\ufe0f",
    "1\ufe0f\u20e3",
    "\U0001f44d\U0001f3fd",
    "e\u0301",
    "हि",
    "กำ",
    "\U0001f9cc",
)
_SURE = (*"ab .│", "  ", "          ", "漢", "字")
_SEEN = {None: ("", ""), Style(bgcolor="blue"): ("44", ""), Style(color="red", underline=True): ("", "single")}
_STYLES = tuple(_SEEN)
_Piece = tuple[str, Style | None]


def _all_narrow(character: str) -> int:
    """Of 1995: wide are the scripts of East Asia alone, and a mark joins."""
    return wcwidth(character) if ord(character) < 0x1F000 and character != "\u231b" else 1


def _marks_take_cells(character: str) -> int:
    """Like consoles that know no marks: each takes a cell."""
    return max(wcwidth(character), 1)


def _emoji_are_wider(character: str) -> int:
    """Each that can be an emoji is wide, whatever it is followed by."""
    return 2 if character in "\u2601\U0001f3fd1" else wcwidth(character)


_TERMINALS: dict[str, Callable[[str], int]] = {
    "all narrow": _all_narrow,
    "marks take cells": _marks_take_cells,
    "emoji are wider": _emoji_are_wider,
    "by characters": wcwidth,
}


def _row(random: Random, width: int) -> list[_Piece]:
    """Pieces of text that fill a row, but for its last cells: where there is no room, each terminal helps itself."""
    row: list[_Piece] = []
    while (left := width - sum(cell_len(text) for text, _ in row)) > 3:
        text = random.choice(random.choice((_ODD, _SURE, _SURE)))
        row.append((text if cell_len(text) < left else " ", random.choice(_STYLES)))
    return [*row, (" " * left, None)]


def _like(random: Random, row: list[_Piece]) -> list[_Piece]:
    """The same but for one piece of as many cells."""
    place = random.randrange(len(row) - 1)
    cells = cell_len(row[place][0])
    others = [text for text in (*_ODD, *_SURE) if cell_len(text) == cells]
    return [*row[:place], (random.choice(others), random.choice(_STYLES)), *row[place + 1 :]]


def _sure_cells(row: Sequence[_Piece]) -> Iterator[tuple[int, str, Style | None]]:
    """What has to stand where."""
    x = 0
    for text, style in row:
        if text not in _ODD:
            yield from ((x + place, character, style) for place, character in enumerate(text))
        x += cell_len(text)


def _odd_cells(row: Sequence[_Piece]) -> Iterator[tuple[int, str, Style | None]]:
    """Where parts of what may stand."""
    x = 0
    for text, style in row:
        if text in _ODD:
            yield from ((place, text, style) for place in range(x, x + cell_len(text)))
        x += cell_len(text)


@pytest.mark.parametrize("traits", [MODERN, SCREEN], ids=["modern", "screen"])
@pytest.mark.parametrize("terminal", _TERMINALS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=True), width=st.integers(6, 40), height=st.integers(1, 6))
def test_all_else_stands_where_it_should(
    terminal: str, traits: TerminalTraits, random: Random, width: int, height: int
) -> None:
    emulated = EmulatedTerminal(width, height, traits, _TERMINALS[terminal])
    frames = Frames(ColorSystem.TRUECOLOR, traits, emulated.write, lambda _wait_s, _then: None)
    frames.answer()
    rows = [_row(random, width) for _ in range(height)]
    for _ in range(5):
        strips = tuple(Strip([Segment(*piece) for piece in row], width) for row in rows)
        frames.take(Lay(strips, width).update(), (0, 0))
        frames.answer()
        for y, row in enumerate(rows):
            for x, character, style in _sure_cells(row):
                cell = emulated.buffer[y][x]
                found = cell.data, cell.bg, cell.underscore
                assert found == (character, *_SEEN[style]), f"column {x} of row {y}"
            for x, text, style in _odd_cells(row):
                cell = emulated.buffer[y][x]
                found = cell.data.strip() in text, cell.bg, cell.underscore
                assert found == (True, *_SEEN[style]), f"column {x} of row {y} shows what stood there before"
        if random.randrange(2):
            rows = [*rows[1:], _row(random, width)]
        else:
            rows = [random.choice((_like(random, row), row)) for row in rows]
