"""The stretch of the answer that the deck holds: contiguous events, where they lie in the whole, and whether more follow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from data.answers import Direction
from data.records import Event, Seal

MOST_EVENTS = 1000


class DeckWindow:
    """Events newest first. `offset` is how many newer ones the answer has before the first, None where not known."""

    def __init__(
        self,
        events: Sequence[Event] = (),
        *,
        offset: int | None = 0,
        has_newer: bool = False,
        has_older: bool = False,
    ) -> None:
        self.events: list[Event] = list(events)
        self.offset = offset
        self.has_newer = has_newer
        self.has_older = has_older

    def __len__(self) -> int:
        return len(self.events)

    def end(self, direction: Direction) -> UUID | None:
        """The last event in this direction; None in an empty window."""
        return self.events[-1 if direction is Direction.OLDER else 0].id if self.events else None

    def edge(self, direction: Direction) -> UUID | None:
        """The same, if there are, or may be, events beyond it; else None."""
        has_more = self.has_older if direction is Direction.OLDER else self.has_newer
        return self.end(direction) if has_more else None

    def index_of(self, event_id: UUID) -> int | None:
        """Where an event lies in the window."""
        return next((index for index, event in enumerate(self.events) if event.id == event_id), None)

    def note_sealed(self, before: datetime) -> bool:
        """All events that were recorded before this moment have their place in the proof; whether that is news of any."""
        late = [n for n, event in enumerate(self.events) if event.seal is Seal.UNSEALED and event.recorded_at < before]
        for index in late:
            self.events[index] = replace(self.events[index], seal=Seal.SEALED)
        return bool(late)

    def put(self, event: Event) -> bool:
        """What is known of an event has changed; whether it is in the window."""
        index = self.index_of(event.id)
        if index is None:
            return False
        self.events[index] = event
        return True

    def add_older(self, events: Sequence[Event], *, more: bool) -> int:
        """Put events behind the last; how many were dropped from the front to make room."""
        self.events.extend(events)
        self.has_older = more
        dropped = max(len(self.events) - MOST_EVENTS, 0)
        if dropped:
            del self.events[:dropped]
            self.has_newer = True
            if self.offset is not None:
                self.offset += dropped
        return dropped

    def add_newer(self, events: Sequence[Event], *, more: bool) -> int:
        """Put events, newest first, before the first; how many were added. The far end is cut to make room."""
        self.events[:0] = events
        self.has_newer = more
        if self.offset is not None:
            self.offset = max(self.offset - len(events), 0)
        if not more:
            self.offset = 0
        if len(self.events) > MOST_EVENTS:
            del self.events[MOST_EVENTS:]
            self.has_older = True
        return len(events)
