"""An event log's keys about how far is looked: since, until or only what has the cursor, and into the archive."""

from zoneinfo import ZoneInfo

from textual import on

from data.clock import Clock, from_microseconds, to_microseconds
from data.query import Window
from data.query.bounds import narrowed
from data.query.editing import archive_toggled
from tui.painted_screen import PaintedScreen
from tui.reading.history import Place
from tui.reading.log_reading import LogReading
from tui.screens.event_log.display import LogDisplay
from tui.widgets.histogram_bar import HistogramBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.reading_pane import ReadingPane


class HistogramKeys(PaintedScreen[None]):
    """The part of the screen that says how far the query looks."""

    reading: LogReading
    _clock: Clock
    _zone: ZoneInfo
    _pane: ReadingPane
    _keys: KeyBar
    _display: LogDisplay

    def action_archive(self) -> None:
        query = archive_toggled(self.reading.query)
        self.reading.ask(query)
        self._keys.show_notice(self._display.beyond.toggled_text(query))

    def action_bound_here(self, side: str) -> None:
        """`since` or `until` the selected card, itself included."""
        current = self._pane.current
        if current is None:
            return
        at = to_microseconds(current.occurred_at)
        if side == "until":
            self._narrow(Window(end_us=at + 1))
        else:
            snapshot = self.reading.snapshot if self.reading.is_answered else None
            self._narrow(Window(start_us=at), None if snapshot is None else Place(current.id, None, snapshot))

    @on(HistogramBar.Narrowed)
    def _narrow_to_bucket(self, message: HistogramBar.Narrowed) -> None:
        self._narrow(message.window)

    def _narrow(self, window: Window, place: Place | None = None) -> None:
        snapshot = self.reading.snapshot
        now = self._clock() if snapshot is None else from_microseconds(snapshot.taken_at_us)
        query = narrowed(self.reading.query, window, now, self._zone)
        if query is None:
            self._keys.show_notice("This lies outside the dates that were asked for.")
        elif query == self.reading.query:
            self._keys.show_notice("The dates are narrower than that already.")
        else:
            self.reading.ask(query, place)
