"""Rows that are read from top to bottom, without a cursor; words can be looked for in them."""

from collections.abc import Sequence

from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.presenters.find import Match, marked, matches_in
from tui.presenters.pieces import Row
from tui.themes import palette_of
from tui.widgets.painting import blank, paint


class RowPager(Widget, can_focus=True):
    """Shows as many rows as it has room for, and scrolls over the others."""

    ALLOW_SELECT = False

    class Scrolled(Message):
        """Other rows are seen: from number `first` to number `last` of `total`, counted from 1."""

        def __init__(self, first: int, last: int, total: int) -> None:
            super().__init__()
            self.first = first
            self.last = last
            self.total = total

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[Row, ...] = ()
        self._top = 0
        self._sought = ""
        self._matches: list[Match] = []
        self._current: Match | None = None

    @property
    def sought(self) -> str:
        """The words that were last looked for."""
        return self._sought

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows, from where one stood; what was looked for is looked for in them."""
        self._rows = tuple(rows)
        self._current = None
        self._matches = matches_in([(row,) for row in self._rows], self._sought)
        self._show_from(self._top)

    def holds(self, words: str) -> bool:
        """Whether these words stand on any row."""
        return bool(matches_in([(row,) for row in self._rows], words))

    def find(self, words: str) -> None:
        """Mark these words, and go to the first of them from the top row on."""
        self._sought = words
        self._matches = matches_in([(row,) for row in self._rows], words)
        below = [match for match in self._matches if match.line >= self._top]
        self._go_to(below[0] if below else self._matches[0] if self._matches else None)

    def next_match(self, by: int) -> bool:
        """Go to a match after (1) or before (-1), around the end; whether there is any."""
        if not self._matches:
            return False
        at = self._matches.index(self._current) if self._current is not None else -1 if by > 0 else 0
        self._go_to(self._matches[(at + by) % len(self._matches)])
        return True

    def action_move(self, by: int) -> None:
        self._show_from(self._top + by)

    def action_half_page(self, by: int) -> None:
        self._show_from(self._top + by * max(self.size.height // 2, 1))

    def action_page(self, by: int) -> None:
        self._show_from(self._top + by * max(self.size.height - 2, 1))

    def action_home(self) -> None:
        self._show_from(0)

    def action_end(self) -> None:
        self._show_from(len(self._rows))

    def on_mouse_scroll_down(self) -> None:
        self.action_move(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_move(-1)

    def render_line(self, y: int) -> Strip:
        ground = palette_of(self.app.theme).ground("background")
        line = self._top + y
        if line >= len(self._rows):
            return blank(self.size.width, ground)
        stretches = [part for match in self._matches for part in match.stretches if part.line == line]
        row = marked(self._rows[line], stretches, self._current) if stretches else self._rows[line]
        return paint(row, self.size.width, ground)

    def _go_to(self, match: Match | None) -> None:
        self._current = match
        if match is not None and not self._top <= match.line < self._top + self.size.height:
            self._show_from(match.line - self.size.height // 3)
        self.refresh()

    def _show_from(self, top: int) -> None:
        total, height = len(self._rows), self.size.height
        self._top = max(min(top, total - height), 0)
        self.post_message(self.Scrolled(self._top + 1, min(self._top + height, total), total))
        self.refresh()
