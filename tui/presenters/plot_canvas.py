"""One plot as pieces of text, drawn by `textual-plotext`.

The library's own widget writes colours of its own and takes any text for a label. So it is given numbers alone, and our
own short labels; what it draws is taken apart again into runs of one colour, each of which stands for a role. Whoever
lays them out makes them safe, as all text. It is loaded with the first plot: that takes a tenth of a second.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from tui.presenters.pieces import Role

Run = tuple[str, Role]

# What the library writes between cells of different looks, `38;5;N` for colour N.
_LOOK = re.compile("\N{ESCAPE}" + r"\[([0-9;]*)m")
_COLOR = "38;5;"
# Its figures share state, and threads that draw for an older question may still be drawing.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class Curve:
    """Points (x, y) in one look: `marker` as `tui.glyphs` has it, joined or each by itself, filled down to 0 or not."""

    points: Sequence[tuple[float, float]]
    marker: str
    role: Role
    is_joined: bool = True
    is_filled: bool = False


@dataclass(frozen=True, slots=True)
class Scales:
    """What both axes end at: the last x (the first is 0), the highest y (the lowest is 0), and how their ends are called."""

    last: float
    highest: float
    ends: tuple[str, str]
    top: str


def load() -> None:
    """Load the library, if it is not there yet."""
    import textual_plotext.plot  # noqa: F401


def drawn(curves: Sequence[Curve], scales: Scales, width: int, height: int) -> list[list[Run]]:
    """`height` rows of at most `width` cells, the labels of the time below; later curves lie over earlier ones."""
    from textual_plotext.plot import Plot

    with _ONE_AT_A_TIME:
        plot = Plot()
        plot.theme("clear")
        plot.plotsize(width, height)
        plot._set_size(width, height)  # as the library's widget does: `plotsize` alone keeps to the terminal's size
        plot.frame(False)
        plot.xlim(0, max(scales.last, 1))
        plot.ylim(0, max(scales.highest, 1))
        plot.xticks([0, max(scales.last, 1)], list(scales.ends))
        plot.yticks([0, max(scales.highest, 1)], ["0", scales.top])
        for number, curve in enumerate(curves):
            if not curve.points:
                continue
            xs, ys = [x for x, _ in curve.points], [y for _, y in curve.points]
            if curve.is_joined:
                plot.plot(xs, ys, marker=curve.marker, color=number + 1, fillx=curve.is_filled)
            else:
                plot.scatter(xs, ys, marker=curve.marker, color=number + 1)
        text: str = plot.build()
    return [list(_runs(row, curves)) for row in text.split("\n")[:height]]


def _runs(row: str, curves: Sequence[Curve]) -> list[Run]:
    """A row in pieces of one role each; what has no colour is a label."""
    runs: list[Run] = []
    role = Role.MUTED
    for number, part in enumerate(_LOOK.split(row)):
        if number % 2:  # the look of what follows
            color = part.removeprefix(_COLOR)
            role = curves[int(color) - 1].role if part.startswith(_COLOR) else Role.MUTED
        elif part:
            runs.append((part, role))
    return runs
