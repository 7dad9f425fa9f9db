from datetime import UTC, datetime

import pytest

from data.demo import demo_events
from data.records import Draft

END = datetime(2026, 11, 20, 14, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def end() -> datetime:
    return END


@pytest.fixture(scope="session")
def demo(end: datetime) -> tuple[Draft, ...]:
    """One demo, made once: it is frozen, and the tests only read it."""
    return tuple(demo_events(end))
