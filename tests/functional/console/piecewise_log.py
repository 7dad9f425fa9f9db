"""A log that is looked through a few events at a time, as one that is too large to be looked through at once."""

from collections.abc import Sequence
from pathlib import Path
from threading import Condition
from time import monotonic

from data.answers import Cursor, Direction, Page
from data.query import EventQuery, Key, print_query
from data.records import Event
from data.services.audit_log import AuditLog
from data.stop import Stop
from tests.functional.console.demo_log import ZONE, end_clock, selected

_LONG_S = 20.0
_LOOK_S = 0.01


class Pieces:
    """How many pieces may be looked through; given by the test, taken by the threads that ask."""

    def __init__(self) -> None:
        self.left = 0
        self.waiting = 0
        """How many threads wait for a piece."""
        self._changed = Condition()

    def give(self, number: int = 1) -> None:
        """Let so many more be looked through."""
        with self._changed:
            self.left += number
            self._changed.notify_all()

    def take(self, stop: Stop | None) -> None:
        """Wait for a piece; raises Cancelled when nobody wants it any more."""
        end = monotonic() + _LONG_S
        with self._changed:
            self.waiting += 1
            try:
                while not self.left:
                    assert monotonic() < end, "nobody gave a piece"
                    self._changed.wait(_LOOK_S)
                    if stop is not None:
                        stop.check()
                self.left -= 1
            finally:
                self.waiting -= 1


class PiecewiseLog(AuditLog):
    """Whoever asks with patience for free text gets what is found in the next `looked_at` events."""

    def __init__(self, path: Path, pieces: Pieces, events: Sequence[Event], looked_at: int) -> None:
        """`events` are all that the log holds, newest first."""
        super().__init__(str(path), ZONE, clock=end_clock)
        self._pieces = pieces
        self._all = events
        self._looked_at = looked_at

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
        if patience_s is None or not query.of(Key.TEXT):
            return super().page(query, cursor, direction=direction, limit=limit, patience_s=patience_s, stop=stop)
        self._pieces.take(stop)
        place = cursor or Cursor(super().page(query, limit=1).snapshot, direction)
        return self._piece(query, place, limit)

    def _piece(self, query: EventQuery, place: Cursor, limit: int) -> Page:
        at, is_older = place.position, place.direction is Direction.OLDER
        beyond = [one for one in self._all if at is None or (one.id < at if is_older else one.id > at)]
        nearest = (beyond if is_older else beyond[::-1])[: self._looked_at]
        wanted = {event.id for event in selected(print_query(query), self._all)}
        hits = [event for event in nearest if event.id in wanted]
        items = tuple(hits[:limit])
        if len(hits) > limit:
            reached = items[-1].id
        elif len(nearest) == len(beyond):
            return Page(items, None, place.snapshot)
        else:
            reached = nearest[-1].id
        return Page(items, Cursor(place.snapshot, place.direction, reached), place.snapshot)
