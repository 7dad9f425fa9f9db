"""The deck: a fixed pool of cards that move over an answer of any length. It owns the focus, the cursor and the scroll."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from textual import events
from textual.app import ComposeResult
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget

from data.answers import Direction
from data.records import Event
from data.views import ReadingMark
from tui.deck.blocks import DeckBlocks
from tui.deck.scroll import DeckScroll
from tui.deck.window import DeckWindow
from tui.keymap import Scope, bindings
from tui.presenters.card_grid import Density
from tui.reading.marks import Marks
from tui.widgets.day_heading import DayHeading
from tui.widgets.event_card import EventCard, prepare_card
from tui.widgets.read_rule import ReadRule
from tui.widgets.still_size import still_size

# Enough for the most usual terminals; a higher one, or lines in place of cards, gets more when they are needed.
_POOL = 24
# How many loaded cards, besides as many as are visible, may be left in the direction of travel before more are asked for.
_READ_AHEAD = 60


class _DeckLayout(Layout):
    """Places what is visible, and nothing else."""

    name = "deck"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        assert isinstance(parent, EventDeck)
        return parent.place(size)


class EventDeck(Widget, can_focus=True):
    """Cards of the events in a `DeckWindow`, newest first, under headings of their days."""

    BINDINGS = bindings(Scope.MOVING, Scope.DECK)
    ALLOW_SELECT = False
    virtual_size = still_size()

    class Moved(Message):
        """The cursor is on another event; `index` is its place in the window."""

        def __init__(self, event: Event, index: int) -> None:
            super().__init__()
            self.event = event
            self.index = index

    class Opened(Message):
        """A card was opened."""

        def __init__(self, event: Event) -> None:
            super().__init__()
            self.event = event

    class NearedEnd(Message):
        """Few loaded events are left in this direction."""

        def __init__(self, direction: Direction) -> None:
            super().__init__()
            self.direction = direction

    class LeftWindow(Message):
        """The first event of all (NEWER) or the last (OLDER) is wanted, and not loaded."""

        def __init__(self, direction: Direction) -> None:
            super().__init__()
            self.direction = direction

    def __init__(self, zone: ZoneInfo, today: Callable[[], date], marks: Marks, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self._shows_cursor = True
        self._today = today
        self._blocks = DeckBlocks(zone, marks)
        self._scroll = DeckScroll(self._blocks)
        self._layout_of_deck = _DeckLayout()
        self._bound: dict[UUID, EventCard] = {}
        self._free: list[EventCard] = []
        self._headings: list[DayHeading] = []
        self._pinned = DayHeading()
        self._read_rule = ReadRule(zone)
        self._placements: list[WidgetPlacement] = []
        self._planned_for: Size | None = None

    @property
    def layout(self) -> Layout:
        return self._layout_of_deck

    def compose(self) -> ComposeResult:
        yield from self._more_widgets(_POOL)
        yield self._pinned
        yield self._read_rule

    @property
    def window(self) -> DeckWindow:
        """The events that are loaded."""
        return self._blocks.window

    @property
    def density(self) -> Density:
        """How much is shown of each event."""
        return self._blocks.density

    @property
    def read_to(self) -> ReadingMark | None:
        """Where the reader of a view stopped: the rule is below that card, from the next answer that is shown on."""
        return self._blocks.read_to

    @read_to.setter
    def read_to(self, mark: ReadingMark | None) -> None:
        self._blocks.read_to = mark

    @property
    def current(self) -> Event | None:
        """The event under the cursor."""
        return self.window.events[self.cursor] if self.window.events else None

    def show_cursor(self, shown: bool) -> None:
        """Draw the cursor, or only mark its card: another pane has the focus, and one cursor is enough."""
        if shown != self._shows_cursor:
            self._shows_cursor = shown
            self._replan(moved=False)

    def show(self, window: DeckWindow, cursor: int = 0) -> None:
        """Show another answer, the cursor on its event number `cursor` of the window, a third down the deck."""
        self._blocks.window = window
        self.cursor = min(max(cursor, 0), max(len(window) - 1, 0))
        self._scroll.anchor(self.cursor, 1 if self.cursor == 0 else self.size.height // 3)
        if self._scroll.skip and self._scroll.top < self.cursor:  # begin with a whole card
            self._scroll.anchor(self._scroll.top, 1)
        self._replan(moved=True)

    def add_older(self, older: Sequence[Event], *, more: bool) -> None:
        """More events behind the last; what is visible stays where it is."""
        dropped = self.window.add_older(older, more=more)
        self.cursor = max(self.cursor - dropped, 0)
        self._scroll.top = max(self._scroll.top - dropped, 0)
        self._replan(moved=False)

    def add_newer(self, newer: Sequence[Event], *, more: bool) -> None:
        """More events, newest first, before the first; what is visible stays where it is."""
        above_before = self._blocks.above(0) if self.window.events else 0
        added = self.window.add_newer(newer, more=more)
        if added and self._scroll.top == 0 and above_before and not self._blocks.above(added):
            self._scroll.skip = max(self._scroll.skip - 1, 0)  # the first event no longer heads its day
        self.cursor += added
        self._scroll.top += added
        self._replan(moved=False)

    def show_marks(self) -> None:
        """The person has marked an event, or taken marks away."""
        self._replan(moved=False)

    @property
    def gone(self) -> frozenset[str]:
        """The clients that were deleted, as far as the deck was told."""
        return self._blocks.gone

    def show_gone(self, ids: frozenset[str]) -> None:
        """These clients were deleted."""
        if ids != self._blocks.gone:
            self._blocks.gone = ids
            self._replan(moved=False)

    def show_sealed(self, before: datetime) -> None:
        """All events that were recorded before this moment are sealed by now."""
        if self.window.note_sealed(before):
            self._replan(moved=False)

    def show_changed(self, event: Event) -> None:
        """What is known of an event has changed; the one under the cursor stays where it is."""
        row = next((y for index, y in self._scroll.visible(self.size.height) if index == self.cursor), 0)
        row += self._blocks.above(self.cursor) if self.window.events else 0
        if self.window.put(event):
            self._scroll.anchor(self.cursor, row)
            self._replan(moved=False)

    def change_density(self, density: Density) -> None:
        """Show more or less of each event; the one under the cursor stays where it is."""
        row = next((y for index, y in self._scroll.visible(self.size.height) if index == self.cursor), 0)
        row += self._blocks.above(self.cursor) if self.window.events else 0
        self._blocks.density = density
        self._grow()
        self._scroll.anchor(self.cursor, row)
        self._replan(moved=False)

    def move_to(self, index: int) -> None:
        """Put the cursor on an event of the window, scrolling no more than needed."""
        target = min(max(index, 0), len(self.window) - 1)
        if not self.window.events or target == self.cursor:
            self._call_for_more()
            return
        if abs(target - self.cursor) > 2 * max(self.size.height, 1):
            self._scroll.anchor(target, 1)
        by, self.cursor = target - self.cursor, target
        self._replan(moved=True)
        self.call_after_refresh(self._make_ahead, by)

    def on_resize(self) -> None:
        self._grow()
        self.call_after_refresh(self._replan, moved=False)  # a taller deck has more to show, and may need more events

    def action_move(self, by: int) -> None:
        self.move_to(self.cursor + by)

    def action_page(self, by: int) -> None:
        self.move_to(self.cursor + by * max(self._scroll.whole_cards(self.size.height) - 1, 1))

    def action_half_page(self, by: int) -> None:
        self.move_to(self.cursor + by * max(self._scroll.whole_cards(self.size.height) // 2, 1))

    def action_home(self) -> None:
        if self.window.has_newer:
            self.post_message(self.LeftWindow(Direction.NEWER))
        else:
            self.move_to(0)

    def action_end(self) -> None:
        if self.window.has_older:
            self.post_message(self.LeftWindow(Direction.OLDER))
        else:
            self.move_to(len(self.window) - 1)

    def action_open(self) -> None:
        if self.current is not None:
            self.post_message(self.Opened(self.current))

    def action_density(self) -> None:
        self.change_density(self.density.next)

    def on_click(self, event: events.Click) -> None:
        card = event.widget
        if isinstance(card, EventCard) and card.event is not None:
            index = self.window.index_of(card.event.id)
            if index == self.cursor:
                self.action_open()
            elif index is not None:
                self.move_to(index)

    def on_mouse_scroll_down(self) -> None:
        self.action_move(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_move(-1)

    def place(self, size: Size) -> ArrangeResult:
        """The placements of everything visible in a deck of this size; called by the layout."""
        if size != self._planned_for:
            self._placements = self._plan(size)
            self._planned_for = size
        return self._placements

    def _replan(self, *, moved: bool) -> None:
        """Bind cards to what is visible now, within the frame of the layout; that only if anything has to move."""
        before, self._placements = self._placements, self._plan(self.size)
        self._planned_for = self.size
        if self._placements != before:
            # A child's request clears this widget's own arrangement, and goes no further up.
            self._pinned.refresh(layout=True)
        if moved and self.current is not None:
            self.post_message(self.Moved(self.current, self.cursor))
        self.call_after_refresh(self._call_for_more)  # a question's thread would take its turns from the frame's

    def _plan(self, size: Size) -> list[WidgetPlacement]:
        if not size.height or not size.width or not self.window.events:
            return []
        self._blocks.width = size.width
        self._scroll.settle(self.cursor, size.height)
        placements: list[WidgetPlacement] = []
        headings = iter(self._headings)
        visible = self._scroll.visible(size.height)
        self._release({self.window.events[index].id for index, _ in visible})
        today = self._today()
        for index, y in visible:
            happening = self.window.events[index]
            if self._blocks.above(index):
                heading = next(headings, None)
                if heading is not None:
                    heading.bind_day(self._blocks.day(index), today)
                    placements.append(_placed(heading, y, 1, size.width))
                y += 1
            rows = self._blocks.rows(index)
            card = self._bound.get(happening.id)
            if card is None:
                if not self._free:
                    break
                card = self._bound[happening.id] = self._free.pop()
            card.bind_event(happening, rows, index == self.cursor, shows_cursor=self._shows_cursor)
            placements.append(_placed(card, y, len(rows), size.width))
            if self.read_to is not None and self._blocks.is_read_to(index):
                self._read_rule.bind_moment(self.read_to.left_at)
                placements.append(_placed(self._read_rule, y + len(rows), 1, size.width))
        first, at = visible[0]
        if at < 0 or not self._blocks.above(first):
            begins = first if at + self._blocks.height(first) > 1 else first + 1
            self._pinned.bind_day(self._blocks.day(begins), today)
            placements.append(_placed(self._pinned, 0, 1, size.width, order=1))
        return placements

    def _make_ahead(self, by: int) -> None:
        """Make what one more step as long as the last would bring, now that nobody waits: a tenth of what a page takes."""
        seen = [index for index, _ in self._scroll.visible(self.size.height)]
        if not seen or abs(by) > len(seen):
            return
        first = seen[-1] + 1 if by > 0 else seen[0] + by
        for index in range(max(first, 0), min(first + abs(by), len(self.window))):
            prepare_card(self._blocks.rows(index), self.size.width, self.app.theme)

    def _call_for_more(self) -> None:
        ahead = _READ_AHEAD + len(self._placements)
        if self.window.has_older and len(self.window) - self.cursor < ahead:
            self.post_message(self.NearedEnd(Direction.OLDER))
        if self.window.has_newer and self.cursor < ahead:
            self.post_message(self.NearedEnd(Direction.NEWER))

    def _release(self, seen: set[UUID]) -> None:
        for event_id in [event_id for event_id in self._bound if event_id not in seen]:
            self._free.append(self._bound.pop(event_id))

    def _grow(self) -> None:
        """See that there are widgets for as many blocks as this height can show: the lowest decide."""
        needed = self.size.height // (self.density.least_rows + self.density.gap) + 2
        missing = needed - len(self._bound) - len(self._free)
        if missing > 0:
            self.mount(*self._more_widgets(missing))

    def _more_widgets(self, number: int) -> list[Widget]:
        cards = [EventCard() for _ in range(number)]
        headings = [DayHeading() for _ in range(number // 2 + 1)]
        self._free += cards
        self._headings += headings
        return [*cards, *headings]


def _placed(widget: Widget, y: int, height: int, width: int, order: int = 0) -> WidgetPlacement:
    return WidgetPlacement(Region(0, y, width, height), NULL_OFFSET, NULL_SPACING, widget, order)
