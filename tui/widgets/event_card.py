"""One event of the log as one widget. It draws itself line by line and is rebound to another event as the deck moves."""

from textual.strip import Strip
from textual.widget import Widget

from data.records import Event
from tui.presenters.pieces import Role, Row
from tui.themes import palette_of
from tui.widgets.painting import blank, paint, with_bar, with_quiet_bar
from tui.widgets.still_size import still_size


class EventCard(Widget):
    """A card. The deck owns focus and cursor: flipping classes here would cost a frame a key."""

    ALLOW_SELECT = False
    virtual_size = still_size()

    def __init__(self) -> None:
        super().__init__()
        self.event: Event | None = None
        self._rows: tuple[Row, ...] = ()
        self._selected = False
        self._shows_cursor = True
        self._strips: list[Strip] = []
        self._painted: tuple[int, str] | None = None

    def bind_event(self, event: Event, rows: tuple[Row, ...], selected: bool, *, shows_cursor: bool = True) -> None:
        """Show this event, whose rows are made for the deck's width; selected as the cursor is seen, or marked alone."""
        state = (selected, selected and shows_cursor)
        if event is self.event and rows is self._rows and state == (self._selected, self._shows_cursor):
            return
        self.event, self._rows = event, rows
        self._selected, self._shows_cursor = state
        self._painted = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, theme = self.size.width, self.app.theme
        if self._painted != (width, theme):
            self._strips = self._paint(width)
            self._painted = (width, theme)
        return self._strips[y] if y < len(self._strips) else blank(width, palette_of(theme).background)

    def _paint(self, width: int) -> list[Strip]:
        palette = palette_of(self.app.theme)
        if not self._selected:
            return [paint(row, width, palette.background) for row in self._rows]
        cursor = self._shows_cursor
        ground = palette.selection if cursor else palette.background
        return [paint(_marked(row, y == 0, cursor), width, ground) for y, row in enumerate(self._rows)]


def _marked(row: Row, first: bool, cursor: bool) -> Row:
    """The row with a bar in its first cell, which every row leaves blank, and the time in bold."""
    pieces = [*(with_bar(row) if cursor else with_quiet_bar(row))]
    if first and len(pieces) > 2:
        pieces[2] = pieces[2]._replace(role=Role.TITLE, bold=True)
    return tuple(pieces)
