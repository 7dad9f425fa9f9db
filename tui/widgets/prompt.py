"""What all prompts have in common: hidden until they ask, they end with an answer or without one."""

from collections.abc import Callable

from textual.message import Message
from textual.widget import Widget


class Prompt(Widget):
    """A question to the person, with the focus while it is open."""

    class Taken(Message):
        """An answer was given: `answer` is to be called, once the focus is back where it belongs."""

        def __init__(self, answer: Callable[[], None]) -> None:
            super().__init__()
            self.answer = answer

    class Left(Message):
        """It was left without an answer."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.display = False

    @property
    def is_open(self) -> bool:
        return bool(self.display)

    def close(self) -> None:
        """Ask no more, without an answer."""
        self.display = False

    def end(self, answer: Callable[[], None] | None) -> None:
        """Ask no more, and say what came of it; None is for nothing."""
        self.display = False
        self.post_message(self.Left() if answer is None else self.Taken(answer))
