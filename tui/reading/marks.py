"""The events that a person has marked while reading: kept until the console is left, and a query of their own."""

from uuid import UUID

from data.query import Clause, EventQuery, Key, Pattern

MOST_MARKS = 100
"""What one clause can name."""


class Marks:
    """Ids in the order in which they were marked."""

    def __init__(self) -> None:
        self._ids: dict[UUID, None] = {}

    def __contains__(self, event_id: object) -> bool:
        return event_id in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def toggle(self, event_id: UUID) -> bool:
        """Mark an event, or take its mark away; False if there are too many to mark one more."""
        if event_id in self._ids:
            del self._ids[event_id]
        elif len(self._ids) >= MOST_MARKS:
            return False
        else:
            self._ids[event_id] = None
        return True

    def clear(self) -> None:
        """Take all marks away."""
        self._ids.clear()

    def query(self) -> EventQuery:
        """The query for the marked events alone, over all time. There must be a mark."""
        return EventQuery((Clause(Key.ID, tuple(Pattern.literal(str(event_id)) for event_id in self._ids)),))
