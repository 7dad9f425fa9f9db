"""Rows of widgets whose text is of anybody's choice: places are counted in the cells that are drawn."""

import pytest
from textual.app import App, ComposeResult

from tui.presenters.pieces import Role, Row, plain_text
from tui.terminal import cells_of
from tui.widgets.histogram_bar import _hint_row
from tui.widgets.row_pane import RowPane
from tui.widgets.title_bar import TitleBar

ODD = "log\x1b\u202e漢字"
SHOWN = "log␛⟨U+202E⟩漢字"


@pytest.mark.parametrize("database", [ODD, "plain"])
@pytest.mark.parametrize("width", [80, 120])
def test_the_state_stands_at_the_edge_whatever_the_database_is_called(database: str, width: int) -> None:
    title = TitleBar(database, "UTC", "log")
    title.show_state("live", Role.AFTER)
    assert _up_to(title.make_row(width), "live") == width - 1 - len("live")


def test_a_caret_stands_under_its_place_whatever_is_said_of_it() -> None:
    for points_at in (20, 79):
        row = _hint_row(100, (f"key {ODD} is not known",), Role.FAILURE, points_at)
        text = plain_text(row)
        assert SHOWN in text
        assert cells_of(text[: text.index("^")]) == points_at


async def test_a_pane_without_rows_yet_takes_every_key() -> None:
    pane = RowPane(id="pane")

    class OnePane(App[None]):
        def compose(self) -> ComposeResult:
            yield pane

    async with OnePane().run_test(size=(40, 10)):
        pane.action_move(1)
        pane.action_move(-1)
        pane.action_home()
        assert pane.current_key is None


def _up_to(row: Row, text: str) -> int:
    """The cell at which a piece with this text begins."""
    at = 0
    for piece in row:
        if piece.text == text:
            return at
        at += cells_of(piece.text)
    raise AssertionError(plain_text(row))
