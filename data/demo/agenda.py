"""What is still to happen, in the order of time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush

Step = Callable[[], object]


class Agenda:
    """Steps by the moment that they are due. A step may put further ones on the agenda, never into the past."""

    def __init__(self, start: datetime, last: datetime) -> None:
        self.now = start
        self._last = last
        self._due: list[tuple[datetime, int, Step]] = []
        self._added = 0

    def at(self, moment: datetime, step: Step) -> None:
        """Puts a step on the agenda; one that is due after the last moment is not reached and forgotten.

        Raises ValueError for a moment that has passed.
        """
        if moment < self.now:
            raise ValueError(f"{moment} has passed: it is {self.now}")
        if moment <= self._last:
            # The running number keeps steps of one moment in the order in which they were added.
            heappush(self._due, (moment, self._added, step))
            self._added += 1

    def after(self, delay: timedelta, step: Step) -> None:
        """Puts a step on the agenda that long after the moment at which the present one was due."""
        self.at(self.now + delay, step)

    def play(self) -> None:
        """Takes every step, until none is left."""
        while self._due:
            self.now, _, step = heappop(self._due)
            step()
