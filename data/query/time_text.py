"""From instants to words: the plainest text that means exactly a given stretch of time, in the zone shown."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from data.clock import EPOCH, from_microseconds
from data.query.model import EVERYTHING, Clause, Key, Span
from data.query.times import Window, resolve_span
from data.query.unfit import Unfit

# Finer than a day nothing is said of both ends at once: an end may be any microsecond.
_CALENDAR: tuple[Callable[[datetime], str], ...] = (
    lambda shown: f"{shown.year:04d}",
    lambda shown: f"{shown.year:04d}-q{(shown.month + 2) // 3}",
    lambda shown: f"{shown.year:04d}-{shown.month:02d}",
)
_MINUTE = timedelta(minutes=1)
_UTC = ZoneInfo("UTC")


def clause_over(window: Window, zone: ZoneInfo) -> Clause:
    """The clause that selects just this window: `after:`, `before:` or `during:`; `last:all` for one open on both sides.

    Whole days are dates, and whole months, quarters and years those; anything else is a time of day, as exact as it has
    to be. What no query can say, a year out of its reach, is written all the same, and refused where it is read.
    """
    start, end = window.start_us, window.end_us
    if start is None and end is None:
        return EVERYTHING
    if end is None and start is not None:
        return Clause(Key.AFTER, (Span(_start_word(start, zone)),))
    if start is None and end is not None:
        return Clause(Key.BEFORE, (Span(_start_word(end, zone)),))
    assert start is not None and end is not None
    return Clause(Key.DURING, (_span_between(start, end, zone),))


def start_word_anywhere(start_us: int) -> str:
    """The plainest word with an offset for a stretch that begins there: it means the same in every zone."""
    shown = from_microseconds(start_us)
    return _fitting(_times_in_utc(shown), lambda window: window.start_us == start_us, _UTC)


def end_word_anywhere(end_us: int) -> str:
    """The same for a stretch that ends there, the moment itself outside."""
    shown = from_microseconds(end_us - 1)
    return _fitting(_times_in_utc(shown), lambda window: window.end_us == end_us, _UTC)


def _span_between(start_us: int, end_us: int, zone: ZoneInfo) -> Span:
    first, last = (from_microseconds(moment).astimezone(zone) for moment in (start_us, end_us - 1))
    for write in _CALENDAR:
        if _means(write(first), zone).start_us == start_us and _means(write(last), zone).end_us == end_us:
            return _span(write(first), write(last))
    return _span(_start_word(start_us, zone), _end_word(end_us, zone))


def _span(first: str, last: str) -> Span:
    return Span(first) if first == last else Span(first, last)


def _start_word(start_us: int, zone: ZoneInfo) -> str:
    """The plainest word for a stretch that begins there."""
    return _plainest(from_microseconds(start_us).astimezone(zone), lambda window: window.start_us == start_us, zone)


def _end_word(end_us: int, zone: ZoneInfo) -> str:
    """The plainest word for a stretch that ends there, the moment itself outside."""
    return _plainest(from_microseconds(end_us - 1).astimezone(zone), lambda window: window.end_us == end_us, zone)


def _plainest(shown: datetime, fits: Callable[[Window], bool], zone: ZoneInfo) -> str:
    """The first word for this time that fits; the last one if none does."""
    return _fitting(_words(shown), fits, zone)


def _fitting(words: Iterator[str], fits: Callable[[Window], bool], zone: ZoneInfo) -> str:
    word = ""
    for word in words:
        if fits(_means(word, zone)):
            return word
    return word


def _words(shown: datetime) -> Iterator[str]:
    """The day, then times of day; last those that name their offset, for an hour that the zone's clock shows twice."""
    yield shown.date().isoformat()
    yield from _times(shown)
    offset = shown.utcoffset() or timedelta()
    if offset % _MINUTE == timedelta():
        minutes = offset // _MINUTE
        sign = "-" if minutes < 0 else "+"
        written = f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
        yield from (f"{word}{written}" for word in _times(shown))
    yield from _times_in_utc(shown)


def _times_in_utc(shown: datetime) -> Iterator[str]:
    return (f"{word}z" for word in _times(shown.astimezone(UTC)))


def _times(shown: datetime) -> Iterator[str]:
    minute = f"{shown.date().isoformat()}t{shown:%H:%M}"
    second = f"{minute}:{shown:%S}"
    fraction = f"{shown.microsecond:06d}"
    yield minute
    yield second
    yield from (f"{second}.{fraction[:digits]}" for digits in range(1, 7))


def _means(word: str, zone: ZoneInfo) -> Window:
    """What `during:` makes of an absolute word; an open window for one out of reach."""
    try:
        return resolve_span(Key.DURING, Span(word), EPOCH, zone)
    except Unfit:
        return Window()
