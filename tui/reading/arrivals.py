"""What has arrived in the log since the answer that is read, and whether it flows in by itself."""

from collections.abc import Callable
from typing import Protocol

from data.answers import Snapshot
from data.query import EventQuery
from tui.jobs import Jobs
from tui.reading.log_view import LogView
from tui.reading.opening import Opening
from tui.reading.questions import ARRIVED, OPEN, LogQuestions
from tui.reading.searching import Searching


class Answered(Protocol):
    """The reading of a query, as far as it matters to what is new to its answer; see `tui.reading.log_reading`."""

    is_answered: bool
    snapshot: Snapshot | None
    searching: Searching

    @property
    def query(self) -> EventQuery: ...

    @property
    def is_lost(self) -> bool: ...

    @property
    def is_opening(self) -> bool: ...


class Arrivals:
    """Counts what is new, and lets it in while one follows and stands at the newest event."""

    def __init__(
        self,
        reading: Answered,
        jobs: Jobs,
        questions: LogQuestions,
        view: LogView,
        found: Callable[[], None],
        opened: Callable[[Opening], None],
    ) -> None:
        """`found` is told that there is a connection, `opened` what is to be read in place of what is."""
        self._reading = reading
        self._jobs = jobs
        self._questions = questions
        self._view = view
        self._found = found
        self._opened = opened
        self._has_more_arrived = False
        """Whether something arrived while that could not be asked."""
        self._waits = False
        """Whether something new waits, as one does not stand at the newest."""
        self.is_following = False
        """Whether what is new flows in by itself."""

    def ask(self) -> None:
        """Ask how much arrived, or as soon as that can be asked."""
        reading = self._reading
        self._has_more_arrived = self._jobs.is_asking(ARRIVED, OPEN)
        if reading.snapshot is not None and reading.is_answered and not self._has_more_arrived:
            self._questions.arrived(reading.query, reading.snapshot, self._arrived)

    def ask_what_else(self) -> None:
        """Ask for what could not be asked, if anything arrived meanwhile."""
        if self._has_more_arrived and not self._reading.is_lost:
            self.ask()

    def flow(self) -> bool:
        """Let in what has waited, if one stands at the newest again, else ask nothing; whether anything still waits."""
        if self._waits and self._may_flow_in() and not self._reading.is_lost:
            self.ask()
        return self._waits

    def forget(self) -> None:
        """Another question is asked: nothing is new to its answer."""
        self._waits = False

    def _arrived(self, number: int) -> None:
        self._found()
        self._view.show_new(number)
        self._waits = number > 0
        if number and self._may_flow_in():
            # Cards and counts stay until the new ones are here, all of them.
            self._questions.open_answer(self._reading.query, None, self._flow_in, patience_s=None)
        else:
            self.ask_what_else()

    def _may_flow_in(self) -> bool:
        is_idle = not self._reading.is_opening and not self._reading.searching.is_running
        return self.is_following and self._view.is_at_newest() and is_idle

    def _flow_in(self, opening: Opening) -> None:
        """Take what is new, if the person has not gone on to read meanwhile."""
        if self._view.is_at_newest():
            self._view.show_new(0)
            self._waits = False
            self._opened(opening)
        else:
            self._found()
            self._reading.searching.ask_again(self._questions.is_searching)  # which had made way for it
            self.ask_what_else()
