"""Rows that are drawn again are those that have changed, and what has not is the same strip as before."""

from collections import Counter

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.widget import Widget

from tui.presenters.pieces import Piece, Role
from tui.themes import PALETTES
from tui.widgets.drawn import Drawn, DrawnRow
from tui.widgets.line_table import LineTable
from tui.widgets.row_pane import PaneItem, RowPane


class Letters(Drawn):
    """A row for each letter of a word."""

    word = "abc"

    def row_drawn(self, y: int) -> DrawnRow:
        letter = self.word[y : y + 1]
        return ((Piece(f" {letter} 漢字", Role.TEXT),) if letter else ()), "panel"


class Fitted(Letters):
    """Says how wide it is, as far as it was told; `seen` is what was asked for to be drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def fit(self) -> None:
        self.word = str(self.size.width)
        self.redraw()

    def row_drawn(self, y: int) -> DrawnRow:
        self.seen.append(self.word)
        return super().row_drawn(y)


class _App(App[None]):
    CSS = "Drawn { width: 1fr; height: 1fr; }"

    def __init__(self, drawn: Drawn) -> None:
        super().__init__()
        self.drawn = drawn
        for palette in PALETTES.values():
            self.register_theme(palette.theme())
        self.theme = "dark"

    def compose(self) -> ComposeResult:
        yield self.drawn


@pytest.fixture
def refreshed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Region, ...]]:
    """What the widget asked to be drawn, call by call; all of it is no region."""
    asked: list[tuple[Region, ...]] = []
    refresh = Widget.refresh

    def noted(
        widget: Widget, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Widget:
        if isinstance(widget, Drawn):
            asked.append(regions)
        return refresh(widget, *regions, repaint=repaint, layout=layout, recompose=recompose)

    monkeypatch.setattr(Widget, "refresh", noted)
    return asked


async def test_only_rows_that_have_changed_are_drawn_again(refreshed: list[tuple[Region, ...]]) -> None:
    letters = Letters()
    async with _App(letters).run_test(size=(20, 6)) as pilot:
        await pilot.pause()
        refreshed.clear()
        letters.redraw()
        assert refreshed == []
        letters.word = "xbz"
        letters.redraw()
        assert refreshed == [(Region(0, 0, 20, 1), Region(0, 2, 20, 1))]


async def test_what_is_to_be_drawn_is_held_against_what_was_drawn_last(refreshed: list[tuple[Region, ...]]) -> None:
    letters = Letters()
    async with _App(letters).run_test(size=(20, 6)) as pilot:
        await pilot.pause()
        letters.word = "xyz"
        letters.refresh()
        await pilot.pause()
        letters.word = "ayc"
        refreshed.clear()
        letters.redraw()
        assert refreshed == [(Region(0, 0, 20, 1), Region(0, 2, 20, 1))]


async def test_at_another_size_it_is_fitted_before_it_is_drawn() -> None:
    letters = Fitted()
    async with _App(letters).run_test(size=(20, 6)) as pilot:
        await pilot.pause()
        letters.seen.clear()
        await pilot.resize_terminal(30, 6)
        await pilot.pause()
        assert set(letters.seen) == {"30"}


async def test_what_was_hidden_is_fitted_again_at_the_same_size() -> None:
    letters = Fitted()
    async with _App(letters).run_test(size=(30, 6)) as pilot:
        await pilot.pause()
        letters.display = False
        await pilot.pause()
        letters.word = "another"
        letters.display = True
        letters.seen.clear()
        await pilot.pause()
        assert set(letters.seen) == {"30"}


async def test_its_strips_are_what_textual_would_make_of_it() -> None:
    letters = Letters()
    async with _App(letters).run_test(size=(20, 6)) as pilot:
        await pilot.pause()
        for crop in (Region(0, 0, 20, 6), Region(3, 1, 9, 4)):
            ours, theirs = letters.render_lines(crop), Widget.render_lines(letters, crop)
            assert [[*strip] for strip in ours] == [[*strip] for strip in theirs]
        assert letters.render_lines(Region(0, 0, 20, 1))[0] is letters.render_lines(Region(0, 0, 20, 1))[0]


async def test_what_a_style_sheet_dims_or_frames_is_left_to_textual() -> None:
    letters = Letters()
    async with _App(letters).run_test(size=(20, 6)) as pilot:
        for rule in ("opacity", "border"):
            letters.styles.opacity = 0.5 if rule == "opacity" else 1.0
            letters.styles.border = None if rule == "opacity" else ("ascii", "red")
            await pilot.pause()
            ours, theirs = (kind.render_lines(letters, Region(0, 0, 20, 6)) for kind in (Drawn, Widget))
            assert [[*strip] for strip in ours] == [[*strip] for strip in theirs]


async def test_a_table_draws_two_rows_for_a_move_and_makes_each_row_once(refreshed: list[tuple[Region, ...]]) -> None:
    table, made = LineTable(), Counter[int]()

    def row(number: int, _: int) -> tuple[Piece, ...]:
        made[number] += 1
        return (Piece(f" row {number}", Role.TEXT),)

    async with _App(table).run_test(size=(20, 6)) as pilot:
        table.show(range(100, 120), row)
        await pilot.pause()
        made.clear()
        table.action_move(1)
        await pilot.pause()
        refreshed.clear()
        table.action_move(1)
        assert refreshed == [(Region(0, 1, 20, 1), Region(0, 2, 20, 1))]
        for _ in range(4):
            table.action_move(1)
        assert made == {6: 1}  # the one that came into sight


async def test_a_pane_draws_two_items_for_a_move(refreshed: list[tuple[Region, ...]]) -> None:
    pane = RowPane()
    async with _App(pane).run_test(size=(20, 6)) as pilot:
        pane.show_items([PaneItem(((Piece(f" row {number}", Role.TEXT),),), number) for number in range(20)])
        pane.focus()
        await pilot.pause()
        pane.action_move(1)
        await pilot.pause()
        refreshed.clear()
        pane.action_move(1)
        assert refreshed == [(Region(0, 1, 20, 1), Region(0, 2, 20, 1))]


async def test_a_table_makes_its_rows_anew_when_more_is_known_of_the_same_records() -> None:
    table, known = LineTable(), ["", ""]
    app = _App(table)
    async with app.run_test(size=(20, 4)):
        table.show(["a", "b"], lambda number, _width: (Piece(f"  {number}{known[number]}", Role.TEXT),))
        assert table.render_line(1).text.rstrip() == "  1"
        known[1] = " more"
        table.show_anew()
        assert table.render_line(1).text.rstrip() == "  1 more"
