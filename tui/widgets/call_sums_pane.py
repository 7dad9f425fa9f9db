"""Calls by client, service or action: a table, and above it the calls of the row under the cursor over time."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from textual.geometry import Size
from textual.message import Message

from data.answers import CallGroup, CallStatistics, Dimension
from data.query import Value
from data.query.editing import Way
from data.unusual import Finding
from tui.keymap import Scope, bindings
from tui.presenters.call_plot import PlotSize, waiting_rows
from tui.presenters.call_sums import SumOrder, more_row, sorted_groups, sum_head, sum_row, unusual_of
from tui.presenters.findings import said_rows
from tui.presenters.pieces import Row
from tui.widgets.row_pane import PaneItem, RowPane


@dataclass(frozen=True, slots=True)
class CallSums:
    """What the pane shows: the sums with what is unusual about them as of `now`, or what is said in their place."""

    dimension: Dimension
    now: datetime
    statistics: CallStatistics | None = None
    findings: tuple[Finding, ...] = ()
    said: tuple[str, ...] = ()


class CallSumsPane(RowPane):
    """Shows `CallSums`; says where the cursor is and what the keys ask for, and changes nothing by itself."""

    BINDINGS = bindings(Scope.MOVING, Scope.SUMS)

    class Moved(Message):
        """Another row is under the cursor, or the plot has other room: it is to be drawn anew."""

    class Followed(Message):
        """The calls of this row are wanted."""

        def __init__(self, value: Value) -> None:
            super().__init__()
            self.value = value

    class ValueWanted(Message):
        """The query is to be changed by the value of this row."""

        def __init__(self, value: Value, way: Way) -> None:
            super().__init__()
            self.value = value
            self.way = way

    def __init__(self, zone: ZoneInfo, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._zone = zone
        self._sums: CallSums | None = None
        self._order = SumOrder.CALLS
        self._plot: tuple[PlotSize, tuple[Row, ...]] | None = None
        self._groups: dict[Hashable, CallGroup] = {}
        self._stood_on: dict[Dimension, Hashable] = {}  # also while something else is said in place of the rows
        self.display = False

    @property
    def current(self) -> CallGroup | None:
        """The group under the cursor."""
        return self._groups.get(self.current_key)

    @property
    def plot_size(self) -> PlotSize | None:
        """The room that there is for a plot; None where there is none."""
        return PlotSize.within(self.size.width, self.size.height)

    def show(self, sums: CallSums) -> None:
        """Show other sums; the cursor stays on the row that it was on, if there is one like it."""
        is_other = self._sums is None or self._sums.dimension is not sums.dimension
        self._sums = sums
        self._fill(to_start=is_other)

    def show_plot(self, rows: Sequence[Row] | None, said: str = "") -> None:
        """The plot, drawn for the size that there is; without one, a word in its place."""
        size = self.plot_size
        if size is not None:
            self._plot = (size, tuple(rows) if rows is not None else waiting_rows(size, said))
            self._show_head()

    def on_resize(self) -> None:
        self._fill()
        self.post_message(self.Moved())

    def action_follow(self) -> None:
        current = self.current
        if current is not None:
            self.post_message(self.Followed(current.value))

    def action_row_value(self, way: str) -> None:
        current = self.current
        if current is not None:
            self.post_message(self.ValueWanted(current.value, Way(way)))

    def action_sort(self) -> None:
        self._order = self._order.next
        self._fill()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return container.height

    def _put_cursor(self, index: int) -> None:
        before = self.current_key
        super()._put_cursor(index)
        self._stand()
        if self.current_key != before:
            self.post_message(self.Moved())

    def _fill(self, *, to_start: bool = False) -> None:
        sums, width = self._sums, self.size.width
        if sums is None or not width:
            return
        before, stood_on = self.current_key, self._stood_on.get(sums.dimension)
        self._show_head()
        groups = () if sums.statistics is None else sums.statistics.groups
        self._groups = {group.value: group for group in groups}
        items = [
            PaneItem(
                sum_row(group, unusual_of(group, sums.dimension, sums.findings), sums.now, width, self._zone),
                group.value,
            )
            for group in sorted_groups(groups, self._order)
        ]
        if sums.said:
            items.append(PaneItem(said_rows(sums.said, width)))
        if sums.statistics is not None and len(groups) < sums.statistics.distinct:
            items.append(PaneItem(((), more_row(len(groups), sums.statistics.distinct, sums.dimension, width))))
        self.show_items(items, to_start=to_start)
        if self.current_key != stood_on and stood_on in self._groups:
            self.move_to_key(stood_on)
        self._stand()
        if self.current_key != before:
            self.post_message(self.Moved())

    def _stand(self) -> None:
        if self._sums is not None and self.current_key is not None:
            self._stood_on[self._sums.dimension] = self.current_key

    def _show_head(self) -> None:
        sums, width, size = self._sums, self.size.width, self.plot_size
        if sums is None or sums.statistics is None or not sums.statistics.groups or not width:
            self.show_head()
            return
        plot: tuple[Row, ...] = ()
        if size is not None:
            fits = self._plot is not None and self._plot[0] == size
            plot = self._plot[1] if self._plot is not None and fits else waiting_rows(size, "")
        self.show_head(*plot, sum_head(sums.dimension, self._order, width))
