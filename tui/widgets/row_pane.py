"""A pane of rows with a cursor: what the sidebar, the open card and the help have in common."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from textual import events
from textual.geometry import Size

from tui.presenters.pieces import Row
from tui.widgets.drawn import Drawn, DrawnRow
from tui.widgets.painting import with_bar


@dataclass(frozen=True, slots=True)
class PaneItem:
    """Rows that the cursor takes as one; without a key it passes over them. Each row leaves its first cell blank."""

    rows: tuple[Row, ...]
    key: Hashable = None


class RowPane(Drawn, can_focus=True):
    """Draws items line by line, keeps the cursor's item visible, and shows the cursor only while it has the focus."""

    background_role = "background"
    """The palette's colour that the pane lies on."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._items: tuple[PaneItem, ...] = ()
        self._lines: list[tuple[int, Row]] = []
        self._head: tuple[Row, ...] = ()
        self._cursor = 0
        self._top = 0

    @property
    def shows_cursor(self) -> bool:
        """Whether one sees where the cursor is: only the focused pane shows one."""
        return self.has_focus

    @property
    def current_key(self) -> Hashable:
        """The key of the item under the cursor; None where there is none."""
        return self._items[self._cursor].key if self._cursor < len(self._items) else None

    @property
    def items(self) -> tuple[PaneItem, ...]:
        """What is shown."""
        return self._items

    @property
    def cursor_line(self) -> int:
        """The first line of the item under the cursor."""
        return self._first_line(self._cursor)

    @property
    def body_height(self) -> int:
        """How many rows of items fit below the head."""
        return max(self.size.height - len(self._head), 0)

    def show_head(self, *rows: Row) -> None:
        """Rows that stay on top, whatever is scrolled."""
        if rows != self._head:
            self._head = rows
            self._keep_visible()
            self.redraw()

    def show_items(self, items: Sequence[PaneItem], *, to_start: bool = False) -> None:
        """Show other items; the cursor stays on the item with the same key, or as near as there is one."""
        key = self.current_key
        self._items = tuple(items)
        self._lines = [(index, row) for index, item in enumerate(self._items) for row in item.rows]
        same = next((index for index, item in enumerate(self._items) if item.key == key), None)
        if to_start:
            self._top = 0
            self._cursor = self._nearest(0, 1)
        elif same is not None and key is not None:
            self._cursor = same
        else:
            self._cursor = self._nearest(min(self._cursor, max(len(self._items) - 1, 0)), -1)
        self._keep_visible()
        self.redraw()

    def move_to_key(self, key: Hashable) -> bool:
        """Put the cursor on the item with this key; whether there is one."""
        for index, item in enumerate(self._items):
            if item.key == key:
                self._put_cursor(index)
                return True
        return False

    def action_move(self, by: int) -> None:
        if self._scroll_within(by):
            return
        index = self._cursor + by
        while 0 <= index < len(self._items):
            if self._items[index].key is not None:
                self._put_cursor(index)
                return
            index += by
        # Nothing to stand on there, but perhaps something to see: the first or the last rows.
        self._top = 0 if by < 0 else max(len(self._lines) - self.body_height, 0)
        self.redraw()

    def action_home(self) -> None:
        self._put_cursor(self._nearest(0, 1))
        self._top = 0
        self.redraw()

    def action_end(self) -> None:
        self._put_cursor(self._nearest(len(self._items) - 1, -1))

    def action_page(self, by: int) -> None:
        self._jump(by * max(self.body_height - 2, 1))

    def action_half_page(self, by: int) -> None:
        self._jump(by * max(self.body_height // 2, 1))

    def on_click(self, event: events.Click) -> None:
        line = self._top + event.y - len(self._head)
        if event.y >= len(self._head) and line < len(self._lines):
            index = self._lines[line][0]
            if self._items[index].key is not None:
                self._put_cursor(index)

    def on_mouse_scroll_down(self) -> None:
        self.action_move(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_move(-1)

    def fit(self) -> None:
        self._keep_visible()

    def on_focus(self) -> None:
        self._keep_visible()
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def row_drawn(self, y: int) -> DrawnRow:
        if y < len(self._head):
            return self._head[y], "header"
        line = self._top + y - len(self._head)
        if line >= len(self._lines):
            return (), self.background_role
        index, row = self._lines[line][0], self.row_at(line)
        if index == self._cursor and self.shows_cursor and self._items[index].key is not None:
            return with_bar(row), "selection"
        return row, self.background_role

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._head) + len(self._lines)

    def row_at(self, line: int) -> Row:
        """The row to draw as line number `line` of all items."""
        return self._lines[line][1]

    @property
    def standing(self) -> tuple[int, int]:
        """The number of the item under the cursor, and of the line on top."""
        return self._cursor, self._top

    def stand(self, item: int, top: int) -> None:
        """Stand where one stood, as far as there is such a place."""
        self._top = top
        self._put_cursor(self._nearest(min(item, max(len(self._items) - 1, 0)), -1))

    def go_to_line(self, line: int) -> None:
        """Put the cursor on the item that has this line, and the line in sight."""
        self._put_cursor(self._lines[line][0])
        if not self._top <= line < self._top + self.body_height:
            self._top = line - self.body_height // 2
            self._keep_visible()
        self.redraw()

    def scroll_home_rows(self) -> None:
        """Show the first rows, wherever the cursor is; it is back in sight with the focus."""
        self._top = 0
        self.redraw()

    def _jump(self, lines: int) -> None:
        """Move by about that many lines."""
        if not self._lines or self._scroll_within(lines):
            return
        at = self._first_line(self._cursor) + lines
        index = self._lines[min(max(at, 0), len(self._lines) - 1)][0]
        self._put_cursor(self._nearest(index, 1 if lines > 0 else -1))

    def _scroll_within(self, lines: int) -> bool:
        """Scroll an item that is taller than the pane, not past its end; whether there was anything left to see of it."""
        first, last = self._extent(self._cursor)
        bottom = last - self.body_height
        if not self.body_height or bottom <= first:
            return False
        top = min(max(self._top + lines, first), bottom)
        if top == self._top:
            return False
        self._top = top
        self.redraw()
        return True

    def _put_cursor(self, index: int) -> None:
        self._cursor = index
        self._keep_visible()
        self.redraw()

    def _nearest(self, index: int, direction: int) -> int:
        """The item with a key that lies nearest, first looking in that direction."""
        for step in (direction, -direction):
            at = index
            while 0 <= at < len(self._items):
                if self._items[at].key is not None:
                    return at
                at += step
        return 0

    def _first_line(self, index: int) -> int:
        return sum(len(item.rows) for item in self._items[:index])

    def _extent(self, index: int) -> tuple[int, int]:
        """An item's first line, and the one after its last; in a pane that has none yet, both are the first."""
        first = self._first_line(index)
        return first, first + sum(len(item.rows) for item in self._items[index : index + 1])

    def _keep_visible(self) -> None:
        height = self.body_height
        if not height or not self._items:
            self._top = 0
            return
        if self._cursor == self._nearest(0, 1):  # what stands above the first row to stand on is seen with it
            self._top = 0
        first, last = self._extent(self._cursor)
        if last - first > height:  # one comes to its beginning from above, to its end from below
            self._top = min(max(self._top, first), last - height)
            return
        if last - self._top > height:
            self._top = last - height
        self._top = max(min(self._top, first, len(self._lines) - height), 0)
