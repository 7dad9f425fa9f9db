"""How long a whole run may take."""

import time


class OutOfTime(Exception):
    """The run has used up its time, or something took longer than it ever should."""


class Deadline:
    """A moment after which nothing is waited for any more."""

    def __init__(self, seconds: float) -> None:
        """`seconds` from now."""
        self._end = time.monotonic() + seconds

    def at_most(self, seconds: float) -> float:
        """That many seconds, or what is left if that is less. Raises OutOfTime when nothing is."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise OutOfTime("the run's time is used up")
        return min(seconds, left)

    def check(self) -> None:
        """Raise OutOfTime when nothing is left."""
        self.at_most(0)
