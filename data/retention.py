"""How long events are kept, and what is known of their removal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from data.clock import from_microseconds
from data.holds import Hold
from data.policy import Policy
from data.query import Key, Span, resolve_span
from data.records import Log

_FIRST_YEAR = 1970


def start_of_day(at: datetime, days: int, zone: ZoneInfo) -> int:
    """The first moment (µs, UTC) of the day so many days before the one that it is `at` (aware) in a zone; 0 before all."""
    today = at.astimezone(zone).date()
    if (today - today.min).days < days or (day := today - timedelta(days=days)).year < _FIRST_YEAR:
        return 0
    return max(0, resolve_span(Key.AFTER, Span(day.isoformat()), at, zone).start_us or 0)


def kept_since(policy: Policy, at: datetime) -> int:
    """The first moment (µs, UTC) of the days that are kept `at` a time (aware): what had happened and arrived before goes."""
    return start_of_day(at, policy.live_days + policy.archive_days, policy.zone)


def next_day(at: datetime, zone: ZoneInfo) -> datetime:
    """When the day after the one that it is `at` (aware) begins in a zone: the edge moves on then."""
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    begins = resolve_span(Key.AFTER, Span(tomorrow.isoformat()), at, zone).start_us
    assert begins is not None
    return from_microseconds(begins)


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """By what is decided which events go: what happened and arrived before `kept_since` (µs, UTC), and no hold holds."""

    kept_since: int
    holds: tuple[Hold, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same rules."""
        return sha256(repr((self.kept_since, sorted(one.id.hex for one in self.holds))).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Removal:
    """What goes, or went, of one log, and how many of the others that are old enough stay.

    `held` counts them by the id of the oldest hold that holds each, `own` are those that tell of the log itself, `unproven`
    those that have no place in the proof yet, or are not what was sealed.
    """

    removed: int = 0
    held: Mapping[UUID, int] = field(default_factory=dict)
    own: int = 0
    unproven: int = 0

    def __add__(self, other: "Removal") -> "Removal":
        held = {one: self.held.get(one, 0) + other.held.get(one, 0) for one in (*self.held, *other.held)}
        return Removal(self.removed + other.removed, held, self.own + other.own, self.unproven + other.unproven)


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """What a run would remove from each log, were it now."""

    rules: RetentionRules
    logs: Mapping[Log, Removal]


@dataclass(frozen=True, slots=True)
class RetentionRun:
    """The last run, which may have been broken off: then `is_done` is not set, and the next one goes on after `after`, the
    last id of each log that was looked at. `digest` is that of the rules by which it went, `ran_at` (UTC) when it was at it
    last.
    """

    ran_at: datetime
    digest: str
    kept_since: int
    logs: Mapping[Log, Removal] = field(default_factory=dict)
    after: Mapping[Log, UUID] = field(default_factory=dict)
    done: frozenset[Log] = frozenset()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left that has to go."""
        return self.done == frozenset(Log)

    def of(self, log: Log) -> Removal:
        """What it came to in one log so far."""
        return self.logs.get(log, Removal())


@dataclass(frozen=True, slots=True)
class RetentionState:
    """How keeping and forgetting stand. `rules` are those in force; without leave to know the holds, none are in it, and
    `held` says all the same how many there are.

    `due` counts what happened before the edge and was not looked at by these rules, or None where all was; `next_at` is
    when the edge moves on, and `next_due` counts what happened on the day that it goes over then. Some of either
    may be held, or have arrived later.
    """

    rules: RetentionRules
    held: int
    last: RetentionRun | None
    due: Mapping[Log, int] | None
    next_at: datetime
    next_due: Mapping[Log, int]
