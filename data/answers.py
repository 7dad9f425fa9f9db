"""Answers of the log to a query: pages, counts by value, and the histogram. Frozen, like all records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from data.query import Value
from data.records import Event


class Direction(StrEnum):
    """Which way one reads: from the newest event back, or from the oldest forward."""

    OLDER = "desc"
    NEWER = "asc"

    @property
    def opposite(self) -> "Direction":
        return Direction.NEWER if self is Direction.OLDER else Direction.OLDER


class Dimension(StrEnum):
    """What events are counted by. The value is the query's key of the same name."""

    TYPE = "type"
    OUTCOME = "outcome"
    ACTOR = "actor"
    CLIENT = "client"
    TARGET = "target"
    SERVICE = "service"
    IP = "ip"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was committed at one moment: an answer over it never changes, whatever is appended later.

    `taken_at_us` is the moment in microseconds UTC; `last:` and `today` count from it. `seq` is the highest order of
    arrival then. On PostgreSQL a lower `seq` can commit later, so its transaction ids tell what was still open:
    `xmin` and `xmax` as in `pg_current_snapshot()`, `open_xids` those between them that had not ended.
    """

    taken_at_us: int
    seq: int
    xmin: int = 0
    xmax: int = 0
    open_xids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an answer: what lies beyond the event `position`, seen in `direction`, in what `snapshot` holds.

    Without a position: from the very beginning of that direction.
    """

    snapshot: Snapshot
    direction: Direction = Direction.OLDER
    position: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Events in the direction in which they were asked for. `next` goes on from the last; None when there is no more."""

    items: tuple[Event, ...]
    next: Cursor | None
    snapshot: Snapshot


class StoredEvent(NamedTuple):
    """An event as it is stored, and as the driver has it: whether any of it is as it should be, nobody has looked.

    `occurred_at` and `recorded_at` are in microseconds UTC. `body` is JSON of the part that is kept for ever, `personal` of
    the other, None once that was erased.
    """

    id: UUID | bytes
    occurred_at: int
    recorded_at: int
    body: str | bytes
    personal: str | bytes | None


@dataclass(frozen=True, slots=True)
class StoredPage:
    """As `Page`, of events as they are stored."""

    items: Sequence[StoredEvent]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class Survey:
    """What an export would hold. `sizes` are bytes by the tag of a format, None where nothing is known about its events.

    They are estimates, unless `is_exact`. `oldest` and `newest` are when its first and its last event happened. For
    `archived` see `Tally`.
    """

    count: int
    sizes: Mapping[str, int | None]
    is_exact: bool
    oldest: datetime | None = None
    newest: datetime | None = None
    archived: int | None = 0


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a dimension: what a person calls it, what a clause that asks for it holds, and its exact count.

    `also` is another name or id of it in which a text was found that the label does not contain.
    """

    label: str
    value: Value
    count: int
    also: str | None = None


MOST_DISTINCT = 1_000
"""So many different values of a dimension are counted, and no more."""


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one dimension, most frequent first, over a query that asks nothing about that dimension.

    `distinct` is how many different values there are in all, of which `values` holds the first; of those looked for,
    when a text was looked for. With `has_more_distinct` there are more than `distinct`: so many are not counted.
    """

    dimension: Dimension
    values: tuple[FacetValue, ...]
    distinct: int
    has_more_distinct: bool = False


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of time, [start_us, end_us) in microseconds UTC: its events, and those that were not a success."""

    start_us: int
    end_us: int
    count: int
    not_ok: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Consecutive buckets of whole `unit`s (minute, 15 minutes, hour, day, week, month, quarter, year) of the zone shown."""

    unit: str
    buckets: tuple[Bucket, ...]

    @property
    def not_ok(self) -> int:
        """Events that failed or were denied."""
        return sum(bucket.not_ok for bucket in self.buckets)


@dataclass(frozen=True, slots=True)
class Tally:
    """What stands around a page: how many events in all, and how they spread over time.

    `archived` is how many more the query would select if it reached the archive; None where that would take long to count,
    for the events themselves would have to be looked into. `live_since_us` is the moment before which events are archived.
    """

    count: int
    histogram: Histogram
    archived: int | None = 0
    live_since_us: int = 0


@dataclass(frozen=True, slots=True)
class ViewCounts:
    """How many events a view has, and how many of them are newer than any its reader stood on (None: never read).

    With `has_more_new` there are more than `new`: so many are not counted.
    """

    events: int
    new: int | None
    has_more_new: bool = False


@dataclass(frozen=True, slots=True)
class CallGroup:
    """The calls of one client, of one service or for one action.

    `label` and `value` are as those of a `FacetValue`. `errors` are the calls that failed or were denied. The durations
    are exact and in milliseconds: half of the calls took no longer than `p50_ms`, 95 in a hundred no longer than
    `p95_ms`; None where no call has one. `newest` is when the last call was, in UTC. `id` is the client's, None where it
    has none, or for what has no ids.
    """

    label: str
    value: Value
    calls: int
    errors: int
    p50_ms: int | None
    p95_ms: int | None
    newest: datetime
    id: str | None = None


@dataclass(frozen=True, slots=True)
class CallStatistics:
    """The calls that a query selects, by the values of one dimension, most calls first.

    `distinct` is how many different values there are in all, of which `groups` holds the first.
    """

    dimension: Dimension
    groups: tuple[CallGroup, ...]
    distinct: int


@dataclass(frozen=True, slots=True)
class CallPoint:
    """What was called within one bucket: calls, those that failed or were denied, and their p95 in milliseconds."""

    calls: int
    errors: int
    p95_ms: int | None


@dataclass(frozen=True, slots=True)
class CallSeries:
    """One group over time: a point for each bucket of its timeline."""

    label: str
    value: Value
    points: tuple[CallPoint, ...]


@dataclass(frozen=True, slots=True)
class CallTimeline:
    """Some groups over the same consecutive buckets, most calls first. `edges` (microseconds UTC) are one more than these."""

    unit: str
    edges: tuple[int, ...]
    series: tuple[CallSeries, ...]
