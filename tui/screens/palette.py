"""The command palette: every action that means something now, found by its words, run where the focus was."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.keymap import Action, Scope, bindings, footer
from tui.painted_screen import PaintedScreen
from tui.presenters.palette import Found, command_row, found_actions
from tui.presenters.pieces import Line, Role, Row
from tui.widgets.one_row import OneRow
from tui.widgets.row_pane import PaneItem, RowPane
from tui.widgets.safe_input import SafeInput

_MOST_CHARACTERS = 60


class _CommandBox(SafeInput):
    """The letters to look for; the keys that mean something else are the palette's."""

    BINDINGS = bindings(Scope.PALETTE)


class _CommandList(RowPane, can_focus=False):
    """What was found. The box keeps the focus, and the cursor is seen here all the same."""

    background_role = "panel"

    def __init__(self) -> None:
        super().__init__()
        self._found: Sequence[Found] = ()

    @property
    def shows_cursor(self) -> bool:
        return True

    def show(self, found: Sequence[Found]) -> None:
        """Show what was found, the cursor on the first."""
        self._found = found
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        width = self.size.width
        if width:
            items = [PaneItem((command_row(found, width),), found.action.id) for found in self._found]
            self.show_items(items, to_start=True)


class _CommandKeys(OneRow):
    """How many commands there are, and the palette's own keys."""

    background_role = "header"
    number = 0

    def show_number(self, number: int) -> None:
        self.number = number
        self.refresh()

    def make_row(self, width: int) -> Row:
        words = "no command" if not self.number else "1 command" if self.number == 1 else f"{self.number} commands"
        line = Line(width).at(1).add(words, Role.MUTED)
        keys = footer(Scope.PALETTE)
        begin = width - 1 - sum(len(key) + len(word) + 3 for key, word in keys)
        if begin > line.used:
            line.at(begin)
            for key, word in keys:
                line.add("  ").add(key, Role.ACCENT).add(f" {word}", Role.MUTED)
        return line.row()


class PaletteScreen(PaintedScreen[str | None], ModalScreen[str | None]):
    """Answers the id of the action that is to be run, or None."""

    AUTO_FOCUS = "_CommandBox"
    CSS_PATH = "../styles/palette.tcss"
    BINDINGS = bindings(Scope.EVERYWHERE, ids=())

    def __init__(self, actions: Sequence[Action]) -> None:
        """`actions` are those that can be run, in the order in which they are shown."""
        super().__init__()
        self._actions = tuple(actions)
        self._list = _CommandList()
        self._keys = _CommandKeys()

    def compose(self) -> ComposeResult:
        with Vertical(id="palette"):
            with Horizontal(id="palette-box"):
                yield _CommandBox(compact=True, max_length=_MOST_CHARACTERS)
            yield self._list
            yield self._keys

    def on_mount(self) -> None:
        self._look_for("")

    def on_input_changed(self, message: Input.Changed) -> None:
        self._look_for(message.value)

    def _look_for(self, typed: str) -> None:
        found = found_actions(self._actions, typed)
        self._list.show(found)
        self._keys.show_number(len(found))

    def action_step(self, by: int) -> None:
        self._list.action_move(by)

    def action_page(self, by: int) -> None:
        self._list.action_page(by)

    def action_take(self) -> None:
        chosen = self._list.current_key
        if isinstance(chosen, str):
            self.dismiss(chosen)
        else:
            self.app.bell()

    def action_leave(self) -> None:
        self.dismiss(None)
