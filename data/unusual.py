"""What is unusual about the calls of API clients, each with a sentence that says why. Pure: it asks no database.

Two hours are looked at: the last full one, of which everything is known, and the running one, because it is now that
somebody is on the phone. Of the running one too few calls say nothing yet. Each is compared with the same hour of the
day, as the clock on the wall shows it, of the 28 days before.

A figure is unusual beyond median ± 5 median absolute deviations (MAD) of those, from 30 calls on. Where most days are
alike the MAD is 0, or next to it, and chance alone would be unusual; so it counts for no less than the standard
deviation that chance gives: √median of calls, √(p(1-p)/calls) of an error rate p, and there one in a hundred at least; of
a p95 a tenth of the median. A p95 of few calls is itself a matter of chance: what it surely is has to lie beyond. And
what the same weekday had in one of the four weeks before, five of those deviations by chance added, is not unusual:
weekends are not like other days.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import partial
from itertools import pairwise
from math import inf, sqrt
from statistics import median
from zoneinfo import ZoneInfo

from data.clock import from_microseconds, to_microseconds
from data.query import Clause, EventQuery, Key, Pattern, Span, Window
from data.query.time_text import clause_over
from data.records import Reference

DAYS = 28
LEAST_CALLS = 30
"""Fewer calls within an hour say nothing."""
DEVIATIONS = 5

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
_MINUTE_US = 60_000_000

_LEAST_SAMPLES = 7
"""Fewer days say nothing of what is usual."""
_LEAST_SAMPLE_CALLS = 10
"""An hour with fewer calls has neither an error rate nor a p95 to compare with."""
_LEAST_RATE_DEVIATION = 0.01
_LEAST_P95_DEVIATION = 0.1
_WEEKS = (7, 14, 21, 28)

_ADDRESS_DAYS_KNOWN = 7
_NEW_ADDRESS_HABIT = 4
_REGULAR_HOURS = 10
_REGULAR_DAYS = 14
_LONGER = 2


class UnusualKind(StrEnum):
    """What is unusual."""

    CALLS = "calls"
    ERRORS = "errors"
    DURATION = "duration"
    ADDRESS = "address"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Hour:
    """What one client asked of one service in the hour from `start_us` (UTC): calls, errors and their p95.

    `p95_bounds_ms` is between what the p95 surely is, see `data.percentiles`.
    """

    start_us: int
    calls: int = 0
    errors: int = 0
    p95_ms: int | None = None
    p95_bounds_ms: tuple[int, int] | None = None

    @property
    def error_rate(self) -> float:
        """From 0 to 1."""
        return self.errors / self.calls if self.calls else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """An hour of a client at a service, and the same hour of the days before, by how many days ago.

    Days before its first call are not among them, and those on which the clock skipped the hour.
    """

    client: Reference
    service: str | None
    hour: Hour
    is_over: bool
    earlier: Mapping[int, Hour]


@dataclass(frozen=True, slots=True)
class History:
    """When and from where a client called, in the 28 days before yesterday's time of day and since.

    `spans` are the first and the last call of each hour that has any, in order; `first_seen` the first call from each
    address; microseconds UTC. `has_ended`: it was revoked or deleted or has expired, so that nobody waits for its calls.
    """

    client: Reference
    spans: Sequence[tuple[int, int]]
    first_seen: Mapping[str, int] = field(default_factory=dict)
    has_ended: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something unusual: whose calls, of which service (None for any), why in one sentence, and the query that shows them."""

    client: Reference
    service: str | None
    kind: UnusualKind
    sentence: str
    query: EventQuery


def hours_in_question(now_us: int, zone: ZoneInfo) -> tuple[int, int]:
    """Where the running hour and the last full one begin (µs), by the zone's clock."""
    running = _hour_start(now_us, zone)
    return running, _hour_start(running - 1, zone)


def same_hour(start_us: int, days_ago: int, zone: ZoneInfo) -> int | None:
    """Where the hour began that the clock showed so many days earlier; None where it skipped that."""
    shown = from_microseconds(start_us).astimezone(zone).replace(tzinfo=None, fold=0) - timedelta(days=days_ago)
    moment = to_microseconds(shown.replace(tzinfo=zone))
    return moment if from_microseconds(moment).astimezone(zone).replace(tzinfo=None, fold=0) == shown else None


def find_unusual(
    comparisons: Sequence[Comparison], histories: Sequence[History], now_us: int, zone: ZoneInfo
) -> tuple[Finding, ...]:
    """All that is unusual, by client; of one kind, at one service, the running hour stands for both."""
    found: dict[tuple[Reference, str | None, UnusualKind, str | None], Finding] = {}
    for comparison in sorted(comparisons, key=lambda one: one.is_over):
        for finding in unusual_hour(comparison, zone):
            found.setdefault((finding.client, finding.service, finding.kind, None), finding)
    for history in histories:
        for finding in (*new_addresses(history, now_us, zone), *long_silence(history, now_us)):
            found[finding.client, None, finding.kind, finding.sentence] = finding
    order = list(UnusualKind)
    return tuple(
        sorted(
            found.values(), key=lambda one: (one.client.label, one.service or "", order.index(one.kind), one.sentence)
        )
    )


def unusual_hour(comparison: Comparison, zone: ZoneInfo) -> Iterator[Finding]:
    """What is unusual about an hour: its calls, its error rate, its p95."""
    hour, earlier = comparison.hour, comparison.earlier
    if hour.calls < LEAST_CALLS:
        return
    when = _when(comparison, zone)

    def finding(kind: UnusualKind, sentence: str) -> Finding:
        during = clause_over(Window(hour.start_us, hour.start_us + HOUR_US), zone)
        clauses = [*_asking_for(comparison.client), during]
        if comparison.service is not None:
            clauses.insert(1, Clause(Key.SERVICE, (Pattern.literal(comparison.service),)))
        return Finding(comparison.client, comparison.service, kind, sentence, EventQuery(tuple(clauses)))

    calls = {ago: float(one.calls) for ago, one in earlier.items()}
    # Of an hour that runs nobody knows how many calls it will have: not few, for all one knows.
    if _is_unusual((hour.calls, hour.calls if comparison.is_over else inf), calls, _calls_by_chance):
        yield finding(UnusualKind.CALLS, f"{hour.calls:,} calls {when}; usually {_range(calls, _count)}")
    busy = {ago: one for ago, one in earlier.items() if one.calls >= _LEAST_SAMPLE_CALLS}
    rates = {ago: one.error_rate for ago, one in busy.items()}
    if _is_unusual((hour.error_rate, hour.error_rate), rates, partial(_rate_by_chance, hour.calls)):
        share = _percent(hour.error_rate)
        yield finding(
            UnusualKind.ERRORS, f"{share} of {hour.calls:,} calls failed {when}; usually {_range(rates, _percent)}"
        )
    p95s = {ago: float(one.p95_ms) for ago, one in busy.items() if one.p95_ms is not None}
    if hour.p95_bounds_ms is not None and _is_unusual(hour.p95_bounds_ms, p95s, _p95_by_chance):
        yield finding(
            UnusualKind.DURATION,
            f"95 of 100 calls took up to {hour.p95_ms:,} ms {when}; usually {_range(p95s, _count)} ms",
        )


def new_addresses(history: History, now_us: int, zone: ZoneInfo) -> Iterator[Finding]:
    """Addresses from which a client called in the last 24 hours, and not in the 28 days before.

    None for a client that is known for less than a week before that, to whom every address is new, and none for one
    that makes a habit of new addresses: on four days or more after its first.
    """
    since = now_us - DAY_US
    if not history.spans:
        return
    known_from = history.spans[0][0]
    if known_from > since - _ADDRESS_DAYS_KNOWN * DAY_US:
        return
    days = {(first - known_from) // DAY_US for first in history.first_seen.values() if first < since}
    if len(days - {0}) >= _NEW_ADDRESS_HABIT:
        return
    for address, first in sorted(history.first_seen.items()):
        if first >= since:
            clauses = (
                *_asking_for(history.client),
                Clause(Key.IP, (Pattern.literal(address),)),
                clause_over(Window(first // _MINUTE_US * _MINUTE_US), zone),
            )
            sentence = f"It called from {address}, as it had not in the {DAYS} days before"
            yield Finding(history.client, None, UnusualKind.ADDRESS, sentence, EventQuery(clauses))


def long_silence(history: History, now_us: int) -> Iterator[Finding]:
    """A client that called regularly, and now has not for more than twice its longest pause.

    Regularly is in ten different hours or more, over two weeks or more, so that its nights and weekends are among its
    pauses. No pause counts for less than an hour.
    """
    spans = history.spans
    if history.has_ended or len(spans) < _REGULAR_HOURS or spans[-1][1] - spans[0][0] < _REGULAR_DAYS * DAY_US:
        return
    longest = max(HOUR_US, *(later[0] - earlier[1] for earlier, later in pairwise(spans)))
    silent = now_us - spans[-1][1]
    if silent > _LONGER * longest:
        sentence = f"No call for {_duration(silent)}; its longest pause was {_duration(longest)}"
        query = EventQuery((*_asking_for(history.client), Clause(Key.LAST, (Span(f"{DAYS}d"),))))
        yield Finding(history.client, None, UnusualKind.SILENCE, sentence, query)


def _is_unusual(
    bounds: tuple[float, float], samples: Mapping[int, float], by_chance: Callable[[Iterable[float]], float]
) -> bool:
    """Whether a figure that is between `bounds` lies beyond what the same hour had, by how many days ago.

    `by_chance` says by how much figures like some deviate by chance alone.
    """
    if len(samples) < _LEAST_SAMPLES:
        return False
    least, most = bounds
    middle = median(samples.values())
    beside = DEVIATIONS * max(by_chance(samples.values()), median(abs(one - middle) for one in samples.values()))
    weekday = [samples[ago] for ago in _WEEKS if ago in samples]
    beside_weekday = DEVIATIONS * by_chance(weekday) if weekday else 0.0
    is_above = least > middle + beside and all(least > one + beside_weekday for one in weekday)
    is_below = most < middle - beside and all(most < one - beside_weekday for one in weekday)
    return is_above or is_below


def _calls_by_chance(samples: Iterable[float]) -> float:
    return sqrt(max(1.0, median(samples)))


def _rate_by_chance(calls: int, samples: Iterable[float]) -> float:
    """Of an error rate of so many calls; where next to none or all failed, as if two were otherwise."""
    rate = min(max(median(samples), 2 / calls), 1 - 2 / calls)
    return max(_LEAST_RATE_DEVIATION, sqrt(rate * (1 - rate) / calls))


def _p95_by_chance(samples: Iterable[float]) -> float:
    return max(1.0, _LEAST_P95_DEVIATION * median(samples))


def _hour_start(moment_us: int, zone: ZoneInfo) -> int:
    shown = from_microseconds(moment_us).astimezone(zone)
    into = timedelta(minutes=shown.minute, seconds=shown.second, microseconds=shown.microsecond)
    return moment_us - into // timedelta(microseconds=1)


def _asking_for(client: Reference) -> tuple[Clause, ...]:
    return (Clause(Key.CLIENT, (Pattern.literal(client.id or client.name or ""),)),)


def _when(comparison: Comparison, zone: ZoneInfo) -> str:
    if not comparison.is_over:
        return "this hour"
    first, last = (
        from_microseconds(moment).astimezone(zone)
        for moment in (comparison.hour.start_us, comparison.hour.start_us + HOUR_US)
    )
    return f"from {first:%H:%M} to {last:%H:%M}"


def _range(samples: Mapping[int, float], shown: Callable[[float], str]) -> str:
    """What most days had: eight of ten of them lie within it."""
    ordered = sorted(samples.values())
    beside = len(ordered) // 10
    first, last = shown(ordered[beside]), shown(ordered[-1 - beside])
    return first if first == last else f"{first} to {last}"


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _duration(length_us: int) -> str:
    """Days and hours, hours and minutes, or minutes."""
    minutes = length_us // _MINUTE_US
    for size, name, smaller, smaller_name in ((1440, "day", 60, "hour"), (60, "hour", 1, "minute")):
        if minutes >= size:
            rest = minutes % size // smaller
            return _several(minutes // size, name) + (f" {_several(rest, smaller_name)}" if rest else "")
    return _several(minutes, "minute")


def _several(count: int, name: str) -> str:
    return f"{count:,} {name}" if count == 1 else f"{count:,} {name}s"
