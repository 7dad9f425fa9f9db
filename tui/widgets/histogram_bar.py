"""The histogram above the deck; while the query is edited, what is to be said about it stands here instead.

With the focus it is a pane: a cursor on one of its buckets, and below the bars what that bucket holds.
"""

from zoneinfo import ZoneInfo

from textual import events
from textual.message import Message

from data.answers import Bucket, Histogram
from data.query import Window
from tui.glyphs import glyphs
from tui.keymap import Scope, bindings
from tui.presenters.histogram import bucket_at, bucket_texts, cell_of, histogram_row
from tui.presenters.noun import EVENTS, Noun
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import cells_of, safe
from tui.widgets.drawn import DrawnRow
from tui.widgets.one_row import OneRow


class HistogramBar(OneRow, can_focus=True):
    """Events over time; the bucket of the selected card is marked."""

    BINDINGS = bindings(Scope.HISTOGRAM)

    class Narrowed(Message):
        """Only this window is wanted of the time that is shown."""

        def __init__(self, window: Window) -> None:
            super().__init__()
            self.window = window

    class Hidden(Message):
        """It had the focus, and is not seen any more."""

    def __init__(self, zone: ZoneInfo, noun: Noun = EVENTS, *, id: str | None = None) -> None:
        """`noun` is for what a bucket holds."""
        super().__init__(id=id)
        self._zone = zone
        self._noun = noun
        self._histogram: Histogram | None = None
        self._drawn: Histogram | None = None  # the last that there was: the keys go on over its bars
        self._marked_us: int | None = None
        self._cursor_us: int | None = None
        self._hint: tuple[tuple[str, ...], Role, int | None] | None = None

    @property
    def can_be_entered(self) -> bool:
        """Whether it is on the screen, as a histogram."""
        return self.display and self._hint is None

    def enter(self) -> None:
        """Take the focus, with the cursor on the bucket of the selected card."""
        self._cursor_us = self._marked_us
        self.screen.set_focus(self)  # at once: the next key may have come together with this one

    @property
    def cursor(self) -> int | None:
        """The index of the bucket under the cursor: that of its moment, or the nearest; None without a bucket."""
        last = len(self._buckets) - 1
        if last < 0:
            return None
        at = self._cursor_us
        return last if at is None else next((i for i, bucket in enumerate(self._buckets) if at < bucket.end_us), last)

    @property
    def current(self) -> Bucket | None:
        """The bucket under the cursor; while another histogram is counted, one of the last."""
        cursor = self.cursor
        return None if cursor is None else self._buckets[cursor]

    def show(self, histogram: Histogram | None) -> None:
        """Another histogram; None while it is being counted."""
        self._histogram = histogram
        self._drawn = histogram or self._drawn
        self.refresh()

    def mark(self, moment_us: int | None) -> None:
        """Mark the bucket of this moment (µs, UTC). Only a change of bucket is drawn."""
        if self._bucket(moment_us) != self._bucket(self._marked_us):
            self.refresh()
        self._marked_us = moment_us

    def hint(self, *texts: str, role: Role = Role.MUTED, points_at: int | None = None) -> None:
        """Say the longest of these texts that has room, with a caret at the cell `points_at`, instead of the histogram.

        No text takes the hint away.
        """
        self._hint = (texts, role, points_at) if texts else None
        self.set_class(bool(texts), "-hinting")
        self.refresh()

    def allow_focus(self) -> bool:
        return self.can_be_entered

    def action_move(self, by: int) -> None:
        cursor = self.cursor
        if cursor is not None:
            self._put_cursor(cursor + by)

    def action_home(self) -> None:
        self._put_cursor(0)

    def action_end(self) -> None:
        self._put_cursor(len(self._buckets) - 1)

    def action_narrow(self, side: str) -> None:
        """`since` the bucket under the cursor, `until` it, or it `only`."""
        bucket = self.current
        if bucket is not None:
            start = None if side == "until" else bucket.start_us
            end = None if side == "since" else bucket.end_us
            self.post_message(self.Narrowed(Window(start, end)))

    def on_click(self, event: events.Click) -> None:
        if self._hint is not None or self._drawn is None:
            return
        index = bucket_at(self._drawn, event.x, self.size.width, self._zone) if event.y == 0 else None
        if index is not None:
            self._put_cursor(index)
            if event.chain > 1:
                self.action_narrow("only")

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_hide(self) -> None:
        self.post_message(self.Hidden())

    def make_row(self, width: int) -> Row:
        if self._hint is not None:
            return _hint_row(width, *self._hint)
        if self._histogram is None:
            return Line(width).at(1).add(glyphs().pending, Role.FAINT).row()
        cursor = self.cursor if self.has_focus else None
        return histogram_row(self._histogram, width, self._zone, self._marked_us, cursor)

    def row_drawn(self, y: int) -> DrawnRow:
        bucket, cursor = self.current, self.cursor
        if y != 1 or self._drawn is None or bucket is None or cursor is None:
            return super().row_drawn(y)
        width = self.size.width
        texts = bucket_texts(bucket, self._zone, self._noun, is_counted=self._histogram is not None)
        row = _hint_row(width, texts, Role.TITLE, cell_of(self._drawn, cursor, width, self._zone))
        return row, self.background_role

    @property
    def _buckets(self) -> tuple[Bucket, ...]:
        return () if self._drawn is None else self._drawn.buckets

    def _put_cursor(self, index: int) -> None:
        if self._buckets:
            self._cursor_us = self._buckets[min(max(index, 0), len(self._buckets) - 1)].start_us
            self.refresh()

    def _bucket(self, moment_us: int | None) -> int | None:
        if self._histogram is None or moment_us is None:
            return None
        buckets = self._histogram.buckets
        return next((index for index, one in enumerate(buckets) if one.start_us <= moment_us < one.end_us), None)


def _hint_row(width: int, texts: tuple[str, ...], role: Role, points_at: int | None) -> Row:
    line = Line(width)
    if points_at is not None and 0 < points_at < width:
        for text in texts:
            cells = cells_of(safe(text, limit=width))
            if points_at + 3 + cells < width:
                return line.at(points_at).add(f"^ {text}", role).row()
            if cells + 2 < points_at:
                return line.at(points_at - cells - 1).add(f"{text} ^", role).row()
    return line.at(1).add(texts[0], role).row()
