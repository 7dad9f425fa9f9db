"""A log with trouble on the way to it: answers that wait until they are let go, and a connection that is gone."""

from collections.abc import Collection
from pathlib import Path
from threading import Condition
from uuid import UUID

from data.answers import CallStatistics, CallTimeline, Cursor, Dimension, Direction, Facet, Page, Snapshot, Tally
from data.errors import DatabaseUnavailable
from data.net_change import NetChange
from data.query import EventQuery, print_query
from data.records import Event, Reference
from data.services.audit_log import AuditLog
from data.services.request_statistics import RequestStatistics
from data.stop import Stop
from data.unusual import Finding
from tests.functional.console.demo_log import ZONE, end_clock

_LONG_S = 20.0
NO_ANSWER = "No answer from db.example on port 5432."


class Trouble:
    """What stands between the console and the log; changed by the test, met by the threads that ask."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        """Every question so far: the method and the query's text."""
        self._changed = Condition()
        self._is_down = False
        self._held: frozenset[str] = frozenset()
        self._broken_off_after: int | None = None

    def hold(self, *words: str) -> None:
        """From now on questions wait whose method or query is one of these; those that waited for others go on."""
        with self._changed:
            self._held = frozenset(words)
            self._changed.notify_all()

    def let_go(self) -> None:
        """Let all go on."""
        self.hold()

    def break_off(self, after: int) -> None:
        """Break the next page that is asked for with patience off after so many events; the one after it waits."""
        self._broken_off_after = after

    def shortened(self, page: Page, direction: Direction) -> Page:
        """The page as it comes."""
        after = self._broken_off_after
        if after is None or page.next is None:
            return page
        self._broken_off_after = None
        self.hold("page")
        return Page(page.items[:after], Cursor(page.snapshot, direction, page.items[after].id), page.snapshot)

    def lose(self) -> None:
        """There is no connection any more."""
        self._is_down = True

    def find(self) -> None:
        """There is one again."""
        self._is_down = False

    def meet(self, method: str, query: EventQuery) -> None:
        """A question on its way. Heeds no request to stop: some databases do not either."""
        text = print_query(query)
        self.asked.append((method, text))
        with self._changed:
            assert self._changed.wait_for(lambda: not self._held & {method, text}, _LONG_S), "nobody let it go"
        if self._is_down:
            raise DatabaseUnavailable(NO_ANSWER)


class TroubledStatistics(RequestStatistics):
    """The sums of its requests, with the same trouble."""

    trouble: Trouble

    def groups(
        self,
        dimension: Dimension,
        query: EventQuery,
        snapshot: Snapshot,
        *,
        limit: int = 50,
        stop: Stop | None = None,
    ) -> CallStatistics:
        self.trouble.meet("groups", query)
        return super().groups(dimension, query, snapshot, limit=limit, stop=stop)

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
        self.trouble.meet("timeline", query)
        return super().timeline(
            dimension, query, snapshot, most_groups=most_groups, most_buckets=most_buckets, stop=stop
        )

    def unusual(self, snapshot: Snapshot | None = None, *, stop: Stop | None = None) -> tuple[Finding, ...]:
        self.trouble.meet("unusual", EventQuery())
        return super().unusual(snapshot, stop=stop)


class TroubledLog(AuditLog):
    """The log in a file, every question to which meets the trouble first."""

    def __init__(self, path: Path, trouble: Trouble) -> None:
        super().__init__(str(path), ZONE, clock=end_clock)
        self._trouble = trouble
        self.request_statistics = TroubledStatistics(self.gate, ZONE)
        self.request_statistics.trouble = trouble

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
        self._trouble.meet("page", query)
        page = super().page(query, cursor, direction=direction, limit=limit, patience_s=patience_s, stop=stop)
        return page if patience_s is None else self._trouble.shortened(page, cursor.direction if cursor else direction)

    def get(self, event_id: UUID) -> Event:
        raise AssertionError("the console asks for no single event")

    def count(self, query: EventQuery, snapshot: Snapshot | None = None, *, stop: Stop | None = None) -> int:
        self._trouble.meet("count", query)
        return super().count(query, snapshot, stop=stop)

    def arrived(self, query: EventQuery, snapshot: Snapshot, *, stop: Stop | None = None) -> int:
        self._trouble.meet("arrived", query)
        return super().arrived(query, snapshot, stop=stop)

    def tally(
        self, query: EventQuery, snapshot: Snapshot, *, most_buckets: int = 60, stop: Stop | None = None
    ) -> Tally:
        self._trouble.meet("tally", query)
        return super().tally(query, snapshot, most_buckets=most_buckets, stop=stop)

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
        self._trouble.meet(f"facets matching {matching}" if matching else "facets", query)
        return super().facets(query, snapshot, dimensions, limit=limit, matching=matching, stop=stop)

    def net_change(
        self, about: Reference, query: EventQuery, snapshot: Snapshot, *, stop: Stop | None = None
    ) -> NetChange:
        self._trouble.meet("net change", query)
        return super().net_change(about, query, snapshot, stop=stop)
