"""Time, injected: everything that asks what time it is asks a clock that it was given."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def system_clock() -> datetime:
    """The machine's time, in UTC, to the microsecond."""
    return datetime.now(UTC)


def to_microseconds(moment: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z of an aware datetime; exact, without floating point."""
    return (moment - EPOCH) // _MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """The UTC datetime that many microseconds after 1970-01-01T00:00Z."""
    return EPOCH + timedelta(microseconds=microseconds)


def to_text(moment: datetime) -> str:
    """RFC 3339 in UTC with six digits of a second, the one form in which times are stored and exported."""
    # Without its offset, which for UTC is the six characters +00:00.
    return f"{moment.astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"
