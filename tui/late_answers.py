"""What the terminal was asked is still answered when the console leaves it; the answer is nothing for whoever reads there next."""

from threading import Condition
from time import monotonic
from typing import TYPE_CHECKING

from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from tui.frames.pace import MOST_UNANSWERED

if TYPE_CHECKING:
    from textual.app import App

_QUESTION = "\x1b[?2026$p"
"""What each frame ends with, see `tui.frames.pace`."""
_WAIT_S, _LOOK_S = 1.0, 0.05


class AwaitsAnswers(LinuxDriver):
    """Leaves the terminal once the last question was answered, or a second after it began to leave.

    A shell would show the answer at its prompt, as if somebody had typed it.
    """

    def __init__(
        self, app: "App[object]", *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        self._asked = Condition()
        self._unanswered = 0
        self._has_ever_answered = False
        super().__init__(app, debug=debug, mouse=mouse, size=size)

    def write(self, data: str) -> None:
        if _QUESTION in data:
            with self._asked:
                self._unanswered = min(self._unanswered + 1, MOST_UNANSWERED)  # an older one was never answered
        super().write(data)

    def process_message(self, message: Message) -> None:
        if isinstance(message, TerminalSupportsSynchronizedOutput):
            with self._asked:
                self._has_ever_answered = True
                self._unanswered = max(self._unanswered - 1, 0)
                self._asked.notify_all()
        super().process_message(message)

    def disable_input(self) -> None:
        """The last that is read is the answer."""
        end = monotonic() + _WAIT_S
        with self._asked:
            while self._is_answer_under_way() and monotonic() < end:
                self._asked.wait(_LOOK_S)
        super().disable_input()

    def _is_answer_under_way(self) -> bool:
        """Not where none ever came, nor where nobody reads any more because the terminal is gone."""
        is_asked = self._unanswered > 0 and self._has_ever_answered
        return is_asked and self._key_thread is not None and self._key_thread.is_alive()
