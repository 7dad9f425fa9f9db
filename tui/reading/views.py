"""Reading a view: which one is being read, and where its reader stops.

A mark is a bookmark, and claims no more than was seen. It holds the event that the reader stood on when the view was
left, by going on to another query or by quitting, and the newest event of the view that the reader ever stood on. A deck
is read from the newest event down, so whoever takes the view up again is put on the event that was left, with the rule
below it: on from there is what was not read. Above it lies what was read on the way, and above that what has happened
since, which is counted as new until one has stood on the newest. A view that holds nothing as old as its mark any more,
as "yesterday" on the next day, opens at its newest event, and all of it is new.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from data.clock import Clock
from data.errors import AuditdeckError
from data.query import EventQuery
from data.records import Event
from data.views import ReadingMark, View
from tui.jobs import Jobs
from tui.reading.history import Place
from tui.reading.questions import LogOpener

MARK = "view marks"

_LOG = logging.getLogger("auditdeck.views")


class ViewReading:
    """The views that were taken up in this run. A view is being read while the query is exactly its own."""

    def __init__(self, jobs: Jobs, log: LogOpener, clock: Clock) -> None:
        self._jobs = jobs
        self._log = log
        self._clock = clock
        self._taken_up: dict[EventQuery, View] = {}
        self._last: View | None = None
        self._newest: UUID | None = None
        self._unkept: dict[UUID, ReadingMark] = {}
        self._query: EventQuery | None = None
        self.marks: dict[UUID, ReadingMark] = {}
        """Where views were left in this run, by their ids: newer than what a list from the database may say."""

    @property
    def current(self) -> View | None:
        """The view that is being read; its mark is where one stopped before it was taken up."""
        return None if self._query is None else self._taken_up.get(self._query)

    def asks(self, query: EventQuery) -> None:
        """This query is being read from now on."""
        if query != self._query:
            self._query, self._newest = query, None

    def take_up(self, view: View) -> Place | None:
        """A view is about to be read; where to begin, None for its newest event. Its query must be readable."""
        if view.query is None:
            raise ValueError(f"{view.name} cannot be asked")
        mark = self.marks.get(view.id, view.mark)
        self._last = self._taken_up[view.query] = replace(view, mark=mark)
        return None if mark is None else Place(mark.event_id, None, None)

    def begin(self, view: View) -> None:
        """The query that is being read was saved as this view."""
        if view.query is not None:
            self._last, self._taken_up[view.query] = view, view

    def update(self, views: Sequence[View]) -> None:
        """These are all views as they are now: names may have changed, and some be gone or ask something else."""
        now = {view.id: view for view in views}
        taken_up = {}
        for query, view in self._taken_up.items():
            if view.id in now and now[view.id].query == query:
                taken_up[query] = replace(now[view.id], mark=view.mark)
        self._taken_up = taken_up
        kept = {view.id for view in taken_up.values()}
        for marks in (self.marks, self._unkept):
            for view_id in marks.keys() - kept:
                del marks[view_id]

    @property
    def suggestion(self) -> str:
        """What a changed query may be saved as: the person's own view that was taken up last, or nothing."""
        return self._last.name if self._last is not None and self._last.is_own else ""

    def saw(self, event: Event) -> None:
        """The cursor is on this event of what is being read."""
        self._newest = event.id if self._newest is None else max(event.id, self._newest)

    def is_at(self, event: Event | None) -> bool:
        """Whether the mark of the view that is being read, if it is one, is on this event already."""
        view = self.current
        if view is None or event is None:
            return True
        mark = self.marks.get(view.id)
        return mark is not None and mark.event_id == event.id

    def stop_at(self, event: Event | None) -> None:
        """What is being read is left, while the cursor is on this event of it (None: it has none)."""
        view = self.current
        if view is None or event is None:
            return
        before = [mark.newest_id for mark in (view.mark, self.marks.get(view.id)) if mark is not None]
        newest = max(event.id, self._newest or event.id, *before)
        self.marks[view.id] = self._unkept[view.id] = ReadingMark(event.id, newest, self._clock())

    def keep(self, then: Callable[[], None] | None = None) -> None:
        """Put the marks that are not in the database yet there; `then` is called in any case, once they are or cannot be.

        What cannot be kept now is kept with the next mark.
        """
        after = then or (lambda: None)
        marks = dict(self._unkept)
        if not marks:
            after()
            return

        def kept(_: None) -> None:
            self._unkept = {view_id: mark for view_id, mark in self._unkept.items() if marks.get(view_id) != mark}
            after()

        def failed(error: AuditdeckError) -> None:
            _LOG.warning("the place in a view could not be kept: %s", error)
            after()

        if not self._jobs.poll(MARK, lambda _: self._log().views.mark(marks), kept, failed):
            after()
