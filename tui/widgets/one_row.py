"""Widgets of one row that draw what a presenter made of their state."""

from textual.strip import Strip
from textual.widget import Widget

from tui.presenters.pieces import Row
from tui.themes import palette_of
from tui.widgets.painting import blank, paint


class OneRow(Widget):
    """One row on one of the palette's colours; `make_row` says what stands in it at a width."""

    ALLOW_SELECT = False
    background_role = "background"

    def make_row(self, width: int) -> Row:
        """The row for that many cells."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app.theme)
        ground = palette.ground(self.background_role)
        width = self.size.width
        return paint(self.make_row(width), width, ground) if y == 0 else blank(width, ground)
