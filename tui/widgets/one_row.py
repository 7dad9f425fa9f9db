"""Widgets of one row that draw what a presenter made of their state."""

from tui.presenters.pieces import Row
from tui.widgets.drawn import Drawn, DrawnRow


class OneRow(Drawn):
    """One row on one of the palette's colours; `make_row` says what stands in it at a width."""

    background_role = "background"

    def make_row(self, width: int) -> Row:
        """The row for that many cells."""
        raise NotImplementedError

    def row_drawn(self, y: int) -> DrawnRow:
        return (self.make_row(self.size.width) if y == 0 else ()), self.background_role
