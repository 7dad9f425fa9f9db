"""The box in which a rule is changed: what the rule says above it, and what is to be said of what one types below."""

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from tui.keymap import Scope, bindings
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import safe, wrap
from tui.widgets.one_row import OneRow
from tui.widgets.safe_input import SafeInput
from tui.widgets.still_rows import StillRows

MOST_CHARACTERS = 50_000
"""A list of a thousand networks is a long text."""

_MOST_SAID = 400


class _Head(OneRow):
    background_role = "header"
    key, sentence = "", ""

    def show(self, key: str, sentence: str) -> None:
        self.key, self.sentence = key, sentence
        self.refresh()

    def make_row(self, width: int) -> Row:
        return Line(width).at(1).add(self.key, Role.TITLE, bold=True).add("  ").add(self.sentence, Role.MUTED).row()


class _Note(StillRows):
    def __init__(self) -> None:
        super().__init__(self._make_rows)
        self.text, self.role = "", Role.FAINT

    def _make_rows(self, width: int) -> Iterator[Row]:
        """Two rows, whatever is said, so that nothing moves while one types."""
        parts = [*wrap(safe(self.text, limit=_MOST_SAID), max(width - 2, 1)), "", ""]
        for part in parts[:2]:
            yield Line(width).at(1).add(part, self.role).row()


class RuleBox(SafeInput):
    """The box itself."""

    BINDINGS = bindings(Scope.RULE)


class RuleEditor(Vertical):
    """There while a rule is changed. The screen judges what is typed, and saves it."""

    class Typed(Message):
        """Another text stands in the box."""

    class Submitted(Message):
        """The text is to be saved."""

    class Left(Message):
        """The rule is to stay as it is."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._head = _Head()
        self.box = RuleBox(compact=True, select_on_focus=False, max_length=MOST_CHARACTERS)
        self._note = _Note()
        self.display = False

    def compose(self) -> ComposeResult:
        yield self._head
        yield self.box
        yield self._note

    @property
    def is_open(self) -> bool:
        return bool(self.display)

    @property
    def text(self) -> str:
        """What stands in the box."""
        return self.box.value

    def ask(self, key: str, sentence: str, text: str) -> None:
        """Ask for another text in the place of this one, and take the focus."""
        self._head.show(key, sentence)
        self.display = True
        self.box.value = text
        self.box.cursor_position = len(text)
        self.screen.set_focus(self.box)

    def say(self, text: str, role: Role) -> None:
        """Say this below the box."""
        self._note.text, self._note.role = text, role
        self._note.refresh()

    def close(self) -> None:
        """Ask no more."""
        self.display = False

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.post_message(self.Typed())

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.post_message(self.Submitted())

    def on_safe_input_abandoned(self, message: SafeInput.Abandoned) -> None:
        message.stop()
        self.post_message(self.Left())
