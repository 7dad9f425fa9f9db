"""The terminal becomes too small, and large again, while something about an API client is typed, asked or shown."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from data.services.api_clients import ApiClients
from tests.functional.console.demo_log import open_log
from tests.functional.console.driving import NARROW, Driver, running
from tests.functional.console.made_up_clients import fill_clients
from tui.screens.clients.form import ClientFormScreen
from tui.screens.clients.screen import ClientsScreen
from tui.screens.clients.token_shown import TokenScreen
from tui.screens.ending import EndingScreen
from tui.screens.too_small import TooSmallScreen

TOO_SMALL = (39, 11)
LEAST = (40, 12)


@pytest.fixture(scope="module")
def six_clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("clients") / "clients.db"
    fill_clients(made)
    return made


@pytest.fixture
def path(six_clients: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(six_clients, tmp_path / "clients.db"))


class Gate:
    """Holds what the services of clients are asked to change, until it is opened."""

    def __init__(self) -> None:
        self._opened = threading.Event()

    def holding(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def hold(*args: object, **words: object) -> object:
            assert self._opened.wait(10)
            return method(*args, **words)

        return hold

    def open(self) -> None:
        self._opened.set()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate()
    for name in ("create", "edit", "rotate", "revoke", "end_token"):
        monkeypatch.setattr(ApiClients, name, made.holding(getattr(ApiClients, name)))
    yield made
    made.open()


async def answered_while_too_small(driver: Driver, gate: Gate) -> None:
    """Make the terminal too small, let the answer come, and make it large enough again."""
    await driver.pilot.resize_terminal(*TOO_SMALL)
    await driver.until(lambda: isinstance(driver.app.screen, TooSmallScreen))
    gate.open()
    await driver.settle()
    assert driver.shows("auditdeck needs 40 x 12")
    await driver.resize(*NARROW)


async def test_a_token_that_came_while_nothing_could_be_shown_is_shown_after(path: Path, gate: Gate) -> None:
    async with running(lambda: open_log(path), size=NARROW) as driver:
        await driver.press("2", "a")
        await driver.type("New one")
        await driver.press_now("ctrl+s")
        await answered_while_too_small(driver, gate)
        assert isinstance(driver.app.screen, TokenScreen)
        assert driver.shows("New token of New one", "adk_")
        assert [type(one) for one in driver.app.screen_stack] == [ClientsScreen, TokenScreen]


async def test_a_rotation_that_ended_while_nothing_could_be_shown(path: Path, gate: Gate) -> None:
    async with running(lambda: open_log(path), size=NARROW) as driver:
        await driver.press("2", "G")
        await driver.press("t", "r")
        await driver.press_now("d")
        await answered_while_too_small(driver, gate)
        assert isinstance(driver.app.screen, TokenScreen), driver.text
        assert driver.shows("adk_")


async def test_a_client_that_was_revoked_while_nothing_could_be_shown(path: Path, gate: Gate) -> None:
    async with running(lambda: open_log(path), size=NARROW) as driver:
        await driver.press("2", "G", "x")
        assert isinstance(driver.app.screen, EndingScreen)
        await driver.type("gone")
        await driver.press_now("enter")
        await answered_while_too_small(driver, gate)
        assert isinstance(driver.app.screen, ClientsScreen)
        assert driver.shows("was revoked")


async def test_what_was_typed_stays_and_nothing_is_done_meanwhile(path: Path) -> None:
    async with running(lambda: open_log(path), size=NARROW) as driver:
        await driver.press("2", "G", "e")
        await driver.type("X")
        for size in (TOO_SMALL, LEAST, (200, 60), NARROW):
            await driver.resize(*size)
            await driver.press("y")
        assert isinstance(driver.app.screen, ClientFormScreen)
        assert driver.shows("WebsiteXyyy")
        await driver.press("escape", "l", "x")
        await driver.type("no reason")
        for size in (TOO_SMALL, LEAST, (200, 60), NARROW):
            await driver.resize(*size)
            await driver.press("y")
        assert isinstance(driver.app.screen, EndingScreen)
        assert driver.shows("no reasonyyy")
        await driver.press("escape")
    log = open_log(path)
    assert log.clients.find("Website").revoked_at is None
    log.close()


async def test_a_token_is_seen_again_after_the_terminal_was_too_small(path: Path) -> None:
    async with running(lambda: open_log(path), size=NARROW) as driver:
        await driver.press("2", "G", "t", "r", "d")
        shown = next(line.strip() for line in driver.lines if line.strip().startswith("adk_"))
        for size in (TOO_SMALL, LEAST, TOO_SMALL):
            await driver.resize(*size)
            for key in ("c", "escape", "q", "e", "enter"):
                await driver.press(key)
        await driver.resize(*NARROW)
        while not driver.shows(shown):
            assert isinstance(driver.app.screen, TokenScreen), driver.text
            await driver.press("escape")
