"""The organisation's rules, remembered for a few seconds: they are needed for every request, and change once a year."""

import time
from collections.abc import Callable
from threading import Lock

from data.errors import DatabaseUnavailable
from data.policy import Policy

REMEMBERED_S = 5.0
"""So many seconds after a change of the rules every gateway goes by it."""


class PolicyMemory:
    """Reads the rules at most every few seconds. Safe to use from several threads."""

    def __init__(self, read: Callable[[], Policy], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._monotonic = monotonic
        self._lock = Lock()
        self._known: tuple[float, Policy] | None = None
        self._away: tuple[float, str] | None = None

    def get(self) -> Policy:
        """The rules in force, or those of a few seconds ago. Raises what reading them raises."""
        known = self._known
        now = self._monotonic()
        if known is not None and now - known[0] < REMEMBERED_S:
            return known[1]
        with self._lock:
            if self._known is not None and self._known is not known:
                return self._known[1]  # another thread has just read them
            # A database that is away may take seconds to say so: whoever waited for one such answer has it.
            if self._away is not None and self._away[0] > now:
                raise DatabaseUnavailable(self._away[1])
            try:
                self._known = (now, self._read())
            except DatabaseUnavailable as error:
                self._away = (self._monotonic(), str(error))
                raise
            return self._known[1]
