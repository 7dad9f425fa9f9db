"""From a span's words to instants: what `today` and `2026-q3` are now, in the zone shown."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from data.clock import from_microseconds, to_microseconds
from data.query.model import Key, Span
from data.query.spans import read_last, stretch_of

_MICROSECOND = timedelta(microseconds=1)
_ROLLING_MICROSECONDS = {"m": 60_000_000, "h": 3_600_000_000}
_DAYS = {"d": 1, "w": 7}
_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Window:
    """From `start_us` up to and without `end_us`, in microseconds since 1970-01-01T00:00Z; None is open.

    If `end_us` is not above `start_us`, nothing is in it.
    """

    start_us: int | None = None
    end_us: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it ends where it begins, or before."""
        return self.start_us is not None and self.end_us is not None and self.end_us <= self.start_us

    def holds(self, moment_us: int) -> bool:
        """Whether the moment, in microseconds since 1970-01-01T00:00Z, is inside."""
        if self.start_us is not None and moment_us < self.start_us:
            return False
        return self.end_us is None or moment_us < self.end_us


def resolve_span(key: Key, span: Span, now: datetime, zone: ZoneInfo) -> Window:
    """The window that a span after this key means at `now` (aware) to somebody who is shown times in `zone`.

    A time stands for all of the stretch that it names: `after:` and `before:` mean its first moment, `during:` goes
    from the first moment of the first to the last moment of the last. Raises ValueError for another key, or for words
    that are no time.
    """
    today = now.astimezone(zone).date()
    match key:
        case Key.AFTER:
            return Window(start_us=_first_moment(stretch_of(span.start, today).start, zone))
        case Key.BEFORE:
            return Window(end_us=_first_moment(stretch_of(span.start, today).start, zone))
        case Key.DURING:
            first = stretch_of(span.start, today)
            last = first if span.end is None else stretch_of(span.end, today)
            start_us = _first_moment(first.start, zone)
            return Window(start_us, max(start_us, _moment_after(last.end, zone)))
        case Key.LAST:
            return Window(start_us=_start_of_last(span.start, now, zone))
        case _:
            raise ValueError(f"{key} asks for no time")


def _start_of_last(word: str, now: datetime, zone: ZoneInfo) -> int | None:
    last = read_last(word)
    if last is None:
        return None
    count, unit = last
    if unit in _ROLLING_MICROSECONDS:
        return max(0, to_microseconds(now) - count * _ROLLING_MICROSECONDS[unit])
    today = now.astimezone(zone).date()
    days = min(count * _DAYS[unit], (today - _FIRST_DAY).days + 1)
    first = today - timedelta(days=days - 1)
    return max(0, _first_moment(datetime.combine(first, time.min), zone))


def _first_moment(shown: datetime, zone: ZoneInfo) -> int:
    """The first instant at which the zone's clock shows `shown` or, where it skips that, later."""
    return _instant(shown, zone, fold=0)


def _moment_after(shown: datetime, zone: ZoneInfo) -> int:
    """The instant after the last one at which the zone's clock shows less than `shown`.

    Not simply the first at which it shows `shown`: in autumn an hour passes twice, and both belong to it.
    """
    before = shown - _MICROSECOND
    if shown.tzinfo is None and _is_skipped(before, zone):
        return _instant(before, zone, fold=0)
    return _instant(before, zone, fold=1) + 1


def _instant(shown: datetime, zone: ZoneInfo, fold: int) -> int:
    if shown.tzinfo is not None:
        return to_microseconds(shown)
    if _is_skipped(shown, zone):
        return _leap(shown, zone)
    return to_microseconds(shown.replace(tzinfo=zone, fold=fold).astimezone(UTC))


def _is_skipped(shown: datetime, zone: ZoneInfo) -> bool:
    """Whether the zone's clock never shows this: it was put forward over it (PEP 495: the earlier offset is less)."""
    return _offset(shown, zone, fold=0) < _offset(shown, zone, fold=1)


def _leap(skipped: datetime, zone: ZoneInfo) -> int:
    """The instant at which the zone's clock was put forward over `skipped`."""
    utc = skipped.replace(tzinfo=UTC)
    before, after = (to_microseconds(utc - _offset(skipped, zone, fold)) for fold in (1, 0))
    while after - before > 1:
        middle = (before + after) // 2
        if _shown_at(middle, zone) < skipped:
            before = middle
        else:
            after = middle
    return after


def _shown_at(moment_us: int, zone: ZoneInfo) -> datetime:
    return from_microseconds(moment_us).astimezone(zone).replace(tzinfo=None)


def _offset(shown: datetime, zone: ZoneInfo, fold: int) -> timedelta:
    return shown.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta()
