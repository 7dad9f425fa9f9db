"""Looking for more events of an answer, page after page: what is found is shown as it is found, however far apart it lies."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from data.answers import Cursor, Direction, Page, Snapshot
from data.clock import from_microseconds

PAGE = 100
"""So many events are looked for at a time."""

_MOMENT_SHIFT = 80


@dataclass(frozen=True, slots=True)
class Search:
    """A search in one direction for the `wanted` next events.

    `end` is the last event that is shown in this direction, None where none is shown; `reached` the place up to which
    everything was looked at, None at the very beginning. It `is_long` once it took more than one page, and `is_stopped`
    when the person ended it: then it is only gone on with when they say so.
    """

    direction: Direction
    end: UUID | None = None
    reached: UUID | None = None
    wanted: int = PAGE
    is_long: bool = False
    is_stopped: bool = False

    def cursor(self, snapshot: Snapshot) -> Cursor:
        """Where it goes on."""
        return Cursor(snapshot, self.direction, self.reached)

    def after(self, page: Page) -> "Search | None":
        """What is left to do once this page of it was found; None if as much was found as is wanted, or all."""
        if page.next is None or len(page.items) >= self.wanted:
            return None
        return replace(
            self,
            end=page.items[-1].id if page.items else self.end,
            reached=page.next.position,
            wanted=self.wanted - len(page.items),
            is_long=True,
        )

    def joined_to(self, end: UUID) -> "Search":
        """The same, now that this event is the last that is shown in its direction."""
        return replace(self, end=end)

    def stopped(self) -> "Search":
        """The same, ended by the person."""
        return replace(self, is_stopped=True)

    def gone_on_with(self) -> "Search":
        """The same, from where it was ended."""
        return replace(self, is_stopped=False)

    @property
    def reached_at(self) -> datetime | None:
        """The time, in UTC, up to which everything was looked at: the first 48 bits of an id are its milliseconds."""
        return None if self.reached is None else from_microseconds((self.reached.int >> _MOMENT_SHIFT) * 1000)
