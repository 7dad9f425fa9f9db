"""The open card: all of one event, row by row."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from textual.message import Message

from data.query import Clause
from data.query.editing import Way
from data.records import Event, Json
from tui.keymap import Scope, bindings
from tui.presenters.detail import DetailKey, detail_head, detail_rows
from tui.presenters.find import Finder
from tui.presenters.pieces import Row
from tui.reading.history import CardPlace
from tui.widgets.row_pane import PaneItem, RowPane


class EventDetail(RowPane):
    """Shows an event in full; the cursor stands on one of its rows."""

    BINDINGS = bindings(Scope.MOVING, Scope.CARD)

    class Followed(Message):
        """The events that a row's clause asks for are wanted, over all time; None for a row that names none."""

        def __init__(self, clause: Clause | None) -> None:
            super().__init__()
            self.clause = clause

    class ValueWanted(Message):
        """The value of a row is wanted in the query; None for a row without one."""

        def __init__(self, clause: Clause | None, way: Way) -> None:
            super().__init__()
            self.clause = clause
            self.way = way

    def __init__(self, zone: ZoneInfo, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._zone = zone
        self.event: Event | None = None
        self._record: Mapping[str, Json] = {}
        self._place = ""
        self._gone: frozenset[str] = frozenset()
        self._begins = True
        self._comes_to: CardPlace | None = None
        self._filled: tuple[Event, int] | None = None
        self._finder = Finder()

    def show(self, event: Event, record: Mapping[str, Json], place: str) -> None:
        """Show another event from its beginning; the same one, as after a resize, where it was."""
        self._begins = self._begins or self.event is None or event.id != self.event.id
        self.event, self._record, self._place = event, record, place
        self._fill()

    def show_gone(self, ids: frozenset[str]) -> None:
        """These clients were deleted."""
        if ids != self._gone:
            self._gone = ids
            self._fill()

    def begin(self, place: CardPlace | None = None) -> None:
        """Show the next event at this place; without one from its beginning, be it the same, with nothing sought in it."""
        self._begins, self._filled, self._comes_to = True, None, place
        self._finder = Finder("" if place is None else place.sought)

    @property
    def place(self) -> CardPlace:
        """Where one stands in it."""
        return CardPlace(*self.standing, self._finder.sought, self._finder.at)

    @property
    def row_key(self) -> DetailKey | None:
        """The key of the row under the cursor."""
        key = self.current_key
        return key if isinstance(key, DetailKey) else None

    @property
    def sought(self) -> str:
        """The words that were last looked for in it."""
        return self._finder.sought

    def holds(self, words: str) -> bool:
        """Whether these words stand anywhere in it."""
        return self._finder.holds(words)

    def find(self, words: str) -> str | None:
        """Mark these words, and go to the first match from the cursor on; which one it is, `3 of 17`."""
        return self._go_to(self._finder.find(words, self.cursor_line))

    def next_match(self, by: int) -> str | None:
        """Go on to a match after (1) or before (-1), around the end; which one it is. None where there is none."""
        return self._go_to(self._finder.step(by, self.cursor_line))

    def row_at(self, line: int) -> Row:
        return self._finder.marked(super().row_at(line), line)

    def fit(self) -> None:
        self._fill()

    def action_row_value(self, way: str) -> None:
        key = self.row_key
        self.post_message(self.ValueWanted(None if key is None else key.clause, Way(way)))

    def action_follow(self) -> None:
        key = self.row_key
        self.post_message(self.Followed(None if key is None else key.clause))

    def _fill(self) -> None:
        if self.event is None or not self.size.width:
            return
        width = self.size.width
        self.show_head(detail_head(self.event, width, self._place, self._gone))
        if self._filled is not None and self._filled[0] is self.event and self._filled[1] == width:
            return  # only its number among all is new
        rows = detail_rows(self.event, self._record, width, self._zone)
        self.show_items([PaneItem(row.rows, row.key) for row in rows], to_start=self._begins)
        place, self._comes_to = self._comes_to, None
        if place is not None:
            self.stand(place.item, place.top)
        self._begins, self._filled = False, (self.event, width)
        self._finder.show(self._texts(), at=None if place is None else place.match)
        self.redraw()

    def _texts(self) -> list[tuple[Row, ...]]:
        """The rows item by item; those that the cursor passes over are empty, so that nothing is found in them."""
        return [item.rows if item.key is not None else ((),) * len(item.rows) for item in self.items]

    def _go_to(self, line: int | None) -> str | None:
        if line is not None:
            self.go_to_line(line)
        self.refresh()
        return self._finder.place
