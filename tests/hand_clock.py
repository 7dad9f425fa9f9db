"""A clock that stands still until it is moved by hand."""

from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
"""A Friday, in winter time, not at a boundary of any unit but the hour."""


class HandClock:
    """A `data.clock.Clock`. The events that tests append without thinking of time all happen at `NOW`."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Move by so many `days`, `hours`, `microseconds`, ...: the arguments of `timedelta`."""
        self.now += timedelta(**by)
