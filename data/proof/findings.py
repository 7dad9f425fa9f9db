"""What a verification finds to be other than it was sealed."""

from dataclasses import dataclass
from enum import StrEnum

MOST_FINDINGS = 100
"""Of one kind no more are told: what was altered on purpose begins with one."""


class Wrong(StrEnum):
    """How something is wrong."""

    BODY = "body altered"
    PERSONAL = "personal part altered"
    ERASED = "erased without leave"
    COLUMN = "column altered"
    KEY = "key altered"
    NAME = "dictionary name altered"
    MISSING = "removed"
    ADDED = "added"
    MOVED = "moved"
    LEAF = "leaf altered"
    CHECKPOINT = "checkpoint does not hold"
    INDEX = "index altered"
    BACK = "put back"
    GUARD = "guard opened"
    CONTINUED = "does not continue what was seen"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, in a sentence. `place` is the event's in the proof, None where it is about no event, or one
    that has none; `id` is that of the event, in its text form."""

    wrong: Wrong
    sentence: str
    place: int | None = None
    id: str | None = None
