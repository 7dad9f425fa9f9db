"""Verifying from the System screen."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from data.errors import DatabaseUnavailable
from data.query import parse_query
from data.services.audit_log import AuditLog
from data.services.proofs import Proofs
from data.stop import Stop
from tests.functional.console.demo_log import ZONE, end_clock
from tests.functional.console.driving import WIDE, running
from tests.integration.events import plain_drafts
from tui.screens.system.screen import SystemScreen


@pytest.fixture
def open_log(tmp_path: Path) -> Callable[[], AuditLog]:
    """Opens an embedded database of a few sealed events."""

    def opened() -> AuditLog:
        return AuditLog(str(tmp_path / "audit.db"), ZONE, clock=end_clock, durable=False, state_folder=tmp_path)

    with closing(opened()) as log:
        log.append(plain_drafts(30, start=end_clock()))
        log.keeper.seal()
    return opened


async def test_what_holds_and_what_does_not_is_said_there(open_log: Callable[[], AuditLog], tmp_path: Path) -> None:
    async with running(open_log, size=WIDE) as driver:
        await driver.press("5")
        assert driver.shows("last verified", "never", "p verifies it.")
        await driver.press("p", "n")
        assert driver.shows("verified here", "holds", "It held.")
        with closing(sqlite3.connect(tmp_path / "audit.db")) as connection, connection:
            connection.execute("DROP TRIGGER event_no_update")
            connection.execute("UPDATE event SET flags = 1 WHERE seq = 5")
        await driver.press("p", "a")
        assert driver.shows("DOES NOT HOLD", "Place 4: Its flags in the row is not what its body says.")
        await driver.press("slash")
        await driver.type("column altered")
        await driver.press("enter", "enter")
        assert driver.shows("id:", "1 event", "Project created")
    with closing(open_log()) as log:
        told = log.page(parse_query("type:log.verified,log.verification_failed last:all")).items
    # Both at the one moment of this clock, and so in either order.
    assert {event.type for event in told} == {"log.verification_failed", "log.verified"} and len(told) == 2
    assert {event.actor.type for event in told} == {"member"}


async def test_it_is_called_off_and_trouble_is_told(
    open_log: Callable[[], AuditLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[Stop] = []

    def verify(_self: Proofs, _by: object, *, stop: Stop, progress: Callable[..., None], **_rest: object) -> None:
        progress("hashes", 45, 100)
        stopped.append(stop)
        while not stop.requested:
            pass
        stop.check()

    async with running(open_log, size=WIDE) as driver:
        await driver.press("5")
        with monkeypatch.context() as slow:
            slow.setattr(Proofs, "verify", verify)
            await driver.press("p")
            await driver.press_now("a")
            screen = driver.app.screen
            assert isinstance(screen, SystemScreen)
            await driver.until(lambda: bool(stopped))
            await driver.press_now("p")
            screen._show_how_far()
            assert driver.shows("verifying", "hashes 45 %", "ctrl+c calls it off.")
            await driver.press_now("ctrl+c")
            await driver.settle()
            assert driver.shows("Called off. p begins again.") and stopped[0].requested

        def fail(*_args: object, **_rest: object) -> None:
            raise DatabaseUnavailable("No answer from db.example.org.")

        monkeypatch.setattr(Proofs, "verify", fail)
        await driver.press("p", "a")
        assert driver.shows("It could not be verified. No answer from db.example.org.")
