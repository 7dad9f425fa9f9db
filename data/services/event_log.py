"""One of the two logs: what every screen and command can ask of it, and adding events to it."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID
from zoneinfo import ZoneInfo

from data.answers import Cursor, Dimension, Direction, Facet, Page, Snapshot, Tally
from data.caller import Caller
from data.errors import EventNotFound
from data.net_change import NetChange, net_change
from data.query import Clause, EventQuery, Key, Pattern
from data.records import AppendResult, Draft, Event, Log, Outcome, Reference
from data.services.acts import APPEND_EVENTS, APPEND_REQUESTS, READ_LOG, READ_REQUESTS
from data.services.archived import count_archived
from data.services.gate import Gate
from data.stop import Stop
from data.store import EventReader

_SUCCESS = Clause(Key.OUTCOME, (Pattern.literal(Outcome.SUCCESS),))
_READINGS = (Clause(Key.TYPE, (Pattern.literal("log.read"), Pattern.literal("requests.read"))), _SUCCESS)
# Few enough to be called off between two pages, many enough that asking for the next one costs little.
_EVENTS_AT_ONCE = 500


class EventLog:
    """One log of a database, read and written in one zone. A snapshot of one log means nothing in the other.

    Every method may raise NotPermitted, DatabaseUnavailable and the other errors of `data.errors`; those that take a
    `stop` raise Cancelled once it is requested.
    """

    def __init__(self, gate: Gate, zone: ZoneInfo, log: Log) -> None:
        """`zone` is what dates in a query are read in."""
        self._gate = gate
        self._log = log
        self.zone = zone

    def page(
        self,
        query: EventQuery,
        cursor: Cursor | None = None,
        *,
        direction: Direction = Direction.OLDER,
        limit: int = 50,
        patience_s: float | None = None,
        stop: Stop | None = None,
    ) -> Page:
        """The events beyond `cursor` in its direction; see `EventReader.page`."""
        with self._reading(stop) as reader:
            return reader.page(query, cursor, direction=direction, limit=limit, patience_s=patience_s)

    def get(self, event_id: UUID) -> Event:
        """The event with this id. Raises EventNotFound."""
        with self._reading() as reader:
            event = reader.get(event_id)
        if event is None:
            raise EventNotFound(f"No event has the id {event_id}.")
        return event

    def count(self, query: EventQuery, snapshot: Snapshot | None = None, *, stop: Stop | None = None) -> int:
        """How many events the query selects, in `snapshot` or now."""
        with self._reading(stop) as reader:
            return reader.count(query, snapshot or reader.snapshot())

    def arrived(self, query: EventQuery, snapshot: Snapshot, *, stop: Stop | None = None) -> int:
        """How many events that the query selects were committed since `snapshot`.

        Without those that tell of reading: each look at the log would be news to all who look. What was refused counts.
        """
        with self._reading(stop) as reader:
            arrived = reader.arrived(query, snapshot)
            return arrived and arrived - reader.arrived(query.adding(*_READINGS), snapshot)

    def tally(
        self, query: EventQuery, snapshot: Snapshot, *, most_buckets: int = 60, stop: Stop | None = None
    ) -> Tally:
        """The count and the histogram of the same events, and how many are left out because they are archived."""
        with self._reading(stop) as reader:
            histogram = reader.histogram(query, snapshot, most_buckets=most_buckets)
            count = reader.count(query, snapshot)
            return Tally(count, histogram, count_archived(reader, query, snapshot, count), reader.live_since(snapshot))

    def archived(self, query: EventQuery, snapshot: Snapshot | None = None, *, stop: Stop | None = None) -> int | None:
        """How many events more the query would select if it reached the archive; see `Tally`."""
        with self._reading(stop) as reader:
            seen = snapshot or reader.snapshot()
            return count_archived(reader, query, seen, None)

    def facets(
        self,
        query: EventQuery,
        snapshot: Snapshot,
        dimensions: Collection[Dimension],
        *,
        limit: int = 20,
        matching: str = "",
        stop: Stop | None = None,
    ) -> tuple[Facet, ...]:
        """Values and exact counts of each dimension; see `EventReader.facets`."""
        with self._reading(stop) as reader:
            return reader.facets(query, snapshot, dimensions, limit=limit, matching=matching)

    def net_change(
        self, about: Reference, query: EventQuery, snapshot: Snapshot, *, stop: Stop | None = None
    ) -> NetChange:
        """What the events of the query made of the thing that `about` names; see `data.net_change`."""
        with self._reading(stop) as reader:
            return net_change(_oldest_first(reader, query.adding(_SUCCESS), snapshot), about)

    def append(self, drafts: Sequence[Draft], by: Caller | None = None) -> AppendResult:
        """Add those drafts that the log does not hold yet, all in one unit of work.

        Without `by` it is whomever the process works for who adds them.
        """
        with self._gate.writing(by, APPEND_EVENTS if self._log is Log.CHANGES else APPEND_REQUESTS) as work:
            result = work.log(self._log).append_new(drafts)
            work.commit()
            return result

    @contextmanager
    def _reading(self, stop: Stop | None = None) -> Iterator[EventReader]:
        act = READ_LOG if self._log is Log.CHANGES else READ_REQUESTS
        with self._gate.reading(act, stop) as transaction:
            yield transaction.events(self.zone, self._log)


def _oldest_first(reader: EventReader, query: EventQuery, snapshot: Snapshot) -> Iterator[Event]:
    """Every event of the query, read page by page."""
    cursor: Cursor | None = Cursor(snapshot, Direction.NEWER)
    while cursor is not None:
        page = reader.page(query, cursor, limit=_EVENTS_AT_ONCE)
        yield from page.items
        cursor = page.next
