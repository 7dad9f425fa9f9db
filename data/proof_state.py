"""How far a log is sealed, and whether that continues what was seen of it before. Times are in UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SEALED_WITHIN = timedelta(seconds=10)
"""An event that has waited for longer is not being sealed: a keeper takes a second at most."""

MOST_COUNTED = 10_000
"""Of what waits, no more is counted: it is looked at every few seconds."""


@dataclass(frozen=True, slots=True)
class ProofState:
    """As of `asked_at`: the size and root of the tree that was signed last and when that was, None where nothing ever was;
    how many events wait that have no place in it (of `MOST_COUNTED`, there may be more) and since when the oldest does; and how it contradicts what was seen before, in a sentence.
    """

    asked_at: datetime
    size: int = 0
    root: bytes | None = None
    sealed_at: datetime | None = None
    unsealed: int = 0
    unsealed_since: datetime | None = None
    mismatch: str | None = None
    trouble: str | None = None
    """Why it cannot be said whether it contradicts that, in a sentence."""

    @property
    def is_behind(self) -> bool:
        """Whether events wait that nobody seals."""
        return self.unsealed_since is not None and self.asked_at - self.unsealed_since > SEALED_WITHIN
