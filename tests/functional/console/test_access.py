"""Who may do what, by keys: five lists, all there is about one of them, and the ways from one to another and back."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from data.access.errors import NotPermitted
from data.errors import DatabaseUnavailable
from data.permissions import Permission
from data.services.access_queries import AccessQueries
from data.services.audit_log import AuditLog
from tests.access_world import ALICE, EMI, HUGO, fill_access
from tests.functional.console.demo_log import open_log
from tests.functional.console.driving import NARROW, Driver, running
from tui.screens.access.screen import AccessScreen


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixed organisation, to be copied or read only."""
    path = tmp_path_factory.mktemp("access") / "access.db"
    fill_access(path)
    return path


def console(path: Path) -> Callable[[], AuditLog]:
    return lambda: open_log(path)


def access_screen(driver: Driver) -> AccessScreen:
    screen = driver.app.screen
    assert isinstance(screen, AccessScreen)
    return screen


def cursor_line(driver: Driver, selector: str) -> str:
    """The row of a widget that bears the cursor."""
    return next(line for line in driver.region(selector) if line[0] == "▌")


async def go_to(driver: Driver, selector: str, words: str) -> None:
    """Put the cursor of a list or pane on the row that begins with these words."""
    await driver.press("g")
    for _ in range(40):
        if words in cursor_line(driver, selector):
            return
        await driver.press("j")
    raise AssertionError(driver.text)


@pytest.fixture(autouse=True)
def driving_the_access_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the driver calls the screen is the audit log; here regions are looked for on the screen in front."""
    monkeypatch.setattr(Driver, "screen", property(lambda driver: driver.app.screen))


async def test_links_lead_both_ways_and_one_level_back_is_where_one_was(organisation: Path) -> None:
    async with running(console(organisation)) as driver:
        await driver.press("3")
        assert driver.shows("10 members", "3 on now", "1 suspended", "Invitations 1!")
        await go_to(driver, "#access", "Hugo Lind")
        await driver.press("enter")
        await go_to(driver, "#access-item", "Client manager")
        await driver.press("enter")
        assert driver.shows("7 roles", "Client manager  role, built in", "Hugo Lind  via Platform", "Emi Tanaka")
        await go_to(driver, "#access-item", "Emi Tanaka")
        await driver.press("enter")
        assert driver.shows("10 members", "Emi Tanaka  suspended", "nothing: suspended")
        await go_to(driver, "#access-item", "18 Nov 14:09")
        await driver.press("enter")
        assert driver.shows("6 sessions", "2001:db8:71::a4", "ended")
        await driver.press("backspace", "escape")
        assert "Emi Tanaka" in cursor_line(driver, "#access-item"), "in the role, where one went on"
        await driver.press("escape")
        assert driver.shows("Hugo Lind  active") and "Client manager" in cursor_line(driver, "#access-item")
        await driver.press("escape")
        assert driver.focused == "access" and "Hugo Lind" in cursor_line(driver, "#access")
        await driver.press("escape")
        assert driver.shows("10 members"), "there is nowhere to go back to"


async def test_each_tab_is_found_again_as_it_was_left(organisation: Path) -> None:
    async with running(console(organisation), size=NARROW) as driver:
        await driver.press("3", "slash")
        await driver.type("PLATFORM")
        assert driver.shows("2 of 10 members", "Emi Tanaka", "Hugo Lind") and not driver.shows("Grace Lin")
        await driver.press("enter", "j", "full_stop", "j", "j")
        assert driver.shows("4 groups") and "Platform" in cursor_line(driver, "#access")
        await driver.press("comma")
        assert driver.shows("2 of 10 members") and "Hugo Lind" in cursor_line(driver, "#access")
        await driver.press("escape")
        assert driver.shows("10 members") and "Hugo Lind" in cursor_line(driver, "#access")
        await driver.press("s", "l")
        assert driver.shows("by last seen") and "owner" in cursor_line(driver, "#access")
        await driver.press("full_stop", "slash")
        await driver.type("nobody")
        assert driver.shows("No group has this in its name, description, roles or", "permissions")
        await driver.press("escape", "enter")
        assert driver.shows("Audit  group", "Grace Lin") and not driver.shows("4 groups"), "in the list's place"
        await driver.press("comma", "comma")
        assert driver.shows("6 sessions", "signed out", "2001:db8:71::a4")


async def test_the_log_of_a_member_is_what_they_did_or_what_was_done_to_them(organisation: Path) -> None:
    async with running(console(organisation)) as driver:
        await driver.press("3")
        await go_to(driver, "#access", "Hugo Lind")
        await driver.press("l", "d")
        assert driver.shows(f"actor:{HUGO.id} last:all", "2 events", "Signed in")
        await driver.press("escape")
        assert "Hugo Lind" in cursor_line(driver, "#access")
        await driver.press("l", "t")
        assert driver.shows(f"target:{HUGO.id} last:all")
        await driver.press("escape", "l", "g")
        assert driver.shows("2 events", "Role granted", "Member added to group", "Log keepers", "Platform")
        # And from an event to the thing that it was done to.
        await driver.press("o")
        assert driver.shows("4 groups", "Platform  group")
        await driver.press("escape", "escape")
        assert driver.shows("2 events", "Role granted")
        # The newest events about a thing lead to its log, with the cursor on them.
        await driver.press("3", "full_stop", "full_stop", "enter", "G", "enter")
        assert driver.shows("target:i-Invite02 last:all", "Invitation sent")


async def test_what_may_not_be_seen_is_gone_at_once(organisation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trouble: list[Exception] = []
    refused = 0
    read = AccessQueries.read

    def troubled(queries: AccessQueries) -> object:
        nonlocal refused
        if trouble:
            refused += isinstance(trouble[0], NotPermitted)
            raise trouble[0]
        return read(queries)

    monkeypatch.setattr(AccessQueries, "read", troubled)
    async with running(console(organisation)) as driver:
        trouble.append(DatabaseUnavailable("The server does not answer."))
        await driver.press("3")
        assert driver.shows("Who may do what could not be read", "The server does not answer.", "r tries again.")
        trouble.clear()
        await driver.press("r", "j", "enter")
        assert driver.shows("Alice Moss  active", "10 members") and not driver.shows("could not be read")
        trouble.append(DatabaseUnavailable("The server does not answer."))
        await driver.press("r")
        assert driver.shows("What is seen is as of before", "Alice Moss  active", "no connection")
        trouble[0] = NotPermitted("This needs access:read; Bob holds audit:read.", Permission.ACCESS_READ)
        await driver.press("r")
        assert driver.shows("You may not see who may do what", "This needs access:read", "not permitted")
        assert not driver.shows("Alice Moss") and not driver.shows("Invitations 1!")
        access_screen(driver).look()
        await driver.settle()
        assert refused == 1, "each refusal stands in the log: nobody asked for another one"
        trouble.clear()
        await driver.press("r", "full_stop", "enter")
        assert driver.shows("4 groups", "Audit  group"), "and it is there again"


async def test_what_others_change_moves_nothing_that_is_read(organisation: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(organisation, tmp_path / "access.db"))
    async with running(console(path), size=(80, 12)) as driver:
        await driver.press("3", "G", "k", "k")
        before = cursor_line(driver, "#access"), driver.region("#access").index(cursor_line(driver, "#access"))
        log = open_log(path)
        with log._database.writing() as work:
            for number in range(3):
                work.access.put_member(
                    replace(EMI, id=f"m-Newcome{number}", name=f"Aaron {number}", email=f"a{number}@example.org")
                )
            work.commit()
        log.close()
        access_screen(driver).look()
        await driver.settle()
        assert driver.shows("13 members") and not driver.shows("Aaron")
        assert (cursor_line(driver, "#access"), driver.region("#access").index(before[0])) == before
        await driver.press("g", "j")
        assert driver.shows("Aaron 0")
        # A thing that is gone meanwhile is said to be.
        access_screen(driver).open_reference(replace(ALICE, id="m-Nobody00").reference)
        await driver.settle()
        assert driver.shows("This member is no longer there.")
