"""Event ids: UUIDv7 (RFC 9562), so that their order is the order of happening.

The 48 bits of milliseconds are those of `occurred_at`; `rand_a` (12 bits) holds the microseconds within the
millisecond, the option of RFC 9562, section 6.2, method 3; `rand_b` (62 bits) is random, or for an imported event a
hash of where it came from, so that the same record imported twice is the same event. What is told together of one
microsecond keeps its order: there a random step is added to the one before (method 2).
"""

import hashlib
import secrets
from uuid import UUID

from data.clock import to_microseconds
from data.records import Draft, Source
from data.tokens import Entropy

_RANDOM_BITS = 62
_RANDOM_MASK = (1 << _RANDOM_BITS) - 1
# The highest bit of a first tail is 0, so that there is room above it for the steps, of 32 bits each.
_FIRST_MASK = _RANDOM_MASK >> 1
_VERSION_7 = 7 << 76
_VARIANT = 2 << _RANDOM_BITS


def id_at(microseconds: int, tail: int) -> UUID:
    """The id of that microsecond (UTC, since 1970) with these 62 last bits."""
    milliseconds, rest = divmod(microseconds, 1000)
    return UUID(int=milliseconds << 80 | _VERSION_7 | rest << 64 | _VARIANT | (tail & _RANDOM_MASK))


def first_id_of(microseconds: int) -> UUID:
    """The lowest id that an event of that microsecond's millisecond, or of a later one, can have.

    Ids from elsewhere need not keep microseconds in `rand_a`, so only whole milliseconds bound a range of ids.
    Before 1970, where midnight of 1970-01-01 lies east of Greenwich, there are none: the lowest of all.
    """
    return UUID(int=max(0, microseconds // 1000) << 80)


def is_time_ordered(candidate: UUID, microseconds: int) -> bool:
    """Whether an id handed in is a UUIDv7 of that very millisecond, and so can be kept."""
    return candidate.version == 7 and candidate.int >> 80 == microseconds // 1000


class EventIds:
    """The ids of events that are told together: those of one microsecond have the order in which they are asked for."""

    def __init__(self, entropy: Entropy = secrets.token_bytes) -> None:
        self._entropy = entropy
        self._last: tuple[int, int] | None = None

    def of(self, draft: Draft) -> UUID:
        """The id under which a draft is stored. Raises ValueError for an id handed in that is not of its time."""
        microseconds = to_microseconds(draft.occurred_at)
        if draft.id is not None:
            if not is_time_ordered(draft.id, microseconds):
                raise ValueError(f"{draft.id} is not a UUIDv7 of {draft.occurred_at.isoformat()}")
            return draft.id
        if draft.source is not None:
            return id_at(microseconds, _tail_of(draft.source))
        if self._last is not None and self._last[0] == microseconds:
            tail = self._last[1] + 1 + int.from_bytes(self._entropy(4))
        else:
            tail = int.from_bytes(self._entropy(8)) & _FIRST_MASK
        self._last = microseconds, tail
        return id_at(microseconds, tail)


def id_of(draft: Draft) -> UUID:
    """The id under which a draft is stored, see `EventIds.of`."""
    return EventIds().of(draft)


def _tail_of(source: Source) -> int:
    digest = hashlib.sha256(f"{source.name}\0{source.identity}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8]) & _RANDOM_MASK
