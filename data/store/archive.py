"""The archive of a log: what is older than the policy's days, which queries are not answered with unless they reach it."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from data.answers import Snapshot
from data.clock import from_microseconds
from data.policy import Policy
from data.query import EventQuery, window_of
from data.records import Log
from data.retention import start_of_day
from data.store.ages import Edge, edge_at
from data.store.tables import LOG_TABLES

_REMEMBERED = 32


class EdgeMemory:
    """The edges of one database that were found lately: shared by all questions of a process, and bounded.

    An edge lies days back, so nothing arrives before it any more; what is removed there moves none.
    """

    def __init__(self) -> None:
        self._edges: OrderedDict[tuple[Log, int], Edge] = OrderedDict()
        self._lock = Lock()

    def known(self, log: Log, us: int) -> Edge | None:
        """The edge at this moment, if it was found before."""
        with self._lock:
            return self._edges.get((log, us))

    def learn(self, log: Log, edge: Edge) -> None:
        """Remember this edge, and forget the one that was learnt first."""
        with self._lock:
            self._edges[log, edge.us] = edge
            while len(self._edges) > _REMEMBERED:
                self._edges.popitem(last=False)


class Archive:
    """Which events of one log are archived, as one transaction has it: by the rules in force, as of a snapshot's moment."""

    def __init__(
        self, connection: sa.Connection, log: Log, zone: ZoneInfo, policy: Callable[[], Policy], memory: EdgeMemory
    ) -> None:
        """`zone` is what dates in a query are read in; the day of the edge begins in the organisation's."""
        self._connection = connection
        self._log = log
        self._zone = zone
        self._policy = policy
        self._memory = memory

    def live_since(self, snapshot: Snapshot) -> int:
        """The moment (µs, UTC) from which on all that happens or arrives is live."""
        policy = self._policy()
        return start_of_day(from_microseconds(snapshot.taken_at_us), policy.live_days, policy.zone)

    def edge(self, query: EventQuery, snapshot: Snapshot) -> Edge | None:
        """What a query leaves out lies before this edge; None where it leaves out nothing because of its age."""
        if query.reaches_archive:
            return None
        us = self.live_since(snapshot)
        start = window_of(query, from_microseconds(snapshot.taken_at_us), self._zone).start_us
        if start is not None and start >= us:
            return None
        edge = self._memory.known(self._log, us)
        if edge is None:
            edge = edge_at(self._connection, LOG_TABLES[self._log].table, us)
            self._memory.learn(self._log, edge)
        return edge if edge.holds_any else None
