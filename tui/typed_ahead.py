"""Keys that were pressed before somebody could see what they would do: over a slow line they come together with the one before."""

from math import inf
from time import monotonic

from textual.events import Event
from textual.message_pump import MessagePump

# A message bears the time at which it was made, a key when it was read, by the monotonic clock.


class TypedAhead:
    """Knows since when something of its owner, a widget or a screen, has been on the terminal."""

    def __init__(self, owner: MessagePump) -> None:
        self._owner = owner
        self._since = inf

    def begin(self) -> None:
        """Something new is about to be painted: whatever was pressed until then does not mean it."""
        self._since = inf
        self._owner.call_after_refresh(self._painted)

    def holds(self, event: Event) -> bool:
        """Whether this was pressed before."""
        return event.time < self._since

    def _painted(self) -> None:
        self._since = monotonic()
