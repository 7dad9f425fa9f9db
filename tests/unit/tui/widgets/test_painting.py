"""Tests of tui.widgets.painting."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import Color

from tests.unit.tui.made_up_events import wide_texts
from tui.presenters.pieces import Line
from tui.terminal import cells_of
from tui.themes import DARK, LIGHT, TERMINAL
from tui.widgets.painting import blank, paint


@given(wide_texts, st.integers(0, 60), st.integers(0, 60))
@settings(deadline=None)
def test_a_strip_has_exactly_its_width(text: str, width: int, room: int) -> None:
    strip = paint(Line(room).add(text).row(), width, DARK.background)
    assert strip.cell_length == width
    assert sum(cells_of(segment.text) for segment in strip) == width


def test_blank_cells_have_their_ground() -> None:
    (segment,) = blank(5, LIGHT.panel)
    assert segment.text == " " * 5 and segment.style is not None
    assert segment.style.bgcolor == Color.parse(LIGHT.grounds.panel)
    (segment,) = blank(5, TERMINAL.panel)
    assert segment.text == " " * 5 and not segment.style
