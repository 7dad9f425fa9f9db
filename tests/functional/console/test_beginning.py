"""What the console says first, and the query where one left."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.query import parse_query
from data.services.audit_log import AuditLog
from data.settings import Settings
from tests.functional.console.driving import Driver, running
from tui.app import AuditdeckApp
from tui.console import run_console
from tui.personal_state import StateFile

OpenLog = Callable[[], AuditLog]


async def test_the_first_start_names_the_first_keys_until_one_is_pressed(demo_log: OpenLog) -> None:
    async with running(demo_log, is_first=True) as driver:
        assert driver.lines[-1].startswith(" ? shows all keys · / searches")
        await driver.press("j")
        assert driver.lines[-1].startswith(" j k move")


@pytest.mark.parametrize("width", [80, 60, 40])
async def test_the_first_keys_fit_where_there_is_less_room(demo_log: OpenLog, width: int) -> None:
    async with running(demo_log, is_first=True, size=(width, 20)) as driver:
        line = driver.lines[-1].rstrip()
        assert line.startswith(" ? all keys · / search · f filters") and "…" not in line
        assert line.endswith(" : commands") is (width > 40)


async def test_a_later_start_names_nothing(demo_log: OpenLog) -> None:
    async with running(demo_log) as driver:
        assert driver.lines[-1].startswith(" j k move")


async def test_redo_takes_up_the_last_query_and_undo_leads_back(demo_log: OpenLog) -> None:
    async with running(demo_log, last_query="outcome:denied last:7d") as driver:
        assert "U takes up your last query: outcome:denied last:7d" in driver.lines[-1]
        assert driver.query == "last:30d"
        await driver.press("U")
        assert driver.query == "outcome:denied last:7d"
        assert "last query" not in driver.lines[-1]
        await driver.press("u")
        assert driver.query == "last:30d"


async def test_a_query_that_is_asked_instead_takes_its_place(demo_log: OpenLog) -> None:
    async with running(demo_log, last_query="outcome:denied") as driver:
        await driver.press("slash")
        await driver.type("has:changes")
        await driver.press("enter")
        await driver.press("U")
        assert driver.query == "last:30d has:changes"


async def test_the_query_that_one_begins_with_is_not_offered(demo_log: OpenLog) -> None:
    async with running(demo_log, "outcome:denied", last_query="outcome:denied") as driver:
        assert "last query" not in driver.text
        await driver.press("U")
        assert driver.shows("Nothing to redo.")


@pytest.fixture
def collecting_as_before() -> Iterator[None]:
    """The console tunes the collection of garbage for its process."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.usefixtures("collecting_as_before")
def test_the_query_where_one_left_is_offered_at_the_next_start(
    own_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(database=str(own_demo), state_file=tmp_path / "console.json", log_file=tmp_path / "console.log")
    shown: list[str] = []

    async def drive(app: AuditdeckApp, *keys: str) -> None:
        async with app.run_test() as pilot:
            driver = Driver(pilot)
            await driver.settle()
            shown.append(driver.lines[-1])
            await driver.press(*keys)
            shown.append(driver.query)

    def start(*keys: str) -> None:
        monkeypatch.setattr(AuditdeckApp, "run", lambda app, mouse: asyncio.run(drive(app, *keys)))
        assert run_console(settings) == 0

    start("slash", *"has", "colon", *"changes", "enter")
    start("U")
    start("0")
    first, asked, second, taken_up, third, _ = shown
    assert "? all keys" in first
    assert asked == taken_up == "last:30d has:changes"
    assert "U takes up your last query: last:30d has:changes" in second
    assert third == second


@pytest.mark.usefixtures("collecting_as_before")
def test_a_console_that_breaks_off_keeps_its_query_too(
    own_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(database=str(own_demo), state_file=tmp_path / "console.json", log_file=tmp_path / "console.log")

    def hang_up(app: AuditdeckApp, mouse: bool) -> None:
        raise SystemExit(129)

    monkeypatch.setattr(AuditdeckApp, "run", hang_up)
    with pytest.raises(SystemExit):
        run_console(settings, query="outcome:denied")
    kept = StateFile(settings.state_file).read()
    assert kept.last_query(str(own_demo)) == parse_query("outcome:denied")
