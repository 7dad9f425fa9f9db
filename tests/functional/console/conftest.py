"""Fixtures of the console's tests: the demo as a database, and as a plain list."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from threading import enumerate as enumerate_threads
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

from data.records import Event
from tests.demo_database import copy_database, demo_database
from tests.functional.console.demo_log import events_of, open_log
from tests.functional.console.troubled_log import Trouble

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog


THREADS_END_WITHIN_S = 10


@pytest.fixture(autouse=True)
def console_that_leaves_nothing_behind() -> Iterator[None]:
    """Once a console has ended, none of its threads asks its database anything more."""
    others = _threads()
    yield
    end = monotonic() + THREADS_END_WITHIN_S
    while left := _threads() - others:
        assert monotonic() < end, f"still there after {THREADS_END_WITHIN_S} s: {sorted(one.name for one in left)}"
        sleep(0.005)


def _threads() -> set[Thread]:
    return {thread for thread in enumerate_threads() if thread.name.startswith("auditdeck-")}


@pytest.fixture(autouse=True)
def terminal_without_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the environment changes what is drawn."""
    for variable in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM", "COLUMNS", "LINES"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture(autouse=True)
def person_without_a_past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A console that is a process of its own neither knows what another one has read, nor keeps a thing for one of ours."""
    for variable in ("AUDITDECK_STATE_FILE", "AUDITDECK_SETTINGS"):
        monkeypatch.delenv(variable, raising=False)
    for variable in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "person"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo's database without its requests, to be read only: whoever writes to it all the same is told of."""
    path = demo_database(tmp_path_factory, with_requests=False)
    before = len(events_of(path))
    yield path
    assert len(events_of(path)) == before, "somebody has written to what all tests read"


@pytest.fixture(scope="session")
def whole_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's database with its requests, to be read only."""
    return demo_database(tmp_path_factory)


@pytest.fixture(scope="session")
def events(demo: Path) -> list[Event]:
    """Every event of the demo, newest first."""
    return events_of(demo)


@pytest.fixture
def own_demo(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo's database for a test that writes."""
    path = tmp_path / "demo.db"
    copy_database(demo, path)
    return path


@pytest.fixture
def demo_log(demo: Path) -> Callable[[], "AuditLog"]:
    """Opens the demo's log."""
    return lambda: open_log(demo)


@pytest.fixture
def trouble() -> Iterator[Trouble]:
    """Trouble that ends with the test."""
    made = Trouble()
    yield made
    made.let_go()
