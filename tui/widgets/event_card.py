"""One event of the log as one widget. It draws itself row by row and is rebound to another event as the deck moves."""

from data.records import Event
from tui.presenters.pieces import Role, Row
from tui.themes import palette_of
from tui.widgets.drawn import Drawn, DrawnRow
from tui.widgets.painting import paint_once, with_bar, with_quiet_bar
from tui.widgets.still_size import still_size


class EventCard(Drawn):
    """A card. The deck owns focus and cursor: flipping classes here would cost a frame a key."""

    virtual_size = still_size()

    def __init__(self) -> None:
        super().__init__()
        self.event: Event | None = None
        self._rows: tuple[Row, ...] = ()
        self._selected = False
        self._shows_cursor = True

    def bind_event(self, event: Event, rows: tuple[Row, ...], selected: bool, *, shows_cursor: bool = True) -> None:
        """Show this event, whose rows are made for the deck's width; selected as the cursor is seen, or marked alone."""
        state = (selected, selected and shows_cursor)
        if event is self.event and rows is self._rows and state == (self._selected, self._shows_cursor):
            return
        self.event, self._rows = event, rows
        self._selected, self._shows_cursor = state
        self.redraw()

    def row_drawn(self, y: int) -> DrawnRow:
        """The event's row, or a blank one below its last."""
        if y >= len(self._rows):
            return (), "background"
        row = self._rows[y]
        if not self._selected:
            return row, "background"
        cursor = self._shows_cursor
        return _marked(row, y == 0, cursor), "selection" if cursor else "background"


def prepare_card(rows: tuple[Row, ...], width: int, theme: str) -> None:
    """Paint what a card of these rows would, so that it is there when one is drawn."""
    ground = palette_of(theme).background
    for row in rows:
        paint_once(row, width, ground)


def _marked(row: Row, first: bool, cursor: bool) -> Row:
    """The row with a bar in its first cell, which every row leaves blank, and the time in bold."""
    pieces = [*(with_bar(row) if cursor else with_quiet_bar(row))]
    if first and len(pieces) > 2:
        pieces[2] = pieces[2]._replace(role=Role.TITLE, bold=True)
    return tuple(pieces)
