"""A table of one row a record, of which only the rows in sight are made: thousands of records cost no more than a screen."""

from collections.abc import Callable, Hashable, Sequence

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.presenters.pieces import Row
from tui.themes import palette_of
from tui.widgets.painting import blank, paint, with_bar, with_quiet_bar


class LineTable(Widget, can_focus=True):
    """Knows its records by their keys; `make_row` draws the one of a number at a width. Each row leaves its first cell blank."""

    ALLOW_SELECT = False

    class Moved(Message):
        """The cursor is on another record, or on none."""

    class Chosen(Message):
        """The record under the cursor was clicked a second time."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: Sequence[Hashable] = ()
        self._make_row: Callable[[int, int], Row] = lambda _number, _width: ()
        self._make_head: Callable[[int], Row] | None = None
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
        self.refresh()

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
        if to_start:
            self._cursor = 0
        elif before is not None and before in keys:
            cursor = keys.index(before)
            self._top += cursor - self._cursor  # what came or went above it moves nothing that is read
            self._cursor = cursor
        self._cursor = max(min(self._cursor, len(keys) - 1), 0)
        self._keep_visible()
        self.refresh()
        if self.current_key != before:
            self.post_message(self.Moved())

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

    def on_resize(self) -> None:
        self._keep_visible()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app.theme)
        width = self.size.width
        if self._make_head is not None and y == 0:
            return paint(self._make_head(width), width, palette.background)
        number = self._top + y - self._head_height
        if number >= len(self._keys):
            return blank(width, palette.background)
        row = self._make_row(number, width)
        if number != self._cursor:
            return paint(row, width, palette.background)
        if self.has_focus:
            return paint(with_bar(row), width, palette.selection)
        return paint(with_quiet_bar(row), width, palette.background)

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
            self.refresh()
            self.post_message(self.Moved())

    def _keep_visible(self) -> None:
        height = self._body_height
        if height:
            lowest = max(min(self._top, self._cursor, len(self._keys) - height), 0)
            self._top = max(lowest, self._cursor - height + 1)
