"""Where the deck is in the whole answer: one column beside it."""

from tui.glyphs import glyphs
from tui.presenters.pieces import Piece, Role
from tui.widgets.drawn import Drawn, DrawnRow


class PositionBar(Drawn):
    """A thumb on a track. Drawn anew only when the thumb moves by a cell."""

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
            self.redraw()

    def row_drawn(self, y: int) -> DrawnRow:
        is_thumb = self._thumb is not None and self._thumb[0] <= y < sum(self._thumb)
        return (((Piece(glyphs().thumb, Role.MUTED),) if is_thumb else ()), "background")
