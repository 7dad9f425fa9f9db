"""An event log's keys that go from pane to pane: cards, filters, histogram."""

from textual import events, on

from tui.painted_screen import PaintedScreen
from tui.widgets.filter_sidebar import FilterSidebar
from tui.widgets.histogram_bar import HistogramBar
from tui.widgets.query_bar import QueryBar
from tui.widgets.reading_pane import ReadingPane


class PaneKeys(PaintedScreen[None]):
    """The part of the screen that says which pane has the focus."""

    _histogram: HistogramBar
    _pane: ReadingPane
    _query_bar: QueryBar
    _sidebar: FilterSidebar

    def on_resize(self, _: events.Resize) -> None:
        """After the screen's own, which says whether it is narrow now."""
        self._draw_out(is_out=self._sidebar.shows_cursor)

    def action_filters(self) -> None:
        if self._sidebar.shows_cursor:
            self._leave_sidebar()
        else:
            self._draw_out(is_out=True)
            self.set_focus(self._sidebar)  # at once: the next key may have come together with this one

    def action_next_pane(self) -> None:
        """From the cards to the filters, on to the histogram where there is one, and back."""
        if self._histogram.has_focus:
            self._pane.take_focus()
            return
        goes_on = self._sidebar.shows_cursor and self._histogram.can_be_entered
        self.action_filters()
        if goes_on:
            self._histogram.enter()

    @on(FilterSidebar.Left)
    def _leave_sidebar(self) -> None:
        self.remove_class("-drawer")
        self._sidebar.close_box()
        if self._query_bar.is_editing:
            self._query_bar.take_focus()
        else:
            self._pane.take_focus()

    @on(HistogramBar.Hidden)
    def _leave_hidden_histogram(self) -> None:
        if self.focused is None:
            self._pane.take_focus()

    def _draw_out(self, *, is_out: bool) -> None:
        """Have the filters lie over the deck, where they do: elsewhere nothing has to be styled anew."""
        self.set_class(is_out and self.has_class("-narrow"), "-drawer")
