"""The audit log: opened once, asked by every screen and command."""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from data.answers import Cursor, Dimension, Direction, Facet, Page, Snapshot, Tally
from data.caller import Caller
from data.clock import Clock, system_clock
from data.errors import EventNotFound
from data.net_change import NetChange, net_change
from data.query import Clause, EventQuery, Key, Pattern
from data.records import ActorType, AppendResult, Draft, Event, Outcome, Reference
from data.services.api_clients import ApiClients
from data.services.policies import Policies
from data.services.views import Views
from data.stop import Stop
from data.store import Database, EventReader

_SUCCESS = Clause(Key.OUTCOME, (Pattern.literal(Outcome.SUCCESS),))
# Few enough to be called off between two pages, many enough that asking for the next one costs little.
_EVENTS_AT_ONCE = 500


class AuditLog:
    """The log in one database, read and written in one zone. Nothing connects before the first call.

    Every method may raise DatabaseUnavailable and the other errors of `data.errors`; those that take a `stop` raise
    Cancelled once it is requested.
    """

    def __init__(self, address: str, zone: ZoneInfo, *, clock: Clock = system_clock, create: bool = True) -> None:
        """`address` is a file's path or a database URL. Raises DatabaseError for one that cannot be understood.

        Without `create`, an embedded database that is not there is refused at the first call, and not made.
        """
        self._database = Database(address, clock=clock)
        self._create = create
        self._opened = False
        self.zone = zone
        self.views = Views(self._database, self.open, zone, clock)
        """The queries that are kept under names over this log."""
        self.clients = ApiClients(self._database, self.open, clock)
        """The API clients that the same database holds."""
        self.policy = Policies(self._database, self.open, clock)
        """The organisation's rules."""

    def open(self) -> None:
        """Connect, and bring an embedded database up to date; once is enough, more does nothing."""
        if not self._opened:
            self._database.open(create=self._create)
            self._opened = True

    def close(self) -> None:
        self._database.close()

    def caller(self, service: str = "console") -> Caller:
        """The person at the console, as the one who asks for what is done through a service."""
        self.open()
        return Caller(Reference(ActorType.MEMBER, name=self._database.person()), service)

    def page(
        self,
        query: EventQuery,
        cursor: Cursor | None = None,
        *,
        direction: Direction = Direction.OLDER,
        limit: int = 50,
        stop: Stop | None = None,
    ) -> Page:
        """The events beyond `cursor` in its direction; see `EventReader.page`."""
        self.open()
        with self._database.reading(self.zone, stop) as reader:
            return reader.page(query, cursor, direction=direction, limit=limit)

    def get(self, event_id: UUID) -> Event:
        """The event with this id. Raises EventNotFound."""
        self.open()
        with self._database.reading(self.zone) as reader:
            event = reader.get(event_id)
        if event is None:
            raise EventNotFound(f"No event has the id {event_id}.")
        return event

    def count(self, query: EventQuery, snapshot: Snapshot | None = None, *, stop: Stop | None = None) -> int:
        """How many events the query selects, in `snapshot` or now."""
        self.open()
        with self._database.reading(self.zone, stop) as reader:
            return reader.count(query, snapshot or reader.snapshot())

    def arrived(self, query: EventQuery, snapshot: Snapshot, *, stop: Stop | None = None) -> int:
        """How many events that the query selects were committed since `snapshot`."""
        self.open()
        with self._database.reading(self.zone, stop) as reader:
            return reader.arrived(query, snapshot)

    def tally(
        self, query: EventQuery, snapshot: Snapshot, *, most_buckets: int = 60, stop: Stop | None = None
    ) -> Tally:
        """The count and the histogram of the same events."""
        self.open()
        with self._database.reading(self.zone, stop) as reader:
            histogram = reader.histogram(query, snapshot, most_buckets=most_buckets)
            return Tally(reader.count(query, snapshot), histogram)

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
        self.open()
        with self._database.reading(self.zone, stop) as reader:
            return reader.facets(query, snapshot, dimensions, limit=limit, matching=matching)

    def net_change(
        self, about: Reference, query: EventQuery, snapshot: Snapshot, *, stop: Stop | None = None
    ) -> NetChange:
        """What the events of the query made of the thing that `about` names; see `data.net_change`."""
        self.open()
        with self._database.reading(self.zone, stop) as reader:
            return net_change(_oldest_first(reader, query.adding(_SUCCESS), snapshot), about)

    def append(self, drafts: Sequence[Draft]) -> AppendResult:
        """Add those drafts that the log does not hold yet, all in one unit of work."""
        self.open()
        with self._database.writing() as work:
            result = work.events.append_new(drafts)
            work.commit()
            return result


def _oldest_first(reader: EventReader, query: EventQuery, snapshot: Snapshot) -> Iterator[Event]:
    """Every event of the query, read page by page."""
    cursor: Cursor | None = Cursor(snapshot, Direction.NEWER)
    while cursor is not None:
        page = reader.page(query, cursor, limit=_EVENTS_AT_ONCE)
        yield from page.items
        cursor = page.next
