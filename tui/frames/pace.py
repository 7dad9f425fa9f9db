"""When a frame may leave: not while the terminal has still to show the one before.

A line that is slower than the frames fills with them, and what is seen is seconds old. So each frame ends with a question
(DECRQM of synchronised output) that the terminal answers once it has come to it; until then, whatever changes is left to
the next frame. Only where answers come as quickly as ever, so that nothing can be waiting on the line, may one more leave when
half of the way there and back is done: a key that has just missed a frame would wait for all of it.

Where a terminal never answers, a line is taken to be as slow as those that people still sit at.
"""

from collections import deque

PATIENCE_S = 2.0
"""An answer that takes longer is taken to be lost."""
BYTES_A_SECOND = 48_000
"""What a line of 512 kbit/s carries, with some room for what else goes over it. Only for terminals that never answer."""
BURST = 16_384
"""So many bytes at once are no burden even there: a whole screen."""
MOST_UNANSWERED = 2
"""Frames that may be on their way at once."""
_MOST_LOST = 2
_AS_QUICK = 1.5
"""A line is empty where an answer takes no more than so many times what it took at best."""
_FORGETS = 1.02
"""What was the best once, may not be any more: with each answer it counts for so much longer."""


class Pace:
    """Of one terminal. Moments are seconds of any clock that never goes back."""

    def __init__(self) -> None:
        self._answers = False
        self._lost = 0
        self._asked_at: deque[float] = deque()
        self._best_s = self._last_s = 0.0
        self._on_the_line = 0.0
        self._counted_at = 0.0

    @property
    def answers(self) -> bool:
        """Whether the terminal answers: then it knows synchronised output, too."""
        return self._answers

    def begin(self) -> None:
        """Nothing is on its way: a program that sat at the terminal meanwhile may have read the answers."""
        self._asked_at.clear()
        self._on_the_line = 0.0

    def answer(self, now: float) -> None:
        """The terminal has answered what it was asked first."""
        self._answers = True
        self._lost = 0
        if self._asked_at:
            self._last_s = now - self._asked_at.popleft()
            self._best_s = min(self._last_s, self._best_s * _FORGETS) if self._best_s else self._last_s

    def send(self, size: int, now: float) -> None:
        """A frame of so many bytes leaves, and asks if the terminal is one that answers."""
        self._on_the_line = self._left(now) + size
        self._counted_at = now
        if self._asked_at and now >= self._asked_at[0] + PATIENCE_S:
            self._asked_at.clear()
            self._lost += 1
            # Another terminal may be there by now, which does not know the question.
            self._answers = self._lost < _MOST_LOST
        if self._answers:
            self._asked_at.append(now)

    def wait_s(self, now: float) -> float:
        """For how long no frame may leave, unless an answer comes; 0 if one may."""
        if self._asked_at:
            return max(self._next_at() - now, 0.0)
        if self._answers:
            return 0.0
        return max((self._left(now) - BURST) / BYTES_A_SECOND, 0.0)

    def _next_at(self) -> float:
        """When the next frame may leave without an answer."""
        is_line_empty = 0.0 < self._last_s <= _AS_QUICK * self._best_s
        if is_line_empty and len(self._asked_at) < MOST_UNANSWERED:
            return self._asked_at[-1] + self._last_s / 2
        return self._asked_at[0] + PATIENCE_S

    def _left(self, now: float) -> float:
        return max(self._on_the_line - (now - self._counted_at) * BYTES_A_SECOND, 0.0)
