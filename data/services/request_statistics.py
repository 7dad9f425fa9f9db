"""What the request log sums up to: calls, errors and durations by client, service and action."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from data.answers import CallStatistics, CallTimeline, Dimension, Snapshot
from data.query import EventQuery
from data.stop import Stop
from data.store import Database
from data.store.unusual_calls import UnusualCalls
from data.unusual import Finding

BY = (Dimension.CLIENT, Dimension.SERVICE, Dimension.TARGET)
"""What calls are summed up by. The target of a request is its action."""


class RequestStatistics:
    """Questions about the calls of one database, in one zone.

    Snapshots are those of the request log. Every method may raise DatabaseUnavailable and the other errors of
    `data.errors`, and Cancelled once its `stop` is requested.
    """

    def __init__(self, database: Database, open_database: Callable[[], None], zone: ZoneInfo) -> None:
        """`open_database` makes sure of the schema; `zone` is what dates in a query are read in."""
        self._database = database
        self._open = open_database
        self._zone = zone

    def groups(
        self,
        dimension: Dimension,
        query: EventQuery,
        snapshot: Snapshot,
        *,
        limit: int = 50,
        stop: Stop | None = None,
    ) -> CallStatistics:
        """The calls that the query selects, by client, service or action (`BY`): exact, at most `limit` of each."""
        self._open()
        with self._database.reading_calls(self._zone, stop) as reader:
            return reader.statistics(query, snapshot, dimension, limit=limit)

    def timeline(
        self,
        dimension: Dimension,
        query: EventQuery,
        snapshot: Snapshot,
        *,
        most_groups: int = 5,
        most_buckets: int = 60,
        stop: Stop | None = None,
    ) -> CallTimeline:
        """The groups with the most calls over time, in the buckets of the query's histogram."""
        self._open()
        with self._database.reading_calls(self._zone, stop) as reader:
            return reader.timeline(query, snapshot, dimension, most_groups=most_groups, most_buckets=most_buckets)

    def unusual(self, snapshot: Snapshot | None = None, *, stop: Stop | None = None) -> tuple[Finding, ...]:
        """What is unusual about the calls of any client in what `snapshot` holds, or now; see `data.unusual`."""
        self._open()
        with self._database.reading_calls(self._zone, stop) as reader:
            return UnusualCalls(reader, snapshot or reader.snapshot(), self._zone).find()
