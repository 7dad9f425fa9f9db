"""A log of events: the deck beside its filters, the open card, and what the keys do there."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from data.clock import to_microseconds
from data.errors import QueryError
from data.query import Clause, EventQuery, Key, parse_query, print_query
from data.query.editing import Way, applied, cleared, with_time_in_common
from data.query.model import Span
from data.records import Log
from tui.jobs import Jobs
from tui.keymap import Scope, bindings, key_of
from tui.presenters.choices import date_choices
from tui.presenters.greeting import Greeting
from tui.presenters.histogram import bar_cells
from tui.presenters.pieces import Role
from tui.presenters.query_hint import hint_for
from tui.reading.history import Place
from tui.screens.event_log.copying import Copying
from tui.screens.event_log.display import NARROW, LogDisplay
from tui.screens.event_log.event_keys import EventKeys
from tui.screens.event_log.histogram_keys import HistogramKeys
from tui.screens.event_log.mark_keys import MarkKeys
from tui.screens.event_log.pane_keys import PaneKeys
from tui.screens.event_log.sheet import Sheet
from tui.twice_to_quit import TwiceToQuit
from tui.why_asking import WhyAsking
from tui.widgets.deck_notice import DeckNotice
from tui.widgets.event_deck import EventDeck
from tui.widgets.filter_sidebar import FilterSidebar
from tui.widgets.log_banners import log_banners
from tui.widgets.prompts import Prompts
from tui.widgets.query_bar import QueryBar
from tui.workplace import Workplace

if TYPE_CHECKING:
    from data.services.event_log import EventLog

LOW = 22
# From this width on the open card stands beside the deck.
WIDE = 160

# A line that drops loses no more of the place in a view than was read in so many seconds.
_KEEP_S = 30.0


class EventLogScreen(PaneKeys, HistogramKeys, MarkKeys, EventKeys):
    """Where a reviewer lives. The state is the reading's; this shows it and passes on what the keys ask for.

    What one of the logs has beyond the other is its own screen's.
    """

    AUTO_FOCUS = "#deck"
    CSS_PATH = Path(__file__).parents[2] / "styles" / "event_log.tcss"  # the same for screens of other folders
    BINDINGS = bindings(Scope.EVERYWHERE)

    def __init__(
        self,
        workplace: Workplace,
        log: Callable[[], "EventLog"],
        query: EventQuery,
        *,
        offered: EventQuery | None = None,
        greeting: Greeting | None = None,
    ) -> None:
        """`offered` is what redo goes to first; `greeting` stands on the last row until the first key."""
        super().__init__()
        self._greeting = greeting
        self._workplace = workplace
        self._zone = workplace.zone
        self._clock = workplace.clock
        self._copying = Copying(self, workplace.navigation.is_turned_away)
        self._jobs = Jobs(self)
        self._display = LogDisplay(self, self._jobs, workplace, self.kind, log, query, offered)
        self.reading = self._display.reading
        self.title_bar = self._display.title
        self._sidebar = self._display.sidebar
        self._query_bar = self._display.query_bar
        self._histogram = self._display.histogram
        self._pane = self._display.pane
        self._keys = self._display.keys
        self._prompts = Prompts(self._keys, self._pane.take_focus)
        self._asking_why = WhyAsking(
            self._jobs, workplace.log, self._prompts, workplace.navigation, self._keys.show_notice
        )
        self._quitting = TwiceToQuit(self, self._keys)

    def compose(self) -> ComposeResult:
        yield self._display.title
        yield from (self._display.banner, *log_banners(self._zone), self._display.recorder.banner)
        with Horizontal(id="body"):
            yield self._sidebar
            with Vertical(id="main"):
                yield self._query_bar
                yield self._histogram
                yield from self.rows_above_cards()
                yield self._pane
                yield from (sheet.pane for sheet in self._display.sheets)
                yield self._display.search_row
        yield self._prompts

    def rows_above_cards(self) -> Iterable[Widget]:
        """What else stands between the histogram and the cards."""
        return ()

    def on_mount(self) -> None:
        self.reading.start()
        if self._greeting is not None:
            self._keys.show_notice(*self._greeting.texts, role=self._greeting.role)
        self.set_interval(_KEEP_S, self._display.keep_on_the_way)

    def on_unmount(self) -> None:
        self._display.recorder.leave()
        self._jobs.close()

    def on_resize(self, event: events.Resize) -> None:
        was = self._histogram.size.width
        self.set_class(event.size.width < NARROW, "-narrow")
        self.set_class(event.size.height < LOW, "-low")
        self._display.show_paused()
        self._pane.put_beside(event.size.width >= WIDE)
        if was and bar_cells(was) != self._display.most_buckets():
            self.call_after_refresh(self.reading.recount_buckets)

    @property
    def is_asking(self) -> bool:
        """Whether any question waits for its answer."""
        return self._jobs.is_asking()

    @on(Jobs.Answered)
    def _deliver(self, message: Jobs.Answered) -> None:
        self._jobs.deliver(message)

    # Keys.

    @on(QueryBar.BoxWanted)
    def action_find(self) -> None:
        if self._query_bar.is_editing:
            self._query_bar.take_focus()
        elif self._scope() is Scope.CARD:
            self.find_in_card()
        else:
            self._open_box(print_query(self.reading.query) + " ")  # what is typed next is another condition

    def action_undo(self) -> None:
        if not self.reading.step(-1):
            self._keys.show_notice("Nothing to undo.")

    def action_redo(self) -> None:
        if not self.reading.step(1):
            self._keys.show_notice("Nothing to redo.")

    def action_refresh_log(self) -> None:
        if self.reading.is_lost:
            self.reading.retry()
        elif not self.reading.go_on():
            self.reading.refresh()

    @on(QueryBar.NewWanted)
    def action_show_new(self) -> None:
        self.reading.refresh()

    def action_clear(self) -> None:
        self.reading.ask(cleared(self.reading.query), paused=())

    def action_cancel(self) -> None:
        if self.reading.cancel():
            for sheet in self._display.sheets:
                sheet.called_off()
            if not self.reading.searching.shown:  # else it is said where the search was told of
                self._keys.show_notice(f"Called off. {key_of('log.refresh')} asks again.")
        else:
            self._keys.show_notice(self._what_goes_on() or f"Nothing runs. {key_of('app.quit')} quits.")

    def action_back(self) -> None:
        if not self._go_back() and not self._workplace.navigation.go_back() and self.reading.has_earlier_step:
            self._keys.show_notice(f"This is the deck; {key_of('log.undo')} goes back to the query before.")

    async def action_leave(self) -> None:
        if self._go_back() or self._workplace.navigation.go_back():
            return
        await self._quitting.ask()

    def action_dates(self) -> None:
        self._prompts.ask("Dates", date_choices(self._clock(), self._zone), self._take_dates)

    def action_why_by_pasting(self) -> None:
        self._asking_why.begin()

    # What the widgets say.

    @on(EventDeck.Moved)
    def _moved(self, message: EventDeck.Moved) -> None:
        self._histogram.mark(to_microseconds(message.event.occurred_at))
        self._display.saw(message.event)

    @on(EventDeck.Opened)
    def _card_opened(self) -> None:
        self._display.recorder.opened_card()

    @on(EventDeck.NearedEnd)
    def _neared_end(self, message: EventDeck.NearedEnd) -> None:
        end = self._pane.window.edge(message.direction)
        if end is not None:
            self.reading.more(end, message.direction)

    @on(EventDeck.LeftWindow)
    def _left_window(self, message: EventDeck.LeftWindow) -> None:
        self.reading.go_to(message.direction)

    @on(DeckNotice.Followed)
    def _go_where_it_leads(self, message: DeckNotice.Followed) -> None:
        self.reading.ask(message.query)
        self._keys.show_notice(f"{key_of('log.undo')} goes back to the query before.")

    @on(FilterSidebar.Changed)
    def _filters_changed(self, message: FilterSidebar.Changed) -> None:
        self.reading.ask(message.filtering.query, paused=message.filtering.paused)
        if message.done:
            self._leave_sidebar()

    @on(FilterSidebar.Narrowed)
    def _narrowed(self, message: FilterSidebar.Narrowed) -> None:
        self.reading.narrow(message.dimension, message.text)

    @on(FilterSidebar.Told)
    def _told(self, message: FilterSidebar.Told) -> None:
        self._keys.tell(message.text, Role.TEXT if message.is_name else Role.DENIED)

    @on(QueryBar.Edited)
    def _edited(self, message: QueryBar.Edited) -> None:
        hint = hint_for(message.text, self._clock(), self._zone)
        if hint.error is None:
            self._histogram.hint(*hint.texts)
        else:
            points_at = self._query_bar.column_of(hint.error)
            self._histogram.hint(*hint.texts, role=Role.FAILURE, points_at=points_at)

    @on(QueryBar.Submitted)
    def _submitted(self, message: QueryBar.Submitted) -> None:
        try:
            query = parse_query(message.text)
        except QueryError:
            self._query_bar.refuse()  # the hint already says what is wrong, and where
            return
        self._close_box()
        self.reading.ask(with_time_in_common(query, self._clock(), self._zone))

    @on(QueryBar.Abandoned)
    def _close_box(self) -> None:
        self._query_bar.close()
        self._histogram.hint()
        self._pane.take_focus()

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Give the focus to a widget; where that is out of sight since another window had the keys, to what is seen now."""
        if from_app_focus and widget is not None and not all(one.display for one in widget.ancestors_with_self):
            self._pane.take_focus()
        else:
            super().set_focus(widget, scroll_visible, from_app_focus)

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self._prompts.follow(self.focused)
        self._keys.show_scope(self._scope())
        is_elsewhere = self._sidebar.shows_cursor or self._histogram.has_focus or self._query_bar.is_editing
        self._pane.show_cursor(not is_elsewhere)
        if not self._sidebar.shows_cursor and not self._prompts.is_open:
            self.remove_class("-drawer")

    def on_key(self, event: events.Key) -> None:
        self._keys.clear_notice()  # before the key's own action, which may have another
        self._quitting.pressed(event)

    # The rest.

    def open_query(self, query: EventQuery, place: Place | None = None) -> None:
        """Read this query, as if it had been asked here; somebody comes with it from another screen."""
        self._give_way()
        self.reading.ask(query, place)

    def _give_way(self) -> None:
        """Let the deck have the focus, whatever had it when one went away."""
        if self._query_bar.is_editing:
            self._close_box()
        if self._sidebar.shows_cursor:
            self._leave_sidebar()
        self._pane.take_focus()

    def on_screen_resume(self) -> None:
        if self.reading.is_answered:  # while one is away, nothing is asked
            self.reading.see_what_arrived()

    def arrived(self, logs: frozenset[Log]) -> None:
        """Something may have arrived in these logs, while one is here."""
        if self.kind.log in logs:
            self.reading.see_what_arrived()

    def _what_goes_on(self) -> str | None:
        """What cannot be called off, said to whoever tries; None where there is nothing."""
        return None

    def _take_dates(self, clause: Clause | None) -> None:
        if clause is not None:
            self.reading.ask(applied(self.reading.query, clause, Way.ONLY))
        else:
            rest = EventQuery((*self.reading.query.without_times(), Clause(Key.DURING, (Span("today"),))))
            self._open_box(print_query(rest).removesuffix("today"))

    def _open_box(self, text: str) -> None:
        self._pane.leave_card()
        self._query_bar.edit(text)

    def _go_back(self) -> bool:
        """One level back; whether there was one."""
        if self._sidebar.shows_cursor:
            self._leave_sidebar()
        elif self._histogram.has_focus:
            self._pane.take_focus()
        elif self._open_sheet is not None:
            self._open_sheet.close()
        else:
            return self._pane.go_back()
        return True

    @property
    def _open_sheet(self) -> Sheet | None:
        return next((sheet for sheet in self._display.sheets if sheet.is_open), None)

    def _scope(self) -> Scope:
        if self._prompts.scope is not None:
            return self._prompts.scope
        if self._sidebar.shows_cursor:
            return self._sidebar.scope
        if self._histogram.has_focus:
            return Scope.HISTOGRAM
        sheet = self._open_sheet
        if sheet is not None and sheet.pane.has_focus:
            return sheet.scope
        return Scope.TEXT if self._query_bar.is_editing else self._pane.scope
