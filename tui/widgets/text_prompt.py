"""A prompt on the last row for a line of text: a name, or words to look for."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.widgets import Input

from data.finding import Problem, read_paste
from tui.keymap import key_of
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import cells_of, safe
from tui.widgets.one_row import OneRow
from tui.widgets.prompt import Prompt
from tui.widgets.safe_input import SafeInput

MOST_CHARACTERS = 200
_REMARKS = {Problem.MISTYPED: "its checksum does not fit", Problem.NOT_WHOLE: "not a whole token"}
# On a narrower terminal the box needs the row for itself.
_ROOM_FOR_KEYS = 64


class _Text(OneRow):
    """Words beside the box."""

    background_role = "header"
    text = ""
    role = Role.TITLE

    def say(self, text: str, role: Role) -> None:
        self.text, self.role = text, role
        self.styles.width = cells_of(safe(text)) + 2
        self.refresh()

    def make_row(self, width: int) -> Row:
        return Line(width).at(1).add(self.text, self.role, bold=self.role is Role.TITLE).row()


class TextPrompt(Prompt):
    """What is asked for, the box, and what is to be said about what stands in it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._question = _Text()
        self._remark = _Text()
        self._input = SafeInput(compact=True, select_on_focus=False, max_length=MOST_CHARACTERS)
        self._then: Callable[[str], None] = lambda _: None
        self._check: Callable[[str], str | None] | None = None

    def compose(self) -> ComposeResult:
        yield self._question
        yield self._input
        yield self._remark

    def ask(
        self,
        question: str,
        text: str,
        then: Callable[[str], None],
        *,
        check: Callable[[str], str | None] | None = None,
    ) -> None:
        """Ask, and take the focus. `check` says after each change what is wrong with the text; None lets it be taken."""
        self._then, self._check = then, check
        self._question.say(question, Role.TITLE)
        self.display = True
        self._input.value = text
        self._input.cursor_position = len(text)
        self._judge(text)
        self.screen.set_focus(self._input)  # at once: `focus` does it later, when the next key may have come

    def forget(self) -> None:
        """Keep nothing of what was asked and typed."""
        self._input.value = ""
        self._then, self._check = lambda _: None, None

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._judge(message.value)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        if self._judge(message.value) is not None:
            self.app.bell()
            return
        then, text = self._then, message.value
        self.end(lambda: then(text))

    def on_safe_input_abandoned(self, message: SafeInput.Abandoned) -> None:
        message.stop()
        self.end(None)

    def on_safe_input_reduced(self, message: SafeInput.Reduced) -> None:
        message.stop()
        problem = read_paste(message.pasted).problem
        remark = None if problem is None else _REMARKS.get(problem)
        if remark is not None:
            self._remark.say(remark, Role.DENIED)

    def _judge(self, text: str) -> str | None:
        wrong = None if self._check is None else self._check(text)
        if wrong:
            self._remark.say(wrong, Role.DENIED)
        else:
            takes = (
                f"{key_of('text.submit')} takes it, " if wrong is None else ""
            )  # what is still empty cannot be taken
            keys = f"{takes}{key_of('text.abandon')} leaves it"
            self._remark.say(keys if self.app.size.width >= _ROOM_FOR_KEYS else "", Role.MUTED)
        return wrong
