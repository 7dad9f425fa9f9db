"""The last row: the keys, or in their place a prompt for one of a few lettered choices or for a line of text."""

from collections.abc import Callable
from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalGroup
from textual.widget import Widget

from tui.keymap import Scope
from tui.presenters.choices import Choice
from tui.widgets.choice_strip import ChoiceStrip
from tui.widgets.key_bar import KeyBar
from tui.widgets.prompt import Prompt
from tui.widgets.text_prompt import TextPrompt

T = TypeVar("T")


class Prompts(VerticalGroup):
    """A screen's two prompts. The screen says where the focus is; who asks is given the answer."""

    def __init__(self, keys: KeyBar, give_focus_back: Callable[[], None]) -> None:
        """`keys` is the row that a prompt takes the place of; `give_focus_back` is for the end of a prompt."""
        super().__init__()
        self._keys = keys
        self._give_focus_back = give_focus_back
        self._strip = ChoiceStrip()
        self._text = TextPrompt()

    def compose(self) -> ComposeResult:
        yield self._keys
        yield self._strip
        yield self._text

    @property
    def is_open(self) -> bool:
        return self._strip.is_open or self._text.is_open

    @property
    def scope(self) -> Scope | None:
        """What the keys mean while a prompt is open; None while none is."""
        if self._strip.is_open:
            return Scope.CHOICE
        return Scope.TEXT if self._text.is_open else None

    def follow(self, focused: Widget | None) -> None:
        """Close what is open if another widget has the focus now, and show the keys again.

        While no widget has it, all stays: another window has the keys, and whatever had the focus has it again after.
        """
        if focused is None:
            return
        for prompt in (self._strip, self._text):
            if prompt not in focused.ancestors_with_self:
                prompt.close()
        self._keys.display = not self.is_open

    def ask(self, question: str, choices: list[Choice[T]], then: Callable[[T], None]) -> None:
        """Ask for one of a few choices; `then` is for the value of the one that is taken."""
        self._keys.display = False
        self._strip.ask(question, choices, then)

    def ask_text(
        self, question: str, text: str, then: Callable[[str], None], check: Callable[[str], str | None] | None = None
    ) -> None:
        """Ask for a line of text, beginning with `text`; see `TextPrompt.ask`."""
        self._keys.display = False
        self._text.ask(question, text, then, check=check)

    def forget(self) -> None:
        """Keep nothing of what was asked and typed."""
        self._text.forget()

    @on(Prompt.Taken)
    def _taken(self, message: Prompt.Taken) -> None:
        self._end(message)
        message.answer()

    @on(Prompt.Left)
    def _end(self, message: Prompt.Taken | Prompt.Left) -> None:
        message.stop()
        self._keys.display = True  # before the answer, which finds the screen as it stays
        self._give_focus_back()
