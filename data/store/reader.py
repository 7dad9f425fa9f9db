"""What anything that answers a query over a log can be asked. The plain scan is one answer; an index is another."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from data.answers import Cursor, Dimension, Direction, Facet, Histogram, Page, Snapshot, StoredPage
from data.clock import Clock
from data.query import EventQuery
from data.records import Event, Log
from data.stop import Stop
from data.store.archive import Archive


class EventReader(Protocol):
    """Answers over one consistent state of the log. Dates and the days of a histogram are those of the reader's zone.

    Archived events are answered where the query reaches the archive (see `EventQuery.reaches_archive`), and left out by
    all other answers: what is archived is so as of the snapshot, by the rules in force.

    Every method raises Cancelled when the reader's question was called off.
    """

    def snapshot(self) -> Snapshot:
        """What is committed now: hand it to the other methods and their answers agree, now and later."""

    def page(
        self,
        query: EventQuery,
        cursor: Cursor | None = None,
        *,
        direction: Direction = Direction.OLDER,
        limit: int = 50,
        patience_s: float | None = None,
    ) -> Page:
        """At most `limit` events that the query selects, beyond `cursor`, or from the start of `direction` without one.

        With `patience_s` an answer that has to look into the events themselves need not be waited for: after so many
        seconds the page holds what was found until then, be it nothing, and `next` goes on from there.

        Ordered by id, and so by the time of happening: to the microsecond for ids made here, to the millisecond for
        those handed in.
        """

    def stored_page(
        self, query: EventQuery, cursor: Cursor, *, limit: int, patience_s: float | None = None
    ) -> StoredPage:
        """As `page`, of events as they are stored: for what has no use for an event's parts."""

    def get(self, event_id: UUID) -> Event | None:
        """The event with this id, an archived one too, or None."""

    def leaves_out(self, query: EventQuery, snapshot: Snapshot) -> bool:
        """Whether there may be events that the query does not select for no other reason than that they are archived."""

    def live_since(self, snapshot: Snapshot) -> int:
        """The moment (µs, UTC) since which an event has happened or arrived that is not archived."""

    def count(self, query: EventQuery, snapshot: Snapshot) -> int:
        """How many events the query selects."""

    def arrived(self, query: EventQuery, snapshot: Snapshot) -> int:
        """How many events that the query selects were committed since `snapshot`."""

    def facets(
        self,
        query: EventQuery,
        snapshot: Snapshot,
        dimensions: Collection[Dimension],
        *,
        limit: int = 20,
        matching: str = "",
    ) -> tuple[Facet, ...]:
        """For each dimension its values with exact counts, leaving out what the query asks about that dimension.

        At most `limit` values each, the most frequent first; values that the query names are there in any case,
        in the place of a counted one that means the same.

        Only events of this log count, and what has none of them is no value, whatever another log says of it.

        With `matching`, only values that contain this text in a name or id that any log has for them from any time:
        in a name without regard to case, in an id without regard to that of ASCII letters. Types are then counted
        by themselves, too, and not by family alone; and of the values that the query names, only those that match
        and are among the most frequent are there.
        """

    def histogram(self, query: EventQuery, snapshot: Snapshot, *, most_buckets: int = 60) -> Histogram:
        """The events that the query selects over time, in at most `most_buckets` whole units of the calendar.

        Where even years are too many, a bucket has several of them.
        """


class EventReaders(Protocol):
    """Makes the readers of one database."""

    def over(
        self, connection: sa.Connection, clock: Clock, zone: ZoneInfo, stop: Stop, log: Log, archive: Archive
    ) -> EventReader:
        """A reader of one log in the transaction of this connection."""

    def settle(self, writing: Callable[[], AbstractContextManager[sa.Connection]]) -> None:
        """Called after each transaction that reads: what was noticed in it is noted. Raises nothing."""
