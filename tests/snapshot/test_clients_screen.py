"""The API clients' screen, its forms and the new token as pictures that were looked at.

`python -m pytest tests/snapshot/test_clients_screen.py --snapshot-update` makes them anew.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from data.services.audit_log import AuditLog
from tests.functional.console.demo_log import ZONE, end_clock, open_log
from tests.functional.console.driving import Driver, make_app
from tests.functional.console.made_up_clients import BOB, counted_entropy, fill_clients
from tests.snapshot.pictures import FIRST, differing


async def _see_the_list(driver: Driver, _path: Path) -> None:
    await driver.press("G", "k")


async def _open_one(driver: Driver, _path: Path) -> None:
    await driver.press("G", "k", "enter", "j", "j")


async def _fill_in_wrongly(driver: Driver, _path: Path) -> None:
    await driver.press("a")
    await driver.type("payroll sync")
    await driver.press("enter", "enter", "enter")
    await driver.type("users:read Users")
    await driver.press("enter")
    await driver.type("198.51.100.7/24")
    await driver.press("enter", "ctrl+u")
    await driver.type("2 years")
    await driver.press("ctrl+s")


async def _be_the_later_editor(driver: Driver, path: Path) -> None:
    await driver.press("G", "e", "down", "down", "ctrl+u")
    await driver.type("Alice Moss")
    log = open_log(path)
    website = log.clients.find("Website")
    theirs = replace(website.details, owner="Carla Ruiz", scopes=("orders:read", "users:read"))
    log.clients.edit(BOB, website, theirs)
    log.close()
    await driver.press("ctrl+s")


async def _rotate(driver: Driver, _path: Path) -> None:
    await driver.press("G", "t", "r", "d")


async def _begin_to_revoke(driver: Driver, _path: Path) -> None:
    await driver.press("G", "k", "x")
    await driver.type("leaked on a wiki")


@dataclass(frozen=True, slots=True)
class _State:
    name: str
    lead: Callable[[Driver, Path], Awaitable[None]]


_STATES = (
    _State("list", _see_the_list),
    _State("one", _open_one),
    _State("form_errors", _fill_in_wrongly),
    _State("form_conflict", _be_the_later_editor),
    _State("new_token", _rotate),
    _State("revoke", _begin_to_revoke),
)
_LOOKS = ((FIRST, "dark"), ((80, 24), "dark"), ((200, 60), "dark"))


@pytest.mark.parametrize("state", _STATES, ids=[state.name for state in _STATES])
async def test_state(state: _State, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    path = tmp_path / "clients.db"
    fill_clients(path)

    def open_same() -> AuditLog:
        log = AuditLog(str(path), ZONE, clock=end_clock, entropy=counted_entropy(), durable=False)
        # What was made before had the first of these numbers.
        for _ in range(100):
            log.clients._entropy(1)
        return log

    async with make_app(open_same).run_test(size=FIRST) as pilot:
        driver = Driver(pilot)
        await driver.settle()
        await driver.press("2")
        await state.lead(driver, path)
        assert await differing(driver, _LOOKS, snapshot) == []
