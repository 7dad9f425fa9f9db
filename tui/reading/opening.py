"""How an answer is opened: the events to show first, and where they lie in it; or what would bring an answer."""

from dataclasses import dataclass
from datetime import datetime

from data.answers import Snapshot
from data.query import Clause, EventQuery
from data.records import Event
from tui.reading.search import Search


@dataclass(frozen=True, slots=True)
class Opening:
    """The first events to show of an answer: newest first, where they lie in it, and which of them to stand on.

    Fewer than there might be, or none yet, while `searches` have to go on.
    """

    events: tuple[Event, ...]
    snapshot: Snapshot
    offset: int | None
    has_newer: bool
    has_older: bool
    cursor: int
    searches: tuple[Search, ...] = ()


@dataclass(frozen=True, slots=True)
class Loosening:
    """One way to change a query that has no answer: leave `clauses` out, or ask for `instead` in their place, if for anything.

    `query` is what is asked then, `events` how many it finds; `newest_at`, where only times are left out, when the newest
    of them happened.
    """

    clauses: tuple[Clause, ...]
    instead: tuple[Clause, ...]
    query: EventQuery
    events: int
    newest_at: datetime | None = None
