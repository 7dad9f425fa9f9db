"""What a log has to answer so that it can be read in a deck."""

from collections.abc import Callable, Collection
from typing import Protocol, TypeAlias

from data.answers import Cursor, Dimension, Direction, Facet, Page, Snapshot, Tally
from data.query import EventQuery
from data.stop import Stop


class EventSource(Protocol):
    """A log of events. Its methods are those of `data.services.audit_log.AuditLog`, and raise what those raise."""

    def page(
        self,
        query: EventQuery,
        cursor: Cursor | None = None,
        *,
        direction: Direction = Direction.OLDER,
        limit: int = 50,
        stop: Stop | None = None,
    ) -> Page: ...

    def count(self, query: EventQuery, snapshot: Snapshot | None = None, *, stop: Stop | None = None) -> int: ...

    def arrived(self, query: EventQuery, snapshot: Snapshot, *, stop: Stop | None = None) -> int: ...

    def tally(
        self, query: EventQuery, snapshot: Snapshot, *, most_buckets: int = 60, stop: Stop | None = None
    ) -> Tally: ...

    def facets(
        self,
        query: EventQuery,
        snapshot: Snapshot,
        dimensions: Collection[Dimension],
        *,
        limit: int = 20,
        matching: str = "",
        stop: Stop | None = None,
    ) -> tuple[Facet, ...]: ...


SourceOpener: TypeAlias = Callable[[], EventSource]
"""Gives the log; called in a question's thread, where the first call may connect."""
