"""A log's screen as a reading's view: which widget says what, and when it is tried again."""

from collections.abc import Callable
from datetime import date
from math import ceil
from typing import TYPE_CHECKING
from uuid import UUID

from textual.screen import Screen

from data.answers import Direction, Page
from data.errors import AuditdeckError, QueryError
from data.permissions import Permission
from data.query import Clause, EventQuery, print_query, window_of
from data.query.pausing import Filtering
from data.records import Event, Log
from data.stop import Stop
from data.views import View
from tui.jobs import Jobs
from tui.keymap import key_of
from tui.presenters.histogram import bar_cells
from tui.presenters.log_kind import LogKind
from tui.presenters.pieces import Role
from tui.presenters.searching import searching_notice
from tui.presenters.sidebar_state import SidebarState
from tui.presenters.values import moment_text
from tui.reading.history import Place, Step
from tui.reading.log_reading import LogReading
from tui.reading.marks import Marks
from tui.reading.opening import Opening
from tui.reading.views import ViewReading
from tui.reading_recorder import ReadingRecorder
from tui.restartable_timer import RestartableTimer
from tui.screens.event_log.beyond import Beyond
from tui.screens.event_log.patience import Patience
from tui.screens.event_log.sheet import Sheet
from tui.widgets.banner import Banner
from tui.widgets.filter_sidebar import FilterSidebar
from tui.widgets.histogram_bar import HistogramBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.query_bar import QueryBar
from tui.widgets.reading_pane import ReadingPane
from tui.widgets.search_row import SearchRow
from tui.widgets.title_bar import TitleBar
from tui.workplace import Workplace

if TYPE_CHECKING:
    from data.services.event_log import EventLog

# From this width on the sidebar stands beside the deck, with one cell between them.
NARROW = 100
_SIDEBAR_AND_GAP = 29
# A database that does not answer must not keep anybody from quitting.
_LAST_WAIT_S = 2.0
_SECOND_S = 1.0
_GONE = "deleted clients"
# So soon what has waited flows in for whoever comes back to the newest.
_FLOW_S = 0.5


class LogDisplay:
    """The widgets that show a `LogReading`. The screen lays them out; this fills them."""

    def __init__(
        self,
        screen: Screen[None],
        jobs: Jobs,
        workplace: Workplace,
        kind: LogKind,
        log: Callable[[], "EventLog"],
        query: EventQuery,
        offered: EventQuery | None = None,
    ) -> None:
        """`log` is the one of this kind. `offered` is what redo goes to first."""
        zone = workplace.zone
        self._screen = screen
        self._jobs = jobs
        self._log = workplace.log
        self._new = 0
        self._kind = kind
        self._zone = zone
        self._clock = workplace.clock
        self._retry, self._flow = RestartableTimer(screen), RestartableTimer(screen)
        self._patience = Patience(screen, self._is_waiting, self._say_looking)
        first = workplace.first_answer if kind.log is Log.CHANGES else None
        self._first_answer = first
        self.reading = LogReading(jobs, log, self, query, offered, kind.sidebar.dimensions, first)
        self.title = TitleBar(workplace.database, str(zone), kind.screen)
        self.banner = Banner()
        self.sidebar = FilterSidebar(kind.sidebar, id="sidebar")
        self.query_bar = QueryBar(kind.noun)
        self.histogram = HistogramBar(zone, kind.noun)
        self.keys = KeyBar(kind.lacks)
        self.recorder = ReadingRecorder(screen, jobs, workplace.log, kind.log, workplace.recording)
        self.views = ViewReading(jobs, workplace.log, workplace.clock)
        self._is_taking_up = False
        self._was_searching = False
        self.marks = Marks()
        self.pane = ReadingPane(zone, self._today, workplace.as_json, self.marks, id="reading")
        self.search_row = SearchRow()
        self.beyond = Beyond(self.reading, self.pane, self.search_row, kind, zone, workplace.clock)
        """What is said where the answer ends."""
        self.sheets: list[Sheet] = []
        """What may take the cards' place, one of them at a time."""

    def show_question(self, step: Step) -> None:
        self._is_taking_up = step.place is not None and step.place.snapshot is None
        self.recorder.asked(step.query)
        self.views.asks(step.query)
        self.show_view()
        self.query_bar.show(print_query(step.query))
        self.query_bar.show_new(0)
        self.search_row.show()
        self._was_searching = False
        self.pane.leave_card()
        self.pane.come_into(None if step.place is None else step.place.card)
        for sheet in self.sheets:
            sheet.asked(step.query)
        self.show_counts()
        self._patience.begin()

    def show_opening(self, opening: Opening) -> None:
        self.show_found()
        view = self.views.current
        self.pane.show_read_to(None if view is None else view.mark)
        if self._is_taking_up:
            self._is_taking_up = False
            self._say_what_is_new(opening)
        self.pane.show_opening(opening)
        if self._first_answer is not None:
            self._screen.call_after_refresh(self._first_answer.shown.set)
        self.recorder.answered()
        self._look_for_gone()
        for sheet in self.sheets:
            sheet.answered(opening.snapshot)
        if not opening.events and not opening.searches:
            self.beyond.say_no_match()

    def _look_for_gone(self) -> None:
        """Nobody waits for it: where it cannot be known, cards are as before."""

        def question(_: Stop) -> frozenset[str]:
            may_know = self._log.may(Permission.CLIENTS_READ)
            return self._log().clients.deleted_ids() if may_know else frozenset()

        self._jobs.poll(_GONE, question, self.pane.show_gone, lambda _: None)

    def show_more(self, page: Page, direction: Direction) -> None:
        self.pane.show_more(page, direction)

    def show_searching(self, *, is_uncounted: bool = False) -> None:
        searches = self.reading.searching.shown
        is_running = self.reading.searching.is_running
        self.beyond.show_below_cards()
        if searches and not self.pane.window.events:
            self.pane.say(*searching_notice(searches, self._kind.noun, self._zone))
        elif self._was_searching and not self.pane.window.events:
            self.beyond.say_no_match()
        if is_running:
            self.title.show_state("searching", Role.MUTED)
        elif self._was_searching:
            self._show_state()
        if is_uncounted:
            self.title.show_state("not counted", Role.DENIED)
        self._was_searching = is_running

    def end(self, direction: Direction) -> UUID | None:
        return self.pane.window.end(direction)

    def show_counts(self) -> None:
        reading, now = self.reading, self._clock()
        total = None if reading.tally is None else reading.tally.count
        self.query_bar.show_count(total)
        if total is not None:
            self.recorder.counted(total)
        self.histogram.show(None if reading.tally is None else reading.tally.histogram)
        window = window_of(reading.query, now, self._zone)
        facets = {**reading.older_facets, **reading.facets}
        pending = facets.keys() - reading.facets.keys()
        filtering = Filtering(reading.query, reading.paused)
        self.sidebar.show(
            SidebarState(
                filtering,
                window,
                facets,
                pending,
                reading.narrowing,
                self._zone,
                now,
                live_since_us=self.beyond.live_since_us,
            )
        )
        self.beyond.show_below_cards()
        self.pane.show_total(total)
        self.show_paused()

    def show_paused(self) -> None:
        """Say beside the query what the filters say of it, where they are out of sight."""
        self.query_bar.show_paused(len(self.reading.paused) if self._screen.has_class("-narrow") else 0)

    def show_marks(self) -> None:
        """The person has marked an event, or taken marks away."""
        self.pane.show_marks()
        self.query_bar.show_marked(len(self.marks))

    def show_new(self, number: int) -> None:
        self.query_bar.show_new(number)
        if number > self._new:
            self._look_for_gone()  # what is new may be that one was deleted
        self._new = number
        if number:
            self._flow.start(_FLOW_S, self._let_in)

    def _let_in(self) -> None:
        if self.reading.arrivals.flow():
            self._flow.start(_FLOW_S, self._let_in)

    def show_failure(self, error: AuditdeckError) -> None:
        self.title.show_state("failed", Role.FAILURE)
        self._close_sheets()
        self.pane.say(
            "This could not be read",
            str(error),
            f"{key_of('log.refresh')} tries again{self.beyond.or_undo()}.",
            failed=True,
        )

    def show_called_off(self) -> None:
        self._close_sheets()
        self.title.show_state("called off", Role.DENIED)
        self.pane.say("Called off", f"{key_of('log.refresh')} asks again{self.beyond.or_undo()}.")

    def show_trouble(self, error: AuditdeckError) -> None:
        self.title.display = False
        self.banner.say(f"Not all could be counted; {key_of('log.refresh')} tries again. {error}")

    def show_refusal(self, error: QueryError) -> None:
        self.keys.show_notice(f"This cannot be asked. {error.problem}.")

    def show_lost(self, error: AuditdeckError, pause_s: int) -> None:
        self.title.display = False  # the banner takes its row: nothing below it moves
        if not self.reading.is_answered:
            now = f"It is tried again by itself; {key_of('log.refresh')} tries now."
            self.pane.say("No connection", str(error), now, failed=True)
        self._count_down(error, pause_s)

    def show_found(self) -> None:
        self._retry.stop()
        self.banner.clear()
        self.title.display = True
        self._show_state()
        for sheet in self.sheets:
            sheet.found()

    def take_up(self, view: View | None) -> None:
        """Read a view from where its reader stopped; without one, see what the view that is being read is called now."""
        if view is not None and view.query is not None:
            self.leave()
            self.reading.ask(view.query, self.views.take_up(view))
        self.show_view()

    def saved(self, view: View) -> None:
        """The query that is being read is a view now."""
        self.views.begin(view)
        self.show_view()

    def show_view(self) -> None:
        """Name the view that is being read."""
        view = self.views.current
        self.title.show_view(None if view is None else view.name)

    def saw(self, event: Event) -> None:
        """The cursor came to an event."""
        if self.reading.is_answered and event is self.pane.current:  # else it is another answer's
            self.views.saw(event)

    def leave(self) -> None:
        if self.reading.is_answered:
            self.views.stop_at(self.pane.current)
            self.views.keep()

    def keep_on_the_way(self) -> None:
        """Keep the place in a view while it is being read, as far as it has changed."""
        if self.reading.is_answered and not self.views.is_at(self.pane.current):
            self.leave()
        elif not self.reading.is_lost:
            self.views.keep()

    def leave_for_good(self, then: Callable[[], None]) -> None:
        """The console is being quit: `then` is called once the place in a view is kept, or after a moment."""
        if self.reading.is_answered:
            self.views.stop_at(self.pane.current)
        self._screen.set_timer(_LAST_WAIT_S, then)
        self.views.keep(then)

    def place(self) -> Place | None:
        return self.pane.place(self.reading.snapshot)

    def is_at_newest(self) -> bool:
        return self.pane.is_at_newest or (self.reading.is_answered and not self.pane.window.events)

    def show_following(self) -> None:
        self._show_state()

    def stands_on(self) -> Clause | None:
        return self.sidebar.stands_on

    def most_buckets(self) -> int:
        width = self._screen.size.width
        return bar_cells(width if width < NARROW else width - _SIDEBAR_AND_GAP)

    def _is_waiting(self) -> bool:
        # Going to an end of an answer is an opening too, and the cards that are there stay.
        return self.reading.is_opening and not self.reading.is_answered and not self.reading.is_lost

    def _say_looking(self, headline: str, way_out: str) -> None:
        self.title.show_state("looking", Role.MUTED)
        self.pane.say(headline, way_out)

    def _say_what_is_new(self, opening: Opening) -> None:
        view = self.views.current
        if view is None or view.mark is None or not opening.cursor:
            return
        mark = view.mark
        new = sum(event.id > mark.newest_id for event in opening.events)
        if new:
            more = "or more " if new == len(opening.events[: opening.cursor]) and opening.has_newer else ""
            since = moment_text(mark.left_at, self._zone)
            self.keys.show_notice(f"{new} {more}new since {since}; {key_of('move.home')} goes to the newest.")

    def _count_down(self, error: AuditdeckError, seconds: float) -> None:
        self._retry.stop()
        if seconds <= 0:
            self.banner.say(f"No connection; it is being tried. {error}")
            self.reading.retry()
            return
        refresh = key_of("log.refresh")
        self.banner.say(f"No connection; it is tried again in {ceil(seconds)} s, {refresh} tries now. {error}")
        step = min(_SECOND_S, seconds)
        self._retry.start(step, lambda: self._count_down(error, seconds - step))

    def _show_state(self) -> None:
        self.title.show_state("following" if self.reading.arrivals.is_following else "live", Role.AFTER)

    def _close_sheets(self) -> None:
        for sheet in self.sheets:
            sheet.close()

    def _today(self) -> date:
        return self._clock().astimezone(self._zone).date()
