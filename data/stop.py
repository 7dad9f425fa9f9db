"""Calling a question off: the asker requests it from one thread, whoever answers notices it in another."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock

from data.errors import Cancelled


class Stop:
    """A request to stop. `interrupting` lends it a way to break off a statement that a database is running."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requested = False
        self._interrupt: Callable[[], None] | None = None

    @property
    def requested(self) -> bool:
        return self._requested

    def request(self) -> None:
        """Ask to stop, at once: whoever answers raises Cancelled at the next look."""
        self._requested = True

    def interrupt(self) -> bool:
        """Break off what a database is running for the question, if it is. May wait for a server: not for an interface.

        Whether the question is still being answered. It may have been between two statements, and nothing was broken off:
        so it is to be interrupted again, until it is over.
        """
        with self._lock:
            if self._interrupt is None:
                return False
            self._interrupt()
            return True

    def check(self) -> None:
        """Raise Cancelled if a stop was requested."""
        if self._requested:
            raise Cancelled("Called off.")

    def wait(self, seconds: float) -> None:
        """Wait so long, between two questions. Raises Cancelled, at once where it is interrupted."""
        called_off = Event()
        with self.interrupting(called_off.set):
            called_off.wait(seconds)
        self.check()

    @contextmanager
    def interrupting(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """Within the block, `self.interrupt` calls `interrupt`, which must be safe to call from another thread.

        Leaving waits for a call under way, so that it can never hit what the connection does next.
        """
        with self._lock:
            self._interrupt = interrupt
        try:
            self.check()
            yield
        finally:
            with self._lock:
                self._interrupt = None
