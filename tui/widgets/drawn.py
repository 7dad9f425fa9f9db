"""A widget that is nothing but the rows that it draws."""

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from tui.presenters.pieces import Row
from tui.themes import palette_of
from tui.widgets.painting import paint, paint_once

DrawnRow = tuple[Row, str]
"""What stands in a row, and the palette's colour that it lies on."""


class Drawn(Widget):
    """Says what stands in each row. A row that is as it was is the same strip as before, whatever else has changed.

    Textual would work out borders, padding and opacity for each row, and make new strips of all rows of the widget.
    """

    ALLOW_SELECT = False
    shows_secrets = False
    """Whether nothing of what it draws may be kept."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows_drawn: dict[int, DrawnRow] = {}
        self._fits: Size | None = None
        self._is_fitting = False

    def row_drawn(self, y: int) -> DrawnRow:
        """What is drawn in a row, counted from the top."""
        raise NotImplementedError

    def fit(self) -> None:
        """Make anew what depends on the size: it has another one.

        Asked before it is drawn at that size, and not when a message of it comes: that would be a second frame.
        """

    def redraw(self) -> None:
        """Draw those rows anew that are no longer what was drawn."""
        if self._is_fitting:  # all rows are about to be drawn
            return
        width, height = self.size
        before = self._rows_drawn
        changed = [Region(0, y, width, 1) for y in range(height) if before.get(y) != self.row_drawn(y)]
        if changed:
            self.refresh(*changed)

    def on_resize(self) -> None:
        self._fit(self.size)
        self.redraw()

    def on_hide(self) -> None:
        self._fits = None  # what changes meanwhile finds no size to be made for

    def render_line(self, y: int) -> Strip:
        return self._strip(y, self.size.width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The strips of this part of the widget."""
        size = self.size
        self._fit(size)
        if not self._is_bare(size):
            return super().render_lines(crop)
        strips = [self._strip(y, size.width) for y in crop.line_range]
        filters = self.get_line_filters()
        if filters:
            _, background = self.background_colors
            for one in filters:
                strips = [strip.apply_filter(one, background) for strip in strips]
        if crop.column_span != (0, size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def _strip(self, y: int, width: int) -> Strip:
        row, ground = drawn = self.row_drawn(y)
        ground_here = palette_of(self.app.theme).ground(ground)
        if self.shows_secrets:
            return paint(row, width, ground_here)
        self._rows_drawn[y] = drawn
        return paint_once(row, width, ground_here)

    def _is_bare(self, size: Size) -> bool:
        """Whether no style sheet has it look otherwise than it draws itself."""
        return self.outer_size == size and self.opacity == 1.0 and not self.styles.tint.a

    def _fit(self, size: Size) -> None:
        if self._fits != size:
            self._fits = size
            self._is_fitting = True
            try:
                self.fit()
            finally:
                self._is_fitting = False
