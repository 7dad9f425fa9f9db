"""Erasing an event: what may be erased, what came of it, and what is still to be done after it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from data.errors import AuditdeckError
from data.naming.texts import reason_problem
from data.records import Event

TELLS_OF_ERASING = "log.event_erased"
_NEVER = frozenset({TELLS_OF_ERASING, "log.tombstone", "log.retired", "log.hold_placed", "log.hold_lifted"})
_OF_THE_LOG = "log."


class NotErased(AuditdeckError):
    """An event cannot be erased as it was asked for; nothing was."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What came of erasing an event: `event` is what is left of it.

    `told_by` is the event that tells of it, which for one that was erased before is not a new one: `was_already`.
    """

    event: Event
    whole: bool
    told_by: UUID
    was_already: bool = False


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What is still to be done after erasing.

    `names` says whether names of erased events may still be in the dictionary: the keeper removes those that no event has.
    Since `bytes_since` (UTC), bytes of erased events are still in the files of an embedded database, until those who read
    it have left.
    """

    names: bool = False
    bytes_since: datetime | None = None

    @property
    def is_pending(self) -> bool:
        return self.names or self.bytes_since is not None


def refuse_reason(reason: str) -> None:
    """Raise NotErased for what cannot be a reason."""
    problem = reason_problem(reason)
    if problem is not None:
        raise NotErased(problem)


def why_never(event_type: str, *, whole: bool) -> str | None:
    """Why no event of this type is erased, or not as a whole; None where it can be."""
    if event_type in _NEVER:
        return "What was erased, removed or held stays in the log: this event tells of it, and is never erased."
    if whole and event_type.startswith(_OF_THE_LOG):
        return "What the log tells of itself stays: of this event only the personal part can be erased."
    return None
