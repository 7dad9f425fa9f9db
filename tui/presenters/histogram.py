"""The histogram on one row: its ends, its bars, and how many events were not a success; and what one bar stands for."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from data.answers import Bucket, Histogram
from data.clock import from_microseconds
from tui.glyphs import glyphs
from tui.presenters.noun import EVENTS, Noun
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import count_text, day_text, month_text, short_day_text

_LABEL = len(" 20 Nov 23:45 ")
# From these widths of the row on, in cells, so many are for bars.
_BARS_FROM = ((150, 120), (88, 60), (0, 30))
_MICROSECOND = timedelta(microseconds=1)


def bar_cells(width: int) -> int:
    """How many cells of a row that wide are left for bars: the most buckets that can be told apart."""
    most = next(cells for least, cells in _BARS_FROM if width >= least)
    return max(min(most, width - 2 * _LABEL - 2), 1)


def histogram_row(
    histogram: Histogram, width: int, zone: ZoneInfo, marked_us: int | None, cursor: int | None = None
) -> Row:
    """A row of `width` cells; the bucket that holds `marked_us` (µs, UTC) is marked, and that at `cursor` stands out."""
    line = Line(width)
    buckets = histogram.buckets
    if not buckets:
        return line.at(1).add("nothing to draw", Role.FAINT).row()
    first, last = _end_texts(histogram, zone)
    line.at(1).add(first, Role.MUTED).add(" ")
    cells = _cells_each(histogram, width)
    highest = max(bucket.count for bucket in buckets)
    for index, bucket in enumerate(buckets):
        is_marked = marked_us is not None and bucket.start_us <= marked_us < bucket.end_us
        role = Role.TITLE if index == cursor else Role.ACCENT if bucket.count else Role.RULE
        line.add(_bar(bucket, highest) * cells, Role.MARKED if is_marked else role)
    line.add(" ").add(last, Role.MUTED)
    if histogram.not_ok:
        text = f"{count_text(histogram.not_ok)} not ok"
        if line.room > len(text) + 2:
            line.right(text, Role.MUTED, end=width - 1)
    return line.row()


def cell_of(histogram: Histogram, index: int, width: int, zone: ZoneInfo) -> int:
    """The first cell of this bucket's bar in a row of `width` cells."""
    return _begin(histogram, zone) + index * _cells_each(histogram, width)


def bucket_at(histogram: Histogram, cell: int, width: int, zone: ZoneInfo) -> int | None:
    """The index of the bucket whose bar has this cell; None beside the bars."""
    index = (cell - _begin(histogram, zone)) // _cells_each(histogram, width)
    return index if 0 <= index < len(histogram.buckets) else None


def bucket_texts(bucket: Bucket, zone: ZoneInfo, noun: Noun = EVENTS, *, is_counted: bool = True) -> tuple[str, ...]:
    """What a bucket stands for, `19 Nov 2026 · 43 events · 2 not ok`, and the same in fewer and fewer cells."""
    first = from_microseconds(bucket.start_us).astimezone(zone)
    stretch = _stretch_text(first, from_microseconds(bucket.end_us).astimezone(zone))
    if not is_counted:
        return f"{stretch}{_dot()}{glyphs().pending}", glyphs().pending
    not_ok = f"{count_text(bucket.not_ok)} not ok"
    texts = (
        (stretch, noun.counted(bucket.count), not_ok),
        (stretch, count_text(bucket.count), not_ok),
        (count_text(bucket.count), not_ok),
    )
    return tuple(_dot().join(parts) for parts in texts)


def _dot() -> str:
    return f" {glyphs().dot} "


def _end_texts(histogram: Histogram, zone: ZoneInfo) -> tuple[str, str]:
    return end_texts(histogram.buckets[0].start_us, histogram.buckets[-1].end_us, zone)


def _begin(histogram: Histogram, zone: ZoneInfo) -> int:
    return len(f" {_end_texts(histogram, zone)[0]} ")


def _cells_each(histogram: Histogram, width: int) -> int:
    return max(bar_cells(width) // max(len(histogram.buckets), 1), 1)


def _stretch_text(first: datetime, end: datetime) -> str:
    """From the first moment up to and without the end, in whole years, months or days, or else to the minute."""
    last = end - _MICROSECOND
    if not first.hour == first.minute == end.hour == end.minute == 0:
        return f"{day_text(first)} {first:%H:%M}{glyphs().dash}{end:%H:%M}"
    if first.day != 1 or end.day != 1:
        return _one_or_both(day_text(first), day_text(last))
    if first.month == end.month == 1:
        return _one_or_both(str(first.year), str(last.year))
    return _one_or_both(month_text(first), month_text(last))


def _one_or_both(first: str, last: str) -> str:
    return first if first == last else f"{first} {glyphs().dash} {last}"


def _bar(bucket: Bucket, highest: int) -> str:
    bars = glyphs().bars
    if not bucket.count:
        return bars[0]
    return bars[max(round(bucket.count / highest * len(bars)), 2 if highest > 1 else len(bars)) - 1]


def end_texts(start_us: int, end_us: int, zone: ZoneInfo) -> tuple[str, str]:
    """The two ends of a stretch of time (µs, UTC): times within one day, days within a year, else with the year."""
    first = from_microseconds(start_us).astimezone(zone)
    last = from_microseconds(end_us - 1).astimezone(zone)
    if first.date() == last.date():
        return f"{short_day_text(first)} {first:%H:%M}", f"{last:%H:%M}"
    if first.year == last.year:
        return short_day_text(first), short_day_text(last)
    return f"{short_day_text(first)} {first:%y}", f"{short_day_text(last)} {last:%y}"
