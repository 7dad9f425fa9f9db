"""The box in the sidebar in which one types what to look for."""

from collections.abc import Callable

from textual.geometry import NULL_SPACING, Offset, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget

from tui.keymap import Scope, bindings
from tui.presenters.dimension_rows import BOX_AT, BOX_END
from tui.widgets.safe_input import SafeInput

_MOST_CHARACTERS = 200


class NarrowBox(SafeInput):
    """A line of text; the arrow down leaves it for what was found."""

    BINDINGS = bindings(Scope.NARROW)

    class Left(Message):
        """The person goes on to what was found."""

    def __init__(self) -> None:
        super().__init__(compact=True, select_on_focus=False, max_length=_MOST_CHARACTERS)

    def action_leave(self) -> None:
        self.post_message(self.Left())


class BoxLayout(Layout):
    """Places the box in its row, counted from the top of its parent, and nothing else; without a row, nowhere."""

    name = "box"

    def __init__(self, row_of_box: Callable[[], int | None]) -> None:
        self._row_of_box = row_of_box

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        row = self._row_of_box()
        if row is None or not 0 <= row < size.height:
            return []
        region = Region(BOX_AT, row, max(size.width - BOX_AT - BOX_END, 1), 1)
        return [WidgetPlacement(region, Offset(), NULL_SPACING, child) for child in children]
