"""Reading what the requests sum up to, by client, service or action: the table, its plot, and when each is asked for."""

import logging
from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from data.answers import CallStatistics, CallTimeline, Dimension, Snapshot
from data.clock import Clock
from data.errors import AuditdeckError
from data.query import EventQuery, Value
from data.stop import Stop
from data.unusual import Finding
from tui.glyphs import glyphs
from tui.jobs import Jobs
from tui.keymap import Scope, key_of
from tui.presenters import plot_canvas
from tui.presenters.call_plot import PlotSize, plot_rows
from tui.presenters.call_sums import NAMES
from tui.presenters.pieces import Row
from tui.reading.questions import SHEET, LogOpener
from tui.restartable_timer import RestartableTimer
from tui.screens.event_log.patience import Patience
from tui.widgets.call_sums_pane import CallSums, CallSumsPane
from tui.widgets.reading_pane import ReadingPane

_LOG = logging.getLogger("auditdeck.sums")

_PLOT = "plot"
# More clients than these are looked for by the filters.
_MOST_GROUPS = 200
# A cursor that is held down passes over rows whose plots nobody would see.
_REST_S = 0.05


class SumsReading:
    """Has the place of the cards while one of its tabs is open, and gives it back where the cards have to say something.

    The sums are asked for once the query has its first calls, over the same snapshot; what they are over time after
    them. The plot of the row under the cursor is drawn in a thread, too.
    """

    scope = Scope.SUMS

    def __init__(
        self,
        jobs: Jobs,
        log: LogOpener,
        cards: ReadingPane,
        clock: Clock,
        zone: ZoneInfo,
        most_buckets: Callable[[], int],
    ) -> None:
        """`most_buckets` says how many bars the histogram above has: the plot has as many."""
        self._jobs = jobs
        self._log = log
        self._cards = cards
        self._clock = clock
        self._zone = zone
        self._most_buckets = most_buckets
        self._dimension: Dimension | None = None
        self._shown: Dimension | None = None
        self._query = EventQuery()
        self._snapshot: Snapshot | None = None
        self._statistics: CallStatistics | None = None
        self._findings: tuple[Finding, ...] = ()
        self._timeline: CallTimeline | None = None
        self._plots: dict[tuple[Value, PlotSize], tuple[Row, ...]] = {}
        self._is_pending = self._has_failed = False
        self.pane = CallSumsPane(zone, id="call-sums")
        self._patience = Patience(self.pane, lambda: self._is_pending, self._say_looking)
        self._rest = RestartableTimer(self.pane)

    @property
    def is_open(self) -> bool:
        return bool(self.pane.display)

    @property
    def is_resting(self) -> bool:
        """Whether a plot is about to be drawn."""
        return self._rest.is_running

    @property
    def dimension(self) -> Dimension | None:
        """What calls are summed up by; None while none of the tabs is open."""
        return self._dimension

    def open(self, dimension: Dimension, query: EventQuery, snapshot: Snapshot | None) -> None:
        """Show the calls of the query by this. Without a snapshot it is not answered yet: `answered` is waited for."""
        if dimension is not self._shown:
            self._statistics = self._timeline = None
        self._dimension = dimension
        self.asked(query)
        if snapshot is not None:
            self.answered(snapshot)

    def leave(self) -> None:
        """Another tab is shown."""
        self._dimension = None
        self.close()

    def close(self) -> None:
        if self.is_open:
            self._jobs.drop(SHEET, _PLOT)
            self._rest.stop()
            self._is_pending = False
            self.pane.display = False
            self._cards.give_place_to(None)

    def asked(self, query: EventQuery) -> None:
        if self._dimension is None:
            return
        self._query = query
        self._jobs.drop(SHEET)
        self._is_pending, self._has_failed = True, False
        if self._statistics is None or self._shown is not self._dimension:
            self._show()  # nothing yet; else the sums of the query before stay until the others are here
        if not self.is_open:
            self.pane.display = True
            self._cards.give_place_to(self.pane)
        self._patience.begin()

    def answered(self, snapshot: Snapshot) -> None:
        dimension, query = self._dimension, self._query
        if dimension is None:
            return
        self._snapshot = snapshot
        if not self._cards.window.events:
            self._statistics = self._timeline = None
            self.close()  # the cards say what there is to do
            return
        self._is_pending = True
        self._jobs.ask(
            SHEET,
            lambda stop: self._log().request_statistics.groups(
                dimension, query, snapshot, limit=_MOST_GROUPS, stop=stop
            ),
            self._got,
            self._failed,
        )

    def found(self) -> None:
        if self._has_failed and self._snapshot is not None:
            self.answered(self._snapshot)

    def called_off(self) -> None:
        if self._is_pending:
            self._say("Called off", f"{key_of('log.refresh')} asks again.")
        elif self._timeline is None and self.is_open:
            self.pane.show_plot(None, f"called off; {key_of('log.refresh')} asks again")

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """What is unusual now."""
        self._findings = findings
        if self.is_open and self._statistics is not None:
            self._show()

    def moved(self) -> None:
        """Another row is under the cursor, or there is other room for its plot."""
        current, size, timeline = self.pane.current, self.pane.plot_size, self._timeline
        self._rest.stop()
        self._jobs.drop(_PLOT)
        if current is None or size is None or timeline is None:
            return
        drawn = self._plots.get((current.value, size))
        if drawn is not None:
            self.pane.show_plot(drawn)
        else:
            self._rest.start(_REST_S, partial(self._draw, timeline, current.value, size))

    def _got(self, statistics: CallStatistics) -> None:
        self._is_pending = False
        is_other = self._shown is not statistics.dimension or self._statistics is None
        self._statistics, self._shown = statistics, statistics.dimension
        if is_other:
            self._timeline = None
            self.pane.show_plot(None, glyphs().pending)
        if statistics.groups:
            self._show()
            self._ask_timeline(statistics.dimension)
        else:
            self._say(f"None of these calls names {_one(statistics.dimension)}")

    def _ask_timeline(self, dimension: Dimension) -> None:
        query, snapshot, most_buckets = self._query, self._snapshot, self._most_buckets()
        if snapshot is None:
            return

        def question(stop: Stop) -> CallTimeline:
            timeline = self._log().request_statistics.timeline(
                dimension, query, snapshot, most_groups=_MOST_GROUPS, most_buckets=most_buckets, stop=stop
            )
            plot_canvas.load()
            return timeline

        self._jobs.ask(SHEET, question, self._got_timeline, self._failed_to_plot)

    def _got_timeline(self, timeline: CallTimeline) -> None:
        self._timeline = timeline
        self._plots.clear()
        self.moved()

    def _draw(self, timeline: CallTimeline, value: Value, size: PlotSize) -> None:
        series = next((one for one in timeline.series if one.value == value), None)
        if series is None:
            return

        def drawn(rows: tuple[Row, ...]) -> None:
            self._plots[value, size] = rows
            self.pane.show_plot(rows)

        self._jobs.ask(
            _PLOT, lambda _: plot_rows(series, timeline.edges, size, self._zone), drawn, self._failed_to_plot
        )

    def _failed(self, error: AuditdeckError) -> None:
        _LOG.warning("sums: %s", error)
        self._say("This could not be read", str(error), f"{key_of('log.refresh')} tries again.")
        self._has_failed = True

    def _failed_to_plot(self, error: AuditdeckError) -> None:
        _LOG.warning("plot: %s", error)
        self.pane.show_plot(None, f"This could not be plotted. {error}")

    def _say_looking(self, headline: str, way_out: str) -> None:
        self._say(headline, way_out)
        self._is_pending = True

    def _say(self, *texts: str) -> None:
        self._is_pending = self._has_failed = False
        self._statistics = self._timeline = None
        self._show(texts)

    def _show(self, said: tuple[str, ...] = ()) -> None:
        dimension = self._dimension
        if dimension is not None:
            statistics = self._statistics if self._shown is dimension else None
            self.pane.show(CallSums(dimension, self._clock(), statistics, self._findings, said))


def _one(dimension: Dimension) -> str:
    name = NAMES[dimension].lower()
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
