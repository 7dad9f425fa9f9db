"""Where the parts of a card stand, in cells: SCREENS.md's grid, and the one for terminals under 64 cells."""

from dataclasses import dataclass
from enum import StrEnum

# Narrower decks have no room for a column of actors.
NARROW_BELOW = 63
# Wider than this, the eye would have to travel between the columns; values still take all the room there is.
_MOST_WIDTH = 116
_OUTCOME_WIDTH = 9
_LABEL_WIDTH = 12
_ACTOR_WIDTHS = ((110, 28), (88, 20), (0, 16))


class Density(StrEnum):
    """How much of each event the deck shows: all that matters, two rows, or one."""

    CARDS = "cards"
    COMPACT = "compact"
    LINES = "lines"

    @property
    def next(self) -> "Density":
        """The one after it, round and round."""
        every = list(Density)
        return every[(every.index(self) + 1) % len(every)]

    @property
    def least_rows(self) -> int:
        """The rows of the lowest card."""
        return 1 if self is Density.LINES else 2

    @property
    def gap(self) -> int:
        """Blank rows after each card."""
        return int(self is Density.CARDS)


@dataclass(frozen=True, slots=True)
class CardGrid:
    """Where each column begins in a deck of `width` cells; without a column of actors, `actor` is None."""

    width: int
    flag: int
    mark: int
    text: int
    value: int
    actor: int | None
    outcome: int
    edge: int
    """The cell at which the outcome ends; one blank cell stands behind it."""

    @classmethod
    def of(cls, width: int) -> "CardGrid":
        """The grid for that many cells."""
        if width < NARROW_BELOW:
            return cls(width, 6, 7, 9, 9 + _LABEL_WIDTH, None, width - _OUTCOME_WIDTH, width - 1)
        whole = min(width, _MOST_WIDTH)
        outcome = whole - _OUTCOME_WIDTH
        actor = outcome - next(cells for least, cells in _ACTOR_WIDTHS if width >= least)
        return cls(width, 9, 10, 12, 12 + _LABEL_WIDTH, actor, outcome, whole - 1)

    @property
    def text_edge(self) -> int:
        """The cell before which what stands beside the columns ends."""
        return (self.outcome if self.actor is None else self.actor) - 1
