"""What the request log sums up to: calls, errors and durations by client, service and action."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from data.answers import CallStatistics, CallTimeline, Dimension, Snapshot
from data.query import EventQuery
from data.services.acts import READ_REQUESTS
from data.services.gate import Gate
from data.stop import Stop
from data.store.request_reader import RequestReader
from data.store.unusual_calls import UnusualCalls
from data.unusual import Finding

BY = (Dimension.CLIENT, Dimension.SERVICE, Dimension.TARGET)
"""What calls are summed up by. The target of a request is its action."""


class RequestStatistics:
    """Questions about the calls of one database, in one zone.

    Snapshots are those of the request log. Every method may raise NotPermitted, DatabaseUnavailable and the other errors
    of `data.errors`, and Cancelled once its `stop` is requested.
    """

    def __init__(self, gate: Gate, zone: ZoneInfo) -> None:
        """`zone` is what dates in a query are read in."""
        self._gate = gate
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
        with self._reading(stop) as reader:
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
        with self._reading(stop) as reader:
            return reader.timeline(query, snapshot, dimension, most_groups=most_groups, most_buckets=most_buckets)

    def unusual(self, snapshot: Snapshot | None = None, *, stop: Stop | None = None) -> tuple[Finding, ...]:
        """What is unusual about the calls of any client in what `snapshot` holds, or now; see `data.unusual`."""
        with self._reading(stop) as reader:
            return UnusualCalls(reader, snapshot or reader.snapshot(), self._zone).find()

    @contextmanager
    def _reading(self, stop: Stop | None) -> Iterator[RequestReader]:
        with self._gate.reading(READ_REQUESTS, stop) as transaction:
            yield transaction.calls(self._zone)
