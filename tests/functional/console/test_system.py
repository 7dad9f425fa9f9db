"""The System screen by keys: seeing how the whole stands, and changing a rule beside another editor."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from data.access.model import Standing
from data.health import SystemState
from data.query import parse_query
from data.services.audit_log import AuditLog
from data.services.health import Health
from tests.functional.console.demo_log import ZONE, end_clock
from tests.functional.console.driving import NARROW, running
from tests.unit.tui.made_up_system import SETTINGS, SHARED


@pytest.fixture
def open_log(tmp_path: Path) -> Callable[[], AuditLog]:
    """Opens an embedded database that was empty."""
    return lambda: AuditLog(str(tmp_path / "audit.db"), ZONE, clock=end_clock, durable=False)


async def test_two_change_one_rule_and_nothing_is_written_over_unseen(open_log: Callable[[], AuditLog]) -> None:
    with closing(open_log()) as other:
        async with running(open_log, size=NARROW, settings=SETTINGS) as driver:
            await driver.press("5")
            assert driver.shows("All is well", "SQLite", "Policy  enter changes one")
            await driver.press("e")
            assert driver.shows("Only the rules under Policy are changed here.")
            await driver.press("slash")
            await driver.type("overlap_days")
            await driver.press("enter", "e")
            assert driver.focused == "RuleBox" and driver.shows("So it is now.", "esc leave it as it is")
            await driver.type("x")
            assert driver.shows("overlap_days is a whole number from 0 to 366, not '7x'.")
            await driver.press("enter")
            assert driver.focused == "RuleBox"
            await driver.press("backspace", "0")
            assert driver.shows("enter makes it 70.")
            other.policy.change(other.gate.caller(), "overlap_days", "14")
            await driver.press("enter")
            assert driver.shows("Meanwhile somebody changed overlap_days to 14. enter makes it 70.")
            assert other.policy.read().overlap_days == 14
            await driver.press("enter")
            assert driver.shows("overlap_days is 70 now.") and driver.focused == "system"
            # What the other changes is seen when it is asked anew, also while one edits.
            await driver.press("e", "backspace")
            other.policy.change(other.gate.caller(), "overlap_days", "21")
            driver.app.screen.look()  # type: ignore[attr-defined]
            await driver.settle()
            assert driver.shows("Meanwhile somebody changed overlap_days to 21. enter makes it 7.")
            await driver.press("escape")
            assert driver.focused == "system"
        events = other.page(parse_query("type:policy.updated")).items
    told = {(change.before, change.after) for event in events for change in event.changes}
    assert told == {(7, 14), (14, 70), (70, 21)}


async def test_who_may_not_change_a_rule_is_told_why(
    open_log: Callable[[], AuditLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    state: SystemState = replace(SHARED, standing=Standing(SHARED.standing.who, frozenset()))
    monkeypatch.setattr(Health, "read", lambda _self, _stop: state)
    async with running(open_log, size=NARROW) as driver:
        await driver.press("5", "slash")
        await driver.type("zone in")
        await driver.press("enter", "enter")
        assert driver.shows("Changing a rule needs settings:write, to change") and driver.focused == "system"
        await driver.press("n", "N")
        assert driver.shows("1 of ")


async def test_what_could_not_be_read_is_tried_again(
    open_log: Callable[[], AuditLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    from data.errors import DatabaseUnavailable

    def fail(_self: Health, _stop: object) -> SystemState:
        raise DatabaseUnavailable("No answer from db.example.org.")

    async with running(open_log, size=NARROW) as driver:
        with monkeypatch.context() as trouble:
            trouble.setattr(Health, "read", fail)
            await driver.press("5")
            assert driver.shows("This could not be read", "No answer from db.example.org.", "r tries again.")
        await driver.press("r")
        assert driver.shows("All is well")
        monkeypatch.setattr(Health, "read", fail)
        await driver.press("r")
        assert driver.shows("What is seen is as of before", "All is well")


async def test_a_hold_is_placed_and_lifted_with_a_reason(open_log: Callable[[], AuditLog]) -> None:
    async with running(open_log, size=NARROW, settings=SETTINGS) as driver:
        await driver.press("5", "a")
        await driver.type("colour:red")
        await driver.press("enter")
        assert driver.shows("colour")
        await driver.press(*["backspace"] * 10)
        await driver.type("type:project.*")
        await driver.press("enter")
        await driver.type("case 4711")
        await driver.press("enter")
        assert driver.shows("Held from now on: type:project.* last:all")
        await driver.press("x")
        assert driver.shows("This row is no hold; those in force are under Holds.")
        await driver.press("slash")
        await driver.type("case 4711")
        await driver.press("enter")
        assert driver.shows("type:project.* last:all", "Holds  a adds one, x lifts one")
        await driver.press("x")
        await driver.type("settled")
        await driver.press("enter")
        assert driver.shows("Lifted: type:project.* last:all")
        await driver.press("down", "down")
        assert driver.shows("Nothing is held")
    with closing(open_log()) as log:
        told = log.page(parse_query("type:log.hold_*")).items
    assert {(event.type, event.reason) for event in told} == {
        ("log.hold_placed", "case 4711"),
        ("log.hold_lifted", "settled"),
    }
