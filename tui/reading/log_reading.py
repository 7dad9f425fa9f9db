"""Reading the log: the query, its answer and its counts as they come in, and what to do when the database goes away.

Holds the state of a log's screen without any widget; a `LogView` shows it.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from data.answers import Dimension, Direction, Facet, Page, Snapshot, Tally
from data.errors import AuditdeckError, DatabaseUnavailable, QueryError
from data.query import Clause, EventQuery, parse_query, print_query
from data.query.pausing import Filtering
from tui.first_answer import FirstAnswer
from tui.jobs import Jobs
from tui.reading.arrivals import Arrivals
from tui.reading.connection import Connection
from tui.reading.history import Place, QueryHistory, Step
from tui.reading.log_view import LogView
from tui.reading.narrowing import Narrowing
from tui.reading.opening import Loosening, Opening
from tui.reading.questions import ARRIVED, FACETS, LOOSEN, NARROW, NEWER, OLDER, OPEN, TALLY, LogQuestions
from tui.reading.search import Search
from tui.reading.searching import Searching

if TYPE_CHECKING:
    from data.services.event_log import EventLog

_LOG = logging.getLogger("auditdeck.reading")


class LogReading:
    """One person's reading of the log."""

    def __init__(
        self,
        jobs: Jobs,
        log: Callable[[], "EventLog"],
        view: LogView,
        query: EventQuery,
        offered: EventQuery | None = None,
        dimensions: Collection[Dimension] = tuple(Dimension),
        first_answer: FirstAnswer | None = None,
    ) -> None:
        """`query` is read first; redo goes to the one that is offered. `dimensions` are counted; `first_answer` answers once."""
        self._dimensions = dimensions
        self._questions = LogQuestions(jobs, log, self._failed, first_answer)
        self._jobs = jobs
        self._view = view
        self._history = QueryHistory(query)
        if offered is not None:
            self._history.offer(offered)
        self._connection = Connection()
        self.is_answered = False
        """Whether the first events of the query are here; before, what is shown is an older query's, or nothing."""
        self.snapshot: Snapshot | None = None
        self.tally: Tally | None = None
        self.facets: dict[Dimension, Facet] = {}
        self.older_facets: dict[Dimension, Facet] = {}
        """What was counted for an older query: names to show while the counts are pending."""
        self.arrivals = Arrivals(self, jobs, self._questions, view, self._found, self._opened)
        self._end_wanted: Direction | None = None
        self.searching = Searching(self._go_on, view.end)
        """What is looked for beyond the events that are shown."""
        self._is_count_due = False
        self.narrowing: Narrowing | None = None  # the dimension whose values are looked through, if any

    @property
    def query(self) -> EventQuery:
        """The query that is being read."""
        return self._history.current.query

    @property
    def here(self) -> Step:
        """The query with what is paused beside it, and where one stands in its answer."""
        current = self._history.current
        return replace(current, place=self._view.place()) if self.is_answered else current

    @property
    def has_earlier_step(self) -> bool:
        """Whether there is something to undo."""
        return self._history.has_earlier

    @property
    def paused(self) -> tuple[Clause, ...]:
        """The conditions that are kept beside the query without being applied."""
        return self._history.current.paused

    @property
    def is_lost(self) -> bool:
        """Whether there is no connection now."""
        return self._connection.is_lost

    @property
    def is_opening(self) -> bool:
        """Whether the first events of the query are still on their way."""
        return self._jobs.is_asking(OPEN)

    def start(self) -> None:
        """Ask the query that is current, where one stood in it."""
        self._open(self._history.current)

    def ask(self, query: EventQuery, place: Place | None = None, *, paused: tuple[Clause, ...] | None = None) -> None:
        """Go on to another query, to `place` in its answer (None: to the start); asking the same one again is a refresh.

        Only what can be written can be asked. What is paused stays so, as far as the query does not say it itself,
        unless `paused` says what is paused now.
        """
        filtering = Filtering(query, self.paused if paused is None else paused)
        try:
            parse_query(print_query(query))
        except QueryError as error:
            self._view.show_refusal(error)
            return
        self._leave()
        self._history.push(filtering.query, filtering.paused)
        self._history.leave(place)
        self.start()

    def step(self, by: int) -> bool:
        """Undo (-1) or redo (+1); whether there was something."""
        self._leave()
        step = self._history.step(by)
        if step is not None:
            self._open(step)
        return step is not None

    def refresh(self) -> None:
        """Ask again: what is committed now, from the newest on."""
        self._history.leave(None)
        self.start()

    def follow(self) -> bool:
        """Let what is new flow in, or wait again; which of them it is now."""
        self.arrivals.is_following = not self.arrivals.is_following
        self._view.show_following()
        if self.arrivals.is_following:
            self.refresh()
        return self.arrivals.is_following

    def go_to(self, direction: Direction) -> None:
        """The newest or the oldest events of the answer; without a connection, as soon as there is one."""
        if self.snapshot is not None and self.is_answered:
            self._end_wanted = direction
            self.searching.clear()
            self._look_at_end(self.snapshot, direction, None)

    def more(self, end: UUID, direction: Direction) -> None:
        """The events of the answer that lie beyond this one in this direction."""
        if self.snapshot is not None and self.is_answered and not self.is_lost and not self.is_opening:
            self.searching.want(end, direction)

    def go_on(self) -> bool:
        """Go on with a search that was ended; whether there is one."""
        was_stopped = self.searching.go_on()
        self._view.show_searching()
        return was_stopped

    def narrow(self, dimension: Dimension | None, text: str) -> None:
        """Look through the values of a dimension for a text; through none, with None."""
        now = self.narrowing
        if dimension is None:
            self._jobs.drop(NARROW)
            self.narrowing = None
        elif now is None or now.dimension is not dimension:
            self.narrowing = Narrowing(dimension, text)
        else:
            self.narrowing = now.typed(text)
        self._look_for_values()
        self._view.show_counts()

    def see_what_arrived(self) -> None:
        """Something may have arrived; not while there is no connection, which `retry` looks after."""
        if not self.is_lost:
            self.arrivals.ask()

    def retry(self) -> None:
        """Try again after the connection was lost."""
        if self.is_answered:
            self.arrivals.ask()
        else:
            self.start()

    def loosen(self, then: Callable[[tuple[Loosening, ...]], None]) -> None:
        """What would bring events: each condition left out, or asked for more widely."""
        if self.snapshot is not None:
            self._questions.loosen(self.query, self.snapshot, then)

    def cancel(self) -> bool:
        """Call off what runs; whether anything did. A search can be gone on with; looking for a connection goes on."""
        if self.is_lost:
            return False
        was_counting, was_running = self._questions.is_counting, self._questions.call_off()
        self._give_up_values()
        if self._end_wanted is None:
            self.searching.stop()
        else:  # the cards are not those of the end that was looked for
            self.searching.clear()
            self._end_wanted = None
        if self.is_answered:
            self._view.show_searching(is_uncounted=was_counting)
        elif was_running:
            self._view.show_called_off()
        return was_running

    def recount_buckets(self) -> None:
        """Count the histogram anew, for another width; if it is not due later anyway."""
        if not self._is_count_due:
            self._count_tally()

    def _leave(self) -> None:
        """Remember where one stands in the answer, if there is one: in another query's answer it would mean nothing."""
        if self.is_answered:
            self._view.leave()
            self._history.leave(self._view.place())

    def _open(self, step: Step) -> None:
        self._jobs.drop(TALLY, FACETS, NARROW, ARRIVED, LOOSEN)
        self._jobs.forget_refusals()
        self.searching.clear()
        if self.narrowing is not None:
            self.narrowing = self.narrowing.asked_anew()
        self.older_facets = {**self.older_facets, **self.facets}
        self.tally, self.facets, self.is_answered = None, {}, False
        self.arrivals.forget()
        self._view.show_question(step)
        self._questions.open_answer(step.query, step.place, self._opened)

    def _opened(self, opening: Opening) -> None:
        is_new = opening.snapshot != self.snapshot or self.tally is None
        self.snapshot, self.is_answered, self._end_wanted = opening.snapshot, True, None
        self._found()
        self._view.show_opening(opening)
        self.searching.begin(opening.searches)
        self._view.show_searching()
        if is_new:
            self._is_count_due = True
            self._count_what_is_due()
            self._look_for_values()
        self.arrivals.ask_what_else()

    def _look_at_end(self, snapshot: Snapshot, direction: Direction, reached: UUID | None) -> None:
        self._questions.open_end(self.query, snapshot, direction, reached, partial(self._at_end, direction))

    def _at_end(self, direction: Direction, opening: Opening) -> None:
        if opening.events or not opening.searches:
            self._opened(opening)
            return
        (search,) = opening.searches  # the cards that are there stay until something was found
        self._found()
        self.searching.show(search)
        self._view.show_searching()
        self._look_at_end(opening.snapshot, direction, search.reached)

    def _go_on(self, search: Search) -> None:
        assert self.snapshot is not None, "nothing lies beyond an answer that is not there"
        self._questions.go_on(self.query, self.snapshot, search, lambda page: self._got_more(page, search.direction))

    def _got_more(self, page: Page, direction: Direction) -> None:
        if self.searching.belongs(direction):
            self._view.show_more(page, direction)
            self.searching.found(page, direction)
        else:
            self.searching.drop(direction)
        self._found()
        self._view.show_searching()
        self._count_what_is_due()

    def _count_what_is_due(self) -> None:
        """Count, but not beside a search of the first events: counts look into the same events, and each would wait longer."""
        if self._is_count_due and not self.searching.shown:
            self._is_count_due = False
            self._count_tally()
            self._count_facets(again=True)

    def _count_tally(self) -> None:
        if self.snapshot is not None and self.is_answered:
            self._questions.tally(self.query, self.snapshot, self._view.most_buckets(), self._tallied)

    def _count_facets(self, *, again: bool = False) -> None:
        missing = [dimension for dimension in self._dimensions if again or dimension not in self.facets]
        if self.snapshot is not None and self.is_answered and missing:
            self._questions.facets(self.query, self.snapshot, missing, self._beside(), self._counted)

    def _look_for_values(self) -> None:
        if self.narrowing is not None and self.snapshot is not None and self.is_answered:
            self._questions.narrow(self.query, self.snapshot, self.narrowing, self._beside(), self._found_values)

    def _give_up_values(self) -> None:
        if self.narrowing is not None:
            self.narrowing = self.narrowing.given_up()
            self._view.show_counts()

    def _beside(self) -> tuple[Clause, ...]:
        """What has to be counted though the query does not name it: what is paused, and where the cursor stands."""
        stands_on = self._view.stands_on()
        return self.paused if stands_on is None else (*self.paused, stands_on)

    def _tallied(self, tally: Tally) -> None:
        self.tally = tally
        self._found()
        self._view.show_counts()

    def _counted(self, facets: tuple[Facet, ...]) -> None:
        self.facets.update({facet.dimension: facet for facet in facets})
        self._found()
        self._view.show_counts()

    def _found_values(self, facet: Facet) -> None:
        if self.narrowing is not None:
            self.narrowing = self.narrowing.answered(facet)
        self._found()
        self._view.show_counts()

    def _failed(self, topic: str, error: AuditdeckError) -> None:
        if isinstance(error, DatabaseUnavailable):
            _LOG.warning("no connection: %s", error)
            self._view.show_lost(error, self._connection.lose(topic))
            return
        if topic == NARROW or not self.is_answered:
            self._give_up_values()
        if topic in (OLDER, NEWER):
            self.searching.stop(Direction.OLDER if topic == OLDER else Direction.NEWER)
            self._view.show_searching()
        if topic == OPEN:
            self._view.show_failure(error)
        else:
            self._view.show_trouble(error)

    def _found(self) -> None:
        if not self._connection.is_lost:
            return
        _LOG.info("connected again")
        unanswered = self._connection.find()
        self._view.show_found()
        if not self.is_answered and not self.is_opening:
            self.start()
        elif self._end_wanted is not None and not self.is_opening:
            self.go_to(self._end_wanted)
        elif self.is_answered and unanswered & {OPEN, OLDER, NEWER}:
            self.searching.ask_again(self._questions.is_searching)
        if TALLY in unanswered:
            self._count_tally()
        if FACETS in unanswered:
            self._count_facets()
        if NARROW in unanswered:
            self._look_for_values()
