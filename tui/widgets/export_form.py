"""The parts of the form of an export: what it would be, the box for the file, what is said of that, and how far it is."""

from collections.abc import Iterator

from textual.message import Message

from tui.keymap import Scope, bindings
from tui.presenters.export import VALUE_AT, progress_row
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import safe, wrap
from tui.widgets.one_row import OneRow
from tui.widgets.row_pane import RowPane
from tui.widgets.safe_input import SafeInput
from tui.widgets.still_rows import StillRows

NOTE_ROWS = 3
_MOST_CHARACTERS = 1_000


class ExportPane(RowPane):
    """What it would be; the format under the cursor is the one that is chosen."""

    BINDINGS = bindings(Scope.MOVING, Scope.EXPORT)

    class Chosen(Message):
        """The cursor was put on the format with this tag."""

        def __init__(self, tag: str) -> None:
            super().__init__()
            self.tag = tag

    def _put_cursor(self, index: int) -> None:
        super()._put_cursor(index)
        if isinstance(self.current_key, str):
            self.post_message(self.Chosen(self.current_key))


class PlaceLabel(OneRow):
    """What the box is for."""

    def make_row(self, width: int) -> Row:
        return Line(width).at(2).add("Save to", Role.MUTED).row()


class PlaceBox(SafeInput):
    """Where it is to lie."""

    BINDINGS = bindings(Scope.PLACE)


class PlaceNote(StillRows):
    """As many rows, whatever is said, so that nothing moves while one types."""

    def __init__(self) -> None:
        super().__init__(self._make_rows)
        self.text, self.role = "", Role.FAINT

    def say(self, text: str, role: Role) -> None:
        """Say this below the box."""
        if (text, role) != (self.text, self.role):
            self.text, self.role = text, role
            self.refresh()

    def _make_rows(self, width: int) -> Iterator[Row]:
        parts = wrap(safe(self.text, limit=_MOST_CHARACTERS), max(width - VALUE_AT - 1, 1))
        for number in range(NOTE_ROWS):
            rest = " ".join(parts[number:]) if number == NOTE_ROWS - 1 else "".join(parts[number : number + 1])
            yield Line(width).at(VALUE_AT).add(rest, self.role, until=width - 1).row()


class ExportProgress(OneRow):
    """How far the writing is; nothing while nothing is written."""

    _written: tuple[int, int] | None = None
    _total: int | None = None

    def show(self, written: tuple[int, int] | None, total: int | None = None) -> None:
        """So many events and bytes are written, of so many events, where that is known."""
        self._written, self._total = written, total
        self.refresh()

    def make_row(self, width: int) -> Row:
        return () if self._written is None else progress_row(*self._written, self._total, width)
