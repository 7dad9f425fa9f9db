"""What is read: the deck and where one is in it, the open card in its place, or a notice where there is nothing to read."""

from collections.abc import Callable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from data.answers import Direction, Page, Snapshot
from data.query import EventQuery
from data.records import Event, Json
from data.views import ReadingMark
from tui.deck.window import DeckWindow
from tui.glyphs import glyphs
from tui.keymap import Scope, bindings
from tui.presenters.detail import DetailKey
from tui.presenters.pieces import Role
from tui.presenters.values import count_text
from tui.reading.history import CardPlace, Place
from tui.reading.marks import Marks
from tui.reading.opening import Opening
from tui.widgets.deck_notice import DeckNotice
from tui.widgets.event_deck import EventDeck
from tui.widgets.event_detail import EventDetail
from tui.widgets.position_bar import PositionBar

# A card is about that many rows: enough to size the thumb by.
_ROWS_A_CARD = 4


class ReadingPane(Horizontal):
    """Shows one of the three, and keeps the focus with what is shown.

    Where there is room, the open card stands beside the deck, and shows the event under the deck's cursor.
    """

    BINDINGS = bindings(Scope.READING)

    def __init__(
        self,
        zone: ZoneInfo,
        today: Callable[[], date],
        as_json: Callable[[Event], Mapping[str, Json]],
        marks: Marks,
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._as_json = as_json
        self._total: int | None = None
        self._is_beside = False
        self._is_card_open = False
        self._stands_open = False
        self._deck = EventDeck(zone, today, marks, id="deck")
        self._detail = EventDetail(zone, id="detail")
        self._notice = DeckNotice(id="notice")
        self._position = PositionBar(id="position")
        self._detail.display = self._notice.display = False
        self._covered_by: Widget | None = None
        self._comes_into: CardPlace | None = None
        self._front: EventDeck | EventDetail | DeckNotice = self._deck

    def compose(self) -> ComposeResult:
        yield self._deck
        yield self._position
        yield self._detail
        yield self._notice

    @property
    def window(self) -> DeckWindow:
        """The events that are loaded."""
        return self._deck.window

    @property
    def current(self) -> Event | None:
        """The event under the cursor."""
        return self._deck.current

    @property
    def is_at_newest(self) -> bool:
        """Whether the cursor is on the newest event of the answer, and nothing but the deck is read."""
        is_deck_read = bool(self._deck.display) and not self._is_card_open and self._covered_by is None
        return is_deck_read and self._deck.cursor == 0 and not self.window.has_newer

    @property
    def detail(self) -> EventDetail:
        """The open card, also while it is closed."""
        return self._detail

    @property
    def row_key(self) -> DetailKey | None:
        """The row under the open card's cursor; None while the keys go elsewhere."""
        return self._detail.row_key if self.scope is Scope.CARD else None

    @property
    def is_card_open(self) -> bool:
        return self._is_card_open

    @property
    def scope(self) -> Scope:
        """What the keys mean while this has the focus."""
        scopes = {self._notice: Scope.NOTICE, self._detail: Scope.CARD, self._deck: Scope.DECK}
        return scopes[self._shown]

    def show_opening(self, opening: Opening) -> None:
        """Another answer, or another part of it."""
        window = DeckWindow(
            opening.events, offset=opening.offset, has_newer=opening.has_newer, has_older=opening.has_older
        )
        self._deck.show(window, opening.cursor)
        place, self._comes_into = self._comes_into, None
        if place is not None and opening.events:
            self._is_card_open = True
            self._detail.begin(place)
            self._show(self._detail)
        elif opening.events:
            self._show(self._detail if self.is_card_open and not self._is_beside else self._deck)
        self._show_position()
        if self.is_card_open:  # opened while this was on its way, on another event
            self._fill_card()

    def show_read_to(self, mark: ReadingMark | None) -> None:
        """Where the reader of a view stopped the last time; shown with the next opening."""
        self._deck.read_to = mark

    def show_more(self, page: Page, direction: Direction) -> None:
        """More of the same answer at one of its ends."""
        more = page.next is not None
        if not self.window.events and page.items:
            self._show_first(page, direction)
        elif direction is Direction.OLDER:
            self._deck.add_older(page.items, more=more)
        else:
            self._deck.add_newer(page.items[::-1], more=more)
        self._show_position()

    def _show_first(self, page: Page, direction: Direction) -> None:
        """The first events of an answer of which none was found until now."""
        window = self.window
        if direction is Direction.OLDER:
            window.add_older(page.items, more=page.next is not None)
        else:
            window.add_newer(page.items[::-1], more=page.next is not None)
        self._deck.show(window, 0 if direction is Direction.OLDER else len(window) - 1)
        self._show(self._deck)

    def show_total(self, total: int | None) -> None:
        """How many events the answer has; None while they are being counted."""
        self._total = total
        self._show_position()  # before the card, which says the number
        if self.is_card_open:
            self._fill_card()

    def place(self, snapshot: Snapshot | None) -> Place | None:
        """Where one stands; None at the very beginning, where one comes anyway."""
        current, offset = self._deck.current, self._deck.window.offset
        card = self._detail.place if self.is_card_open and self._front is self._detail else None
        if current is None or snapshot is None or (offset == 0 and self._deck.cursor == 0 and card is None):
            return None
        return Place(current.id, self._index, snapshot, card)

    def come_into(self, place: CardPlace | None) -> None:
        """With the next opening, open the card that it stands on, at this place; with None, leave it."""
        self._comes_into = place

    def step(self, by: int) -> bool:
        """Go to the next event or the one before, the card open or not; whether there is one."""
        before = self._deck.cursor
        self._deck.move_to(before + by)
        if self.is_card_open:
            self._fill_card()
        return self._deck.cursor != before

    def put_beside(self, is_beside: bool) -> None:
        """Whether there is room for the open card beside the deck."""
        if is_beside != self._is_beside:
            self._is_beside = is_beside
            self.set_class(is_beside, "-beside")
            self._detail.background_role = "panel" if is_beside else "background"
            if self.is_card_open:
                self._show(self._detail)

    def show_changed(self, event: Event) -> None:
        """What is known of an event has changed, be it only what is left of it."""
        self._deck.show_changed(event)
        if self.is_card_open:
            self._fill_card()

    def show_marks(self) -> None:
        """The person has marked an event, or taken marks away."""
        self._deck.show_marks()

    def show_gone(self, ids: frozenset[str]) -> None:
        """These clients were deleted: no card leads to them."""
        self._deck.show_gone(ids)
        self._detail.show_gone(ids)

    def close_card(self) -> None:
        """Back to the deck."""
        if self.is_card_open:
            self._is_card_open = False
            self._show(self._deck)

    def leave_card(self) -> None:
        """Back to the deck; where there is room, the card stays beside it."""
        if self._is_beside and self._front is self._detail:
            self._show(self._deck)
        elif not self._is_beside:
            self.close_card()
        self._stands_open = self._is_card_open

    def go_back(self) -> bool:
        """One level back: from a card beside the deck to the deck, then to the deck alone; whether there was one."""
        if not self.is_card_open:
            return False
        if self._is_beside and self._detail.has_focus:
            self._show(self._deck)
        else:
            self.close_card()
        return True

    def say(self, headline: str, *lines: str, failed: bool = False) -> None:
        """Say this where the cards would be.

        A card that was opened on another answer, while this one was on its way, is closed by that: it would open again
        by itself, on an event that nobody has chosen.
        """
        self._is_card_open = self._is_card_open and self._stands_open
        self._notice.say(headline, *lines, role=Role.FAILURE if failed else Role.TITLE)
        self._show(self._notice)

    def say_way(self, query: EventQuery, *lines: str) -> None:
        """Say this below it: how to come to the query, to which a key leads now."""
        self._notice.add_way(query, *lines)

    def give_place_to(self, widget: Widget | None) -> None:
        """Let another widget have this one's place, and the focus wherever this one is given it; None ends that."""
        had_focus = self.screen.focused in (self._covered_by, self._deck, self._detail, self._notice)
        self._covered_by = widget
        self.display = widget is None
        if had_focus:
            self.take_focus()

    def show_cursor(self, shown: bool) -> None:
        """Whether the deck draws its cursor, or another pane has one."""
        self._deck.show_cursor(shown)

    def take_focus(self) -> None:
        """Give the focus to what is shown."""
        # At once: `Widget.focus` sets it later, when something else may be shown, and a hidden widget would have the keys.
        self.screen.set_focus(self._covered_by or self._shown)

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        if self._is_beside and self._front is not self._notice:  # by a click, for one
            self._front = self._detail if self._detail.has_focus else self._deck

    @on(EventDeck.Opened)
    def _open_card(self) -> None:
        was_open = self.is_card_open
        if not was_open:
            self._is_card_open = True
            self._detail.begin()
            self._fill_card()
        # Beside the deck, a card that has just been opened follows the cursor; another enter goes into it.
        self._show(self._deck if self._is_beside and not was_open else self._detail)

    @on(EventDeck.Moved)
    def _follow_cursor(self) -> None:
        self._show_position()
        if self._is_beside and self.is_card_open:
            self._fill_card()

    def _show_position(self) -> None:
        window = self.window
        if window.offset is None and self._total is not None and not window.has_older:
            window.offset = max(self._total - len(window), 0)  # read from the oldest event on: counted from that end
        self._position.show(self._index, self._total, max(self.size.height // _ROWS_A_CARD, 1))

    @property
    def _index(self) -> int | None:
        """How many newer events the answer has; None while that is not known."""
        return None if self.window.offset is None else self.window.offset + self._deck.cursor

    @property
    def _shown(self) -> EventDeck | EventDetail | DeckNotice:
        return self._front

    def _show(self, widget: EventDeck | EventDetail | DeckNotice) -> None:
        """Bring this to the front, where the keys go; a card beside the deck stays open with it."""
        had_focus = self.screen.focused in (self._deck, self._detail, self._notice)
        is_pair = self._is_beside and self._is_card_open and widget is not self._notice
        self._front = widget
        for one in (self._deck, self._detail, self._notice):
            one.display = one is widget or (is_pair and one is not self._notice)
        self._position.display = self._deck.display
        if had_focus:
            self.take_focus()

    def _fill_card(self) -> None:
        current = self._deck.current
        if current is not None:
            number = glyphs().pending if self._index is None else count_text(self._index + 1)
            total = glyphs().pending if self._total is None else count_text(self._total)
            self._detail.show(current, self._as_json(current), f"{number} of {total}")
