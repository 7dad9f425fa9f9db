"""The prompts on the last row, where else the keys stand: a few lettered choices, or a line of text."""

from collections.abc import Callable
from typing import TypeVar

from textual.widget import Widget

from tui.keymap import Scope
from tui.presenters.choices import Choice
from tui.widgets.choice_strip import ChoiceStrip
from tui.widgets.key_bar import KeyBar
from tui.widgets.text_prompt import TextPrompt

T = TypeVar("T")


class Prompts:
    """A screen's two prompts. The screen lays them out, and calls the answer of what was taken."""

    def __init__(self, keys: KeyBar) -> None:
        """`keys` is the row that a prompt takes the place of."""
        self._keys = keys
        self.strip = ChoiceStrip()
        self.text = TextPrompt()

    @property
    def is_open(self) -> bool:
        return self.strip.is_open or self.text.is_open

    @property
    def scope(self) -> Scope | None:
        """What the keys mean while a prompt is open; None while none is."""
        if self.strip.is_open:
            return Scope.CHOICE
        return Scope.TEXT if self.text.is_open else None

    def follow(self, focused: Widget | None) -> None:
        """Close what is open if another widget has the focus now.

        While no widget has it, all stays: another window has the keys, and whatever had the focus has it again after.
        """
        if focused is None:
            return
        for prompt in (self.strip, self.text):
            if prompt not in focused.ancestors_with_self:
                prompt.close()

    def ask(self, question: str, choices: list[Choice[T]], then: Callable[[T], None]) -> None:
        """Ask for one of a few choices; `then` is for the value of the one that is taken."""
        self._keys.display = False
        self.strip.ask(question, choices, then)

    def ask_text(
        self, question: str, text: str, then: Callable[[str], None], check: Callable[[str], str | None] | None = None
    ) -> None:
        """Ask for a line of text, beginning with `text`; see `TextPrompt.ask`."""
        self._keys.display = False
        self.text.ask(question, text, then, check=check)
