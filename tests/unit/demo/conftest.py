from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from data.clients.model import ApiClient
from data.demo import make_demo
from data.demo.calendar import ZONE
from data.query import parse_query
from data.records import Event
from data.services.audit_log import AuditLog
from tests.demo_database import END, demo_database

_MOST = 100_000


@pytest.fixture(scope="session")
def end() -> datetime:
    return END


def events_of(log: AuditLog) -> tuple[Event, ...]:
    """Every event of the change log, oldest first."""
    return tuple(reversed(log.page(parse_query("last:all"), limit=_MOST).items))


@pytest.fixture(scope="session")
def demo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One demo, made once: the tests only read it."""
    return demo_database(tmp_path_factory)


@pytest.fixture(scope="session")
def demo(demo_path: Path) -> tuple[Event, ...]:
    """Its events, oldest first."""
    with closing(AuditLog(str(demo_path), ZONE, clock=lambda: END)) as log:
        return events_of(log)


@pytest.fixture(scope="session")
def requests(demo_path: Path) -> tuple[Event, ...]:
    """Every event of its request log, oldest first."""
    with closing(AuditLog(str(demo_path), ZONE, clock=lambda: END)) as log:
        return tuple(reversed(log.requests.page(parse_query("last:all"), limit=_MOST).items))


@pytest.fixture(scope="session")
def clients(demo_path: Path) -> dict[str, ApiClient]:
    """Every client by its id, the deleted ones too."""
    with closing(AuditLog(str(demo_path), ZONE, clock=lambda: END)) as log:
        return {client.id: client for client in log.clients.all(include_deleted=True).clients}


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., tuple[Event, ...]]:
    """Makes one more demo and gives its events, oldest first."""
    paths = iter(tmp_path / f"{number}.db" for number in range(10))

    def make(end: datetime, seed: int = 7, everyday: int = 100) -> tuple[Event, ...]:
        path = str(next(paths))
        make_demo(path, end, seed, everyday, with_requests=False)
        with closing(AuditLog(path, ZONE, clock=lambda: end)) as log:
            return events_of(log)

    return make
