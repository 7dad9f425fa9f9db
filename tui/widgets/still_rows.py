"""Rows that are only read: no cursor, no focus."""

from collections.abc import Callable, Iterable

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from tui.presenters.pieces import Row
from tui.themes import palette_of
from tui.widgets.painting import blank, paint


class StillRows(Widget):
    """Draws what `make` gives for a width, anew each time; nothing of it is kept."""

    ALLOW_SELECT = False

    def __init__(self, make: Callable[[int], Iterable[Row]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._make = make

    def show(self, make: Callable[[int], Iterable[Row]]) -> None:
        """Show other rows."""
        self._make = make
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(list(self._make(width)))

    def render_line(self, y: int) -> Strip:
        ground = palette_of(self.app.theme).background
        rows = list(self._make(self.size.width))
        return paint(rows[y], self.size.width, ground) if y < len(rows) else blank(self.size.width, ground)
