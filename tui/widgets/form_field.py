"""One field of a form: its label, its box, and below it the row on which something is said about it."""

from collections.abc import Callable, Iterator

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from tui.keymap import Scope, bindings, keys_of
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import safe, wrap
from tui.widgets.one_row import OneRow
from tui.widgets.safe_input import SafeInput
from tui.widgets.still_rows import StillRows

LABEL_WIDTH = 15

_WIDE, _INDENT = 80, 4
_MOST_CHARACTERS = 1_000


class _Label(OneRow):
    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._role = Role.MUTED

    def show(self, role: Role) -> None:
        self._role = role
        self.refresh()

    def make_row(self, width: int) -> Row:
        return Line(width).at(2).add(self._text, self._role, bold=self._role is Role.TITLE).row()


class _Note(StillRows):
    def __init__(self) -> None:
        super().__init__(self._make_rows)
        self.text = ""
        self.role = Role.FAINT

    def _make_rows(self, width: int) -> Iterator[Row]:
        """As many rows as there are; what has no room is cut. On a narrow terminal they begin further left."""
        begin = LABEL_WIDTH if width >= _WIDE else _INDENT
        room = max(width - begin - 1, 1)
        parts = wrap(safe(self.text, limit=_MOST_CHARACTERS), room)
        height = max(self.size.height, 1)
        rest = " ".join(parts[height - 1 :])
        for part in (*parts[: height - 1], rest):
            yield Line(width).at(begin).add(part, self.role, until=width - 1).row()


_STEPS = {"form.next": 1, "form.previous": -1}


class FieldBox(SafeInput):
    """The box; the keys that are no text are the form's.

    Over a slow line a key comes together with the letters for the next field: so the step is made here at once, and not
    by its binding, which has its turn only after them; and letters that are here already go on to where one is by then.
    """

    BINDINGS = bindings(Scope.FORM)

    def __init__(self, text: str, step: Callable[[int], None], *, most_characters: int, typed_over: bool) -> None:
        super().__init__(text, compact=True, select_on_focus=typed_over, max_length=most_characters)
        self.step = step

    async def _on_key(self, event: events.Key) -> None:
        there = self.screen.focused
        if isinstance(there, FieldBox) and there is not self:
            event.stop()
            event.prevent_default()
            again = events.Key(event.key, event.character)
            again.time = event.time
            there.post_message(again)
            return
        if self.takes(event.key):
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)

    def takes(self, key: str) -> bool:
        """Do at once what this key means here, if it is no text; whether it meant something."""
        for action_id, by in _STEPS.items():
            if key in keys_of(action_id):
                self.step(by)
                return True
        return False


class FormField(Vertical):
    """Takes as many rows whatever is said about it, so that nothing moves while one types."""

    class Changed(Message):
        """What stands in the box is another text."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    def __init__(
        self,
        field: str,
        label: str,
        text: str,
        step: Callable[[int], None],
        *,
        most_characters: int,
        typed_over: bool = False,
        is_tall: bool = False,
    ) -> None:
        """`step` goes to the field below (1) or above (-1). With `typed_over`, what is typed first takes the text's place.

        One that `is_tall` has more rows for what is said below it.
        """
        super().__init__(classes="-tall" if is_tall else None)
        self.field = field
        self._label = _Label(label)
        self.box = self.make_box(text, step, most_characters, typed_over)
        self._note = _Note()

    def make_box(self, text: str, step: Callable[[int], None], most_characters: int, typed_over: bool) -> FieldBox:
        """The box that has the focus, and with it the keys."""
        return FieldBox(text, step, most_characters=most_characters, typed_over=typed_over)

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield self._label
            yield self.box
        yield self._note

    @property
    def text(self) -> str:
        """What stands in the box."""
        return self.box.value

    def put(self, text: str) -> None:
        """Let this text stand in the box."""
        self.box.value = text
        self.box.cursor_position = len(text)

    def say(self, text: str, role: Role) -> None:
        """Say this below the box."""
        if (text, role) != (self._note.text, self._note.role):
            self._note.text, self._note.role = text, role
            self._note.refresh()

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.post_message(self.Changed(self.field))

    def on_descendant_focus(self) -> None:
        self._label.show(Role.TITLE)

    def on_descendant_blur(self) -> None:
        self._label.show(Role.MUTED)
