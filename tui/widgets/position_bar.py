"""Where the deck is in the whole answer: one column beside it."""

from textual.strip import Strip
from textual.widget import Widget

from tui.glyphs import glyphs
from tui.presenters.pieces import Piece, Role
from tui.themes import palette_of
from tui.widgets.painting import blank, paint


class PositionBar(Widget):
    """A thumb on a track. Drawn anew only when the thumb moves by a cell."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._thumb: tuple[int, int] | None = None

    def show(self, index: int | None, total: int | None, visible: int) -> None:
        """The card number `index` of `total` is selected and `visible` fit; None while that is not known."""
        thumb = None
        height = self.size.height
        if index is not None and total is not None and total > visible and height:
            length = max(height * visible // total, 1)
            thumb = (min(index * (height - length) // max(total - 1, 1), height - length), length)
        if thumb != self._thumb:
            self._thumb = thumb
            self.refresh()

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app.theme)
        if self._thumb is None or not self._thumb[0] <= y < sum(self._thumb):
            return blank(self.size.width, palette.background)
        return paint((Piece(glyphs().thumb, Role.MUTED),), self.size.width, palette.background)
