"""What the deck is made of: a block for each event, which is its day's heading where it has one, its card, and a gap."""

from collections import OrderedDict
from collections.abc import Container
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from data.records import Seal
from data.views import ReadingMark
from tui.deck.window import DeckWindow
from tui.presenters.card import card_rows
from tui.presenters.card_grid import Density
from tui.presenters.pieces import Row

_ROWS_KEPT = 600


class DeckBlocks:
    """Rows and heights of the blocks of a window's events, for decks of `width` cells. Heights are in rows."""

    def __init__(self, zone: ZoneInfo, flagged: Container[UUID]) -> None:
        """`flagged` are the events that the person has marked, now and whenever it is asked."""
        self.window = DeckWindow()
        self.width = 0
        self.density = Density.CARDS
        self.read_to: ReadingMark | None = None
        """Where the reader of a view stopped; the rule that says so takes the gap after that card, or a row of its own."""
        self._zone = zone
        self._flagged = flagged
        self._gone: frozenset[str] = frozenset()
        self._rows: OrderedDict[tuple[UUID, Seal, bool, int, Density, bool], tuple[Row, ...]] = OrderedDict()

    def __len__(self) -> int:
        return len(self.window)

    @property
    def gone(self) -> frozenset[str]:
        """The ids of clients that were deleted: no card leads to them."""
        return self._gone

    @gone.setter
    def gone(self, ids: frozenset[str]) -> None:
        if ids != self._gone:
            self._gone = ids
            self._rows.clear()

    @property
    def gap(self) -> int:
        """Blank rows after each card."""
        return self.density.gap

    def above(self, index: int) -> int:
        """Rows of an event's block above its card: 1 for the first event of its day, else 0."""
        return int(index == 0 or self.day(index) != self.day(index - 1))

    def height(self, index: int) -> int:
        """Rows of an event's whole block."""
        return self.above(index) + len(self.rows(index)) + max(self.gap, self.is_read_to(index))

    def is_read_to(self, index: int) -> bool:
        """Whether the rule is below this event: the last as new as the one that was left, which may be gone by now."""
        if self.read_to is None:
            return False
        left, shown = self.read_to.event_id, self.window.events
        if index + 1 < len(shown):
            return shown[index + 1].id < left <= shown[index].id
        return shown[index].id == left or (shown[index].id > left and not self.window.has_older)

    def day(self, index: int) -> date:
        """The day of an event in the zone shown; past the end, that of the last."""
        events = self.window.events
        return events[min(index, len(events) - 1)].occurred_at.astimezone(self._zone).date()

    def rows(self, index: int) -> tuple[Row, ...]:
        """The rows of an event's card."""
        happening = self.window.events[index]
        flagged = happening.id in self._flagged
        key = (happening.id, happening.seal, happening.is_blank, self.width, self.density, flagged)
        rows = self._rows.get(key)
        if rows is None:
            rows = card_rows(happening, self.width, self._zone, self.density, flagged=flagged, gone=self._gone)
            self._rows[key] = rows
            if len(self._rows) > _ROWS_KEPT:
                self._rows.popitem(last=False)
        else:
            self._rows.move_to_end(key)
        return rows
