"""The queries asked so far, each with the place where one stood in its answer: undo and redo."""

from dataclasses import dataclass, replace
from uuid import UUID

from data.answers import Snapshot
from data.query import Clause, EventQuery

MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class CardPlace:
    """Where one stood in the open card: on which of its items, and with which of its lines on top.

    `sought` are the words that were looked for in it, `match` the number of the place of theirs that one had gone to.
    """

    item: int
    top: int
    sought: str = ""
    match: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where one stood: the event, how many newer ones the answer had (None: not counted yet), and in which snapshot.

    Without a snapshot it is a place to come back to in what is committed by then. `card` is for who was in the open card.
    """

    event_id: UUID
    offset: int | None
    snapshot: Snapshot | None
    card: CardPlace | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A query, the place in its answer when it was left (None: at the start), and what was paused beside it."""

    query: EventQuery
    place: Place | None = None
    paused: tuple[Clause, ...] = ()


class QueryHistory:
    """A line of steps with one that is current; a new step forgets what lay ahead."""

    def __init__(self, query: EventQuery) -> None:
        self._steps = [Step(query)]
        self._at = 0

    @property
    def current(self) -> Step:
        return self._steps[self._at]

    def offer(self, query: EventQuery) -> None:
        """Let a step forward lead to this query; unless it is the current one."""
        if query != self.current.query:
            self._steps[self._at + 1 :] = [Step(query)]

    @property
    def has_earlier(self) -> bool:
        """Whether a step lies before the current one."""
        return self._at > 0

    def leave(self, place: Place | None) -> None:
        """Remember where one stands in the current step's answer."""
        self._steps[self._at] = replace(self.current, place=place)

    def push(self, query: EventQuery, paused: tuple[Clause, ...] = ()) -> bool:
        """Go on to another query, with this paused beside it; False if both are the current ones."""
        if (query, paused) == (self.current.query, self.current.paused):
            return False
        del self._steps[self._at + 1 :]
        self._steps.append(Step(query, None, paused))
        del self._steps[: max(len(self._steps) - MOST_STEPS, 0)]
        self._at = len(self._steps) - 1
        return True

    def step(self, by: int) -> Step | None:
        """Go back (-1) or forward (+1); the step that is current then, or None at the end of the line."""
        if not 0 <= self._at + by < len(self._steps):
            return None
        self._at += by
        return self.current
