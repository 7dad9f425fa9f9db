"""Moments that may not be there, as columns hold them: microseconds UTC, or NULL."""

from datetime import datetime

from data.clock import from_microseconds, to_microseconds


def moment_of(microseconds: int | None) -> datetime | None:
    """The moment that a column holds."""
    return None if microseconds is None else from_microseconds(microseconds)


def stored_moment(moment: datetime | None) -> int | None:
    """What a column holds for a moment."""
    return None if moment is None else to_microseconds(moment)
