"""The row below the cards that says how far a search has come; not there without one."""

from tui.presenters.pieces import Line, Role, Row
from tui.terminal import cells_of
from tui.widgets.one_row import OneRow


class SearchRow(OneRow):
    """Says the longest of some texts that has room."""

    background_role = "panel"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._texts: tuple[str, ...] = ()
        self.display = False

    def show(self, *texts: str) -> None:
        """These texts, the longest first; none takes the row away."""
        if texts != self._texts:
            self._texts = texts
            self.refresh()
        self.display = bool(texts)

    def make_row(self, width: int) -> Row:
        line = Line(width).at(1)
        if self._texts:
            line.add(next((text for text in self._texts if cells_of(text) + 2 <= width), self._texts[-1]), Role.MUTED)
        return line.row()
