"""What shows a reading of a log, without saying how."""

from typing import Protocol
from uuid import UUID

from data.answers import Direction, Page
from data.errors import AuditdeckError, QueryError
from data.query import Clause
from tui.reading.history import Place, Step
from tui.reading.opening import Opening


class LogView(Protocol):
    """What shows a reading. Called on the interface's thread."""

    def show_question(self, step: Step) -> None:
        """Another query is being asked."""

    def show_opening(self, opening: Opening) -> None:
        """Its first events are here."""

    def show_more(self, page: Page, direction: Direction) -> None:
        """More events in this direction are here, in the order of that direction."""

    def show_searching(self, *, is_uncounted: bool = False) -> None:
        """A search beyond the events that are shown began, came further, was ended or is over.

        With `is_uncounted`, so was counting: numbers that are not there yet do not come.
        """

    def end(self, direction: Direction) -> UUID | None:
        """The last event that is shown in this direction, None where none is."""

    def show_counts(self) -> None:
        """Count, histogram or facets changed, or are pending."""

    def show_new(self, number: int) -> None:
        """So many events have arrived since."""

    def show_failure(self, error: AuditdeckError) -> None:
        """The query could not be answered, and asking again will not help."""

    def show_called_off(self) -> None:
        """The query was called off before its first events were here."""

    def show_trouble(self, error: AuditdeckError) -> None:
        """Something beside the events, a count or more of them, could not be read."""

    def show_refusal(self, error: QueryError) -> None:
        """A query that a key would have asked is none that could be written."""

    def show_lost(self, error: AuditdeckError, pause_s: int) -> None:
        """There is no connection; `retry` is to be called after that many seconds."""

    def show_found(self) -> None:
        """There is a connection again."""

    def leave(self) -> None:
        """The answer that is shown is about to be left for another query."""

    def place(self) -> Place | None:
        """Where the person stands in the answer."""

    def is_at_newest(self) -> bool:
        """Whether the person stands on the newest event of all in the deck, so that newer ones may flow in above it."""

    def show_following(self) -> None:
        """What is new flows in from now on, or waits again."""

    def stands_on(self) -> Clause | None:
        """A clause that names the value under the sidebar's cursor, if there is one: it must not go from under it."""

    def most_buckets(self) -> int:
        """How many buckets the histogram has room for."""
