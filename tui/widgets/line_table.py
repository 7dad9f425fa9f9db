"""A table of one row a record, of which only the rows in sight are made: thousands of records cost no more than a screen."""

from collections.abc import Callable, Hashable, Sequence

from textual import events
from textual.message import Message

from tui.presenters.pieces import Row
from tui.widgets.drawn import Drawn, DrawnRow
from tui.widgets.painting import with_bar, with_quiet_bar


class LineTable(Drawn, can_focus=True):
    """Knows its records by their keys; `make_row` draws the one of a number at a width. Each row leaves its first cell blank."""

    class Moved(Message):
        """The cursor is on another record, or on none."""

    class Chosen(Message):
        """The record under the cursor was clicked a second time."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: Sequence[Hashable] = ()
        self._make_row: Callable[[int, int], Row] = lambda _number, _width: ()
        self._make_head: Callable[[int], Row] | None = None
        self._rows: dict[int, Row] = {}
        self._rows_width = 0
        self._cursor = 0
        self._top = 0

    @property
    def current_key(self) -> Hashable:
        """The key of the record under the cursor; None where there is none."""
        return self._keys[self._cursor] if self._cursor < len(self._keys) else None

    @property
    def top(self) -> int:
        """The number of the row that is seen first."""
        return self._top

    def stand(self, key: Hashable, top: int) -> None:
        """Stand on the record with this key, if it is there, with this row on top as far as that can be."""
        self._top = top
        self.move_to_key(key)
        self._keep_visible()
        self.redraw()

    def show(
        self,
        keys: Sequence[Hashable],
        make_row: Callable[[int, int], Row],
        make_head: Callable[[int], Row] | None = None,
        *,
        to_start: bool = False,
    ) -> None:
        """Show other records; the cursor stays on the same one, or where it was if that is no longer there."""
        before = self.current_key
        self._keys, self._make_row, self._make_head = keys, make_row, make_head
        self._rows.clear()
        if to_start:
            self._cursor = 0
        elif before is not None and before in keys:
            cursor = keys.index(before)
            self._top += cursor - self._cursor  # what came or went above it moves nothing that is read
            self._cursor = cursor
        self._cursor = max(min(self._cursor, len(keys) - 1), 0)
        self._keep_visible()
        self.redraw()
        if self.current_key != before:
            self.post_message(self.Moved())

    def show_anew(self) -> None:
        """More is known of the records: make their rows anew."""
        self._rows.clear()
        self.redraw()

    def move_to_key(self, key: Hashable) -> bool:
        """Put the cursor on the record with this key; whether there is one."""
        if key not in self._keys:
            return False
        self._put_cursor(self._keys.index(key))
        return True

    def action_move(self, by: int) -> None:
        self._put_cursor(self._cursor + by)

    def action_home(self) -> None:
        self._put_cursor(0)

    def action_end(self) -> None:
        self._put_cursor(len(self._keys) - 1)

    def action_page(self, by: int) -> None:
        self._put_cursor(self._cursor + by * max(self._body_height - 1, 1))

    def action_half_page(self, by: int) -> None:
        self._put_cursor(self._cursor + by * max(self._body_height // 2, 1))

    def on_click(self, event: events.Click) -> None:
        number = self._top + event.y - self._head_height
        if event.y >= self._head_height and number < len(self._keys):
            if number == self._cursor:
                self.post_message(self.Chosen())
            self._put_cursor(number)

    def on_mouse_scroll_down(self) -> None:
        self.action_move(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_move(-1)

    def fit(self) -> None:
        self._keep_visible()

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def row_drawn(self, y: int) -> DrawnRow:
        if self._make_head is not None and y == 0:
            return self._make_head(self.size.width), "background"
        number = self._top + y - self._head_height
        if number >= len(self._keys):
            return (), "background"
        row = self._row(number)
        if number != self._cursor:
            return row, "background"
        return (with_bar(row), "selection") if self.has_focus else (with_quiet_bar(row), "background")

    def _row(self, number: int) -> Row:
        """The row of a record, made once as long as the same records are shown."""
        width = self.size.width
        if width != self._rows_width:
            self._rows.clear()
            self._rows_width = width
        row = self._rows.get(number)
        if row is None:
            row = self._rows[number] = self._make_row(number, width)
        return row

    @property
    def _head_height(self) -> int:
        return 0 if self._make_head is None else 1

    @property
    def _body_height(self) -> int:
        return max(self.size.height - self._head_height, 0)

    def _put_cursor(self, number: int) -> None:
        number = max(min(number, len(self._keys) - 1), 0)
        if number != self._cursor:
            self._cursor = number
            self._keep_visible()
            self.redraw()
            self.post_message(self.Moved())

    def _keep_visible(self) -> None:
        height = self._body_height
        if height:
            lowest = max(min(self._top, self._cursor, len(self._keys) - height), 0)
            self._top = max(lowest, self._cursor - height + 1)
