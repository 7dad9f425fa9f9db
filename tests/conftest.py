"""Fixtures for all tests: the databases, of both kinds, each of them new for each test."""

import gc
import logging
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.css.stylesheet import Stylesheet

from data.oplog import LOGGER_NAME
from tests.headless import parse_rules_once
from tui.glyphs import UNICODE, draw_with

if TYPE_CHECKING:
    from data.store import Database
    from tests.hand_clock import HandClock
    from tests.integration.postgres_server import PostgresServer

_LONGEST_IN_ID, _SHOWN_IN_ID = 80, 20

# Imported where it is needed: most tests touch no database, and should not wait for SQLAlchemy.
ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session", autouse=True)
def signals_end_what_is_started() -> None:
    """What tests start can be ended by signals, also where nohup or a shell's background has had them ignored."""
    for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


@pytest.fixture(autouse=True)
def all_characters() -> Iterator[None]:
    """Tests draw with Unicode; one that chooses otherwise does so for itself alone."""
    draw_with(UNICODE)
    yield
    draw_with(UNICODE)


@pytest.fixture(scope="session")
def server() -> Iterator["PostgresServer"]:
    """A running PostgreSQL, one for each process that runs tests."""
    from tests.integration.postgres_server import running_server

    with running_server() as running:
        yield running


@pytest.fixture
def clock() -> "HandClock":
    """The clock of `database`: it stands at `NOW` until a test moves it."""
    from tests.hand_clock import HandClock

    return HandClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded database to be copied: up to date, empty but for the members in whose name tests ask."""
    from data.store import Database
    from tests.members import enrol

    path = tmp_path_factory.mktemp("template") / "audit.db"
    database = Database(str(path), durable=False)
    database.open()
    enrol(database)
    database.close()
    return path


@pytest.fixture
def sqlite_address(tmp_path: Path, sqlite_template: Path) -> str:
    """The path of an embedded database that is there, up to date and empty but for `tests.members`."""
    path = tmp_path / "log" / "audit.db"
    path.parent.mkdir(mode=0o700)
    shutil.copy(sqlite_template, path)
    return str(path)


@pytest.fixture
def postgres_address(server: "PostgresServer") -> Iterator[str]:
    """The URL of a shared database that is there, up to date and empty but for `tests.members`."""
    with server.migrated_database() as address:
        yield address


@pytest.fixture(params=ENGINES)
def address(request: pytest.FixtureRequest) -> str:
    """The address of a database that is there, up to date and empty; on each engine in turn."""
    found: str = request.getfixturevalue(f"{request.param}_address")
    return found


@pytest.fixture
def database(address: str, clock: "HandClock") -> Iterator["Database"]:
    """The database at `address`, told the time by `clock`; on each engine in turn."""
    from data.store import Database

    opened = Database(address, clock=clock)
    yield opened
    opened.close()


def pytest_configure() -> None:
    """Collect garbage seldom: a console makes some 100,000 objects, and its tests many consoles."""
    gc.set_threshold(50_000, 20, 100)
    Stylesheet._parse_rules = parse_rules_once  # type: ignore[method-assign, assignment]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: a seventh of the time tests wait, for disks, servers and programs."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def operational_log_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test before has opened a log file for: `caplog` hears what the program logs."""
    monkeypatch.setattr(logging.getLogger(LOGGER_NAME), "propagate", True)


def pytest_make_parametrize_id(val: object) -> str | None:
    """A long text's beginning and length: a name of a megabyte is kept, sent and written by pytest again and again."""
    if isinstance(val, str | bytes) and len(val) > _LONGEST_IN_ID:
        return f"{val[:_SHOWN_IN_ID]!a}-and-so-on-{len(val)}"
    return None
