"""Rows that are read from top to bottom, without a cursor; words can be looked for in them."""

from collections.abc import Sequence

from textual.message import Message

from tui.presenters.find import Finder
from tui.presenters.pieces import Row
from tui.widgets.drawn import Drawn, DrawnRow


class RowPager(Drawn, can_focus=True):
    """Shows as many rows as it has room for, and scrolls over the others."""

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
        self._finder = Finder()

    @property
    def sought(self) -> str:
        """The words that were last looked for."""
        return self._finder.sought

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows, from where one stood; what was looked for is looked for in them."""
        self._rows = tuple(rows)
        self._finder.show([(row,) for row in self._rows])
        self._show_from(self._top)

    def holds(self, words: str) -> bool:
        """Whether these words stand on any row."""
        return self._finder.holds(words)

    def find(self, words: str) -> None:
        """Mark these words, and go to the first of them from the top row on."""
        self._go_to(self._finder.find(words, self._top))

    def next_match(self, by: int) -> bool:
        """Go to a match after (1) or before (-1), around the end; whether there is any."""
        line = self._finder.step(by, self._top)
        self._go_to(line)
        return line is not None

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

    def row_drawn(self, y: int) -> DrawnRow:
        line = self._top + y
        return (self._finder.marked(self._rows[line], line) if line < len(self._rows) else ()), "background"

    def _go_to(self, line: int | None) -> None:
        if line is not None and not self._top <= line < self._top + self.size.height:
            self._show_from(line - self.size.height // 3)
        self.redraw()

    def _show_from(self, top: int) -> None:
        total, height = len(self._rows), self.size.height
        self._top = max(min(top, total - height), 0)
        self.post_message(self.Scrolled(self._top + 1, min(self._top + height, total), total))
        self.redraw()
