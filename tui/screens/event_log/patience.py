"""Saying that a question is being looked into, once that takes longer than a moment."""

from collections.abc import Callable

from textual.message_pump import MessagePump

from tui.keymap import key_of
from tui.restartable_timer import RestartableTimer

# What is answered sooner is shown without a flash of "Looking".
_PATIENCE_S = 0.25


class Patience:
    """Counts from the last question alone: the moment of one before it is not this one's."""

    def __init__(self, owner: MessagePump, is_waiting: Callable[[], bool], say: Callable[[str, str], None]) -> None:
        """`is_waiting` is asked at the end of the moment; `say` is given a headline and what one can do."""
        self._timer = RestartableTimer(owner)
        self._is_waiting = is_waiting
        self._say = say

    def begin(self) -> None:
        """A question is being asked."""
        self._timer.start(_PATIENCE_S, self._end)

    def _end(self) -> None:
        if self._is_waiting():
            self._say("Looking ...", f"{key_of('log.cancel')} calls it off.")
