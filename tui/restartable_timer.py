"""A wait of which there is only one at a time, so that the end of an older one is never taken for a newer one's."""

from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer


class RestartableTimer:
    """Waits on behalf of a widget or screen, the owner."""

    def __init__(self, owner: MessagePump) -> None:
        self._owner = owner
        self._timer: Timer | None = None

    @property
    def is_running(self) -> bool:
        """Whether it still waits."""
        return self._timer is not None

    def start(self, seconds: float, then: Callable[[], None]) -> None:
        """Call `then` after so many seconds, instead of what was waited for until now."""
        self.stop()

        def end() -> None:
            if self._timer is timer:  # else its end was on its way already when it was stopped
                self._timer = None
                then()

        self._timer = timer = self._owner.set_timer(seconds, end)

    def stop(self) -> None:
        """Wait no more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
