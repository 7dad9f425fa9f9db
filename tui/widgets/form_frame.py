"""What stands above and below the fields of a form: what it does, and what saving brings about."""

from collections.abc import Iterator

from tui.presenters.pieces import Line, Role, Row
from tui.terminal import safe, wrap
from tui.widgets.one_row import OneRow
from tui.widgets.still_rows import StillRows

_MOST_ROWS = 4
_MOST_CHARACTERS = 2_000


class FormTitle(OneRow):
    """What the form does, and a remark."""

    background_role = "header"

    def __init__(self, headline: str, remark: str) -> None:
        super().__init__()
        self._headline = headline
        self._remark = remark

    def make_row(self, width: int) -> Row:
        line = Line(width).at(1).add(self._headline, Role.TITLE, bold=True)
        return line.add("  ").add(self._remark, Role.MUTED).row()


class FormRemark(StillRows):
    """What saving brings about, or why it was refused where no field is to blame."""

    def __init__(self) -> None:
        super().__init__(self._make_rows)
        self._text, self._role = "", Role.MUTED
        self.display = False

    def say(self, text: str, role: Role) -> None:
        """Say this above the keys; with an empty text, nothing."""
        if (text, role) != (self._text, self._role):
            self._text, self._role = text, role
            self.display = bool(text)
            self.refresh(layout=True)

    def _make_rows(self, width: int) -> Iterator[Row]:
        parts = wrap(safe(self._text, limit=_MOST_CHARACTERS), max(width - 3, 1))
        shown = parts[:_MOST_ROWS]
        for number, part in enumerate(shown, 1):
            rest = " ".join(parts[number - 1 :]) if number == _MOST_ROWS else part
            yield Line(width).at(2).add(rest, self._role).row()
