"""Calls and errors over time, and beside them their p95: the rows above a table of sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from data.answers import CallPoint, CallSeries
from tui.glyphs import glyphs
from tui.presenters.call_sums import duration_text
from tui.presenters.histogram import end_texts
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.plot_canvas import Curve, Run, Scales, drawn
from tui.presenters.values import count_text
from tui.terminal import cells_of

_GAP = 3
# Under so many cells or rows of the pane every one is the table's.
_LEAST_WIDTH, _LEAST_HEIGHT = 60, 18
_LEAST_CANVAS, _MOST_CANVAS = 6, 14
# The name needs the room more than the word does that the sign stands for.
_WORDS_FROM = 100


@dataclass(frozen=True, slots=True)
class PlotSize:
    """The room of both plots together, in cells and rows; `height` is without the heading."""

    width: int
    height: int

    @property
    def rows(self) -> int:
        """All rows that it takes."""
        return self.height + 1

    @classmethod
    def within(cls, width: int, height: int) -> "PlotSize | None":
        """What a pane of this size has room for beside its table; None for no plot."""
        if width < _LEAST_WIDTH or height < _LEAST_HEIGHT:
            return None
        return cls(width, min(max(height // 3, _LEAST_CANVAS), _MOST_CANVAS))


def plot_rows(series: CallSeries, edges: Sequence[int], size: PlotSize, zone: ZoneInfo) -> tuple[Row, ...]:
    """The heading and both plots, side by side. Slow, a few hundredths of a second: nothing for the interface's thread."""
    left = (size.width - _GAP - 2) // 2
    right = size.width - _GAP - 2 - left
    at = 1 + left + _GAP
    ends = end_texts(edges[0], edges[-1], zone)
    calls = _calls_drawn(series.points, ends, left, size.height)
    durations = _durations_drawn(series.points, ends, right, size.height)
    rows = [_heading(series, size.width, at)]
    for one, other in zip(calls, durations, strict=True):
        line = Line(size.width).at(1)
        _add(line, one, until=1 + left)
        line.at(at)
        _add(line, other, until=size.width - 1)
        rows.append(line.row())
    return tuple(rows)


def waiting_rows(size: PlotSize, said: str) -> tuple[Row, ...]:
    """As many rows, with a word in place of the plots, so that nothing moves when they come."""
    return (Line(size.width).at(1).add(said, Role.FAINT).row(), *((),) * size.height)


def _heading(series: CallSeries, width: int, at: int) -> Row:
    """Whose calls these are, and what is drawn how: over each plot its own."""
    calls, errors = (sum(getattr(point, name) for point in series.points) for name in ("calls", "errors"))
    words = " errors" if width >= _WORDS_FROM else ""
    legend = [(f"{count_text(calls)} calls", Role.ACCENT)]
    if errors:
        legend += [("  ", Role.TEXT), (f"{glyphs().failed} {count_text(errors)}{words}", Role.FAILURE)]
    cells = sum(cells_of(text) for text, _ in legend)
    line = Line(width).at(1).add(series.label, Role.TITLE, until=at - _GAP - cells - 2, bold=True)
    line.add("  ")
    _add(line, legend, until=at - _GAP)
    return line.at(at).add("p95", Role.AFTER).row()


def _calls_drawn(points: Sequence[CallPoint], ends: tuple[str, str], width: int, height: int) -> list[list[Run]]:
    """An area, with nothing at all where nothing was called: its lowest cell is as high as a few calls."""
    highest = max((point.calls for point in points), default=0)
    curves = [
        Curve(
            stretch if len(stretch) > 1 else [(stretch[0][0], 0), *stretch], glyphs().plot_area, Role.ACCENT, True, True
        )
        for stretch in _stretches([point.calls or None for point in points])
    ]
    errors = [(number, point.errors) for number, point in enumerate(points) if point.errors]
    curves.append(Curve(errors, glyphs().failed, Role.FAILURE, is_joined=False))
    return _padded(drawn(curves, Scales(len(points) - 1, highest, ends, count_text(highest)), width, height), height)


def _durations_drawn(points: Sequence[CallPoint], ends: tuple[str, str], width: int, height: int) -> list[list[Run]]:
    """A line that is broken where nothing was called."""
    known = [point.p95_ms for point in points if point.p95_ms is not None]
    if not known:
        return _padded([[("no durations were noted", Role.FAINT)]], height)
    curves = [
        Curve(stretch, glyphs().plot_line, Role.AFTER, is_joined=len(stretch) > 1)
        for stretch in _stretches([point.p95_ms for point in points])
    ]
    scales = Scales(len(points) - 1, max(known), ends, duration_text(max(known)))
    return _padded(drawn(curves, scales, width, height), height)


def _stretches(values: Sequence[int | None]) -> list[list[tuple[float, float]]]:
    """The points (number, value) of each run of values that are known."""
    found: list[list[tuple[float, float]]] = []
    for number, value in enumerate(values):
        if value is None:
            continue
        if not found or found[-1][-1][0] != number - 1:
            found.append([])
        found[-1].append((number, value))
    return found


def _padded(rows: list[list[Run]], height: int) -> list[list[Run]]:
    return [*rows[:height], *([[]] * (height - len(rows)))]


def _add(line: Line, runs: Sequence[Run], until: int) -> None:
    for text, role in runs:
        line.add(text, role, until=until)
