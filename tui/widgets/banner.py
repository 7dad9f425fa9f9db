"""What is wrong right now, on a row of its own above everything else: a lost connection, and when it is tried again."""

from tui.presenters.pieces import Line, Role, Row
from tui.widgets.one_row import OneRow


class Banner(OneRow):
    """Not there unless something is wrong."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = ""
        self.display = False

    def say(self, text: str) -> None:
        """Show this until `clear`."""
        if text != self._text:
            self._text = text
            self.refresh()
        self.display = True

    def clear(self) -> None:
        self.display = False

    def make_row(self, width: int) -> Row:
        line = Line(width).add(" ! ", Role.DENIED_BADGE, bold=True).add(" ")
        return line.add(self._text, Role.DENIED).row()
