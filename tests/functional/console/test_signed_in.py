"""Who sits at the console: what they are offered, what is taken from them while they look at it, and who is sent away."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from data.access.model import Member, MemberStatus, Role, SessionEnd, SshKey
from data.permissions import Permission
from data.query import parse_query
from data.services.audit_log import AuditLog
from data.services.identity import KeyHolder
from data.store import Database, UnitOfWork
from tests.demo_database import copy_database
from tests.functional.console.demo_log import END, ZONE, end_clock
from tests.functional.console.driving import NARROW, WIDE, running
from tui.screens.locked import LockedScreen
from tui.widgets.painting import paint_once

BEAT_S = 0.05
KEY = SshKey("SHA256:cem", "ssh-ed25519", 256, "AAAA", "cem@laptop", END)
ROLE = "r-test0000"
EVERY_READING = (Permission.AUDIT_READ, Permission.CLIENTS_READ, Permission.REQUESTS_READ)


class Office:
    """A database with one member, whose role a test changes."""

    def __init__(self, path: Path, *held: Permission) -> None:
        self.path = path
        self.cem = Member("m-cem00000", "Cem Kaya", "cem@example.org", END, roles=(ROLE,))
        with self.writing() as work:
            work.access.put_role(Role(ROLE, "For a test", permissions=held))
            work.access.put_member(self.cem)
            work.access.add_key(self.cem.id, KEY)

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        with closing(Database(str(self.path), clock=end_clock)) as database, database.writing() as work:
            yield work
            work.commit()

    def hold(self, *held: Permission) -> None:
        with self.writing() as work:
            work.access.put_role(Role(ROLE, "For a test", permissions=held, revision=2))

    def end_session(self) -> None:
        with self.writing() as work:
            (session,) = work.sessions.going_on(member_id=self.cem.id)
            work.sessions.end(session.id, END, SessionEnd.ENDED, "Ben Ito")

    def open_log(self) -> AuditLog:
        return AuditLog(str(self.path), ZONE, clock=end_clock, identity=KeyHolder(KEY.fingerprint))


@pytest.fixture
def office(demo: Path, tmp_path: Path) -> Callable[..., Office]:
    def make(*held: Permission) -> Office:
        path = tmp_path / "demo.db"
        copy_database(demo, path)
        return Office(path, *held)

    return make


async def test_a_session_that_is_ended_locks_its_console(office: Callable[..., Office]) -> None:
    here = office(*EVERY_READING)
    async with running(here.open_log, "last:all", beat_s=BEAT_S) as driver:
        await driver.press("enter")
        assert driver.shows("Cem Kaya", "What changed") or driver.shows("Context")
        await driver.press("y")
        here.end_session()
        await driver.until(lambda: driver.shows("This console is locked"))
        shown = [line.strip() for line in driver.lines if line.strip()]
        assert shown == ["This console is locked", "This session was ended by Ben Ito.", "ctrl+q quits."]
        for key in ("escape", "1", "2", "4", "question_mark", "colon", "enter", "W", "y"):
            await driver.press_now(key)
            assert isinstance(driver.app.screen, LockedScreen) and not driver.shows("Cem Kaya")
        assert len(driver.app.screen_stack) == 1 and not driver.app.is_asking
        assert paint_once.cache_info().currsize <= 2 * len(shown), "what was read is kept, painted"
        await driver.press_now("q")
        await driver.until(lambda: not driver.app.is_running)
    assert str(driver.app.turned_away) == "This session was ended by Ben Ito."


async def test_a_stranger_sees_no_console(office: Callable[..., Office]) -> None:
    here = office(*EVERY_READING)
    with here.writing() as work:
        work.access.put_member(Member(here.cem.id, "Cem Kaya", "cem@example.org", END, MemberStatus.SUSPENDED))
    async with running(here.open_log, "last:all", beat_s=BEAT_S, settled=False) as driver:
        await driver.until(lambda: not driver.app.is_running)
    assert str(driver.app.turned_away) == "Cem Kaya is suspended; an administrator can reinstate them."


async def test_a_screen_without_its_permission_is_not_offered(office: Callable[..., Office]) -> None:
    here = office(Permission.CLIENTS_READ)
    async with running(here.open_log, "last:all", beat_s=BEAT_S, settled=False) as driver:
        await driver.until(lambda: driver.shows("Payroll sync"))
        await driver.settle()
        assert "2 Clients" in driver.lines[0] and "Cem Kaya" in driver.lines[0]
        assert "Audit log" not in driver.lines[0] and "Requests" not in driver.lines[0]
        assert driver.shows("Audit log needs audit:read"), "why one is not where the console begins"
        await driver.press("1")
        assert driver.shows("Audit log needs audit:read, to view audit logs.")
        await driver.press("a")
        assert driver.shows("This needs clients:write, to manage API clients.") and driver.shows("Payroll sync")
        assert " add" not in driver.lines[-1]
        await driver.press("escape")
        assert "a add" not in driver.lines[-1] and "l its log" not in driver.lines[-1]
        await driver.press("question_mark")
        assert not driver.shows("Revoke it, for good") and not driver.shows("Audit log: who changed what")
        assert driver.shows("Sort by name, end, last use or status")
        await driver.press("escape", "colon")
        assert driver.shows("API clients: who may call") and not driver.shows("Requests: what API clients called")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
async def test_a_permission_that_is_withdrawn_empties_its_screen_until_it_comes_back(
    office: Callable[..., Office], size: tuple[int, int]
) -> None:
    here = office(*EVERY_READING)
    async with running(here.open_log, "type:api_client.* last:all", beat_s=BEAT_S, size=size) as driver:
        query, current = driver.query, driver.current
        await driver.press("enter")
        here.hold(Permission.CLIENTS_READ)
        await driver.until(lambda: driver.shows("You may not view audit logs"))
        assert driver.shows("Audit log needs audit:read, to view audit logs.", "no permission")
        assert "Payroll" not in driver.text and driver.widths() == {size[0]}
        await driver.press("2")
        assert driver.shows("live")
        here.hold(*EVERY_READING)
        await driver.until(lambda: "Audit log" in driver.lines[0] or " 1 " in driver.lines[0])
        here.hold(Permission.AUDIT_READ)
        await driver.until(lambda: driver.shows("You may not view API clients"))
        here.hold(*EVERY_READING)
        await driver.until(lambda: driver.shows("live"))
        await driver.press("1")
        assert (driver.query, driver.current) == (query, current)


async def test_what_is_not_held_is_not_asked_for(office: Callable[..., Office]) -> None:
    """Nobody asked for it but the console: it would stand in the log as denied."""
    here = office(Permission.CLIENTS_READ)
    async with running(here.open_log, "last:all", beat_s=BEAT_S, settled=False) as driver:
        await driver.until(lambda: driver.shows("Payroll sync"))
        await driver.press("G", "enter")
        assert driver.shows("This needs audit:read, to", "This needs requests:read, to")
        await driver.press("r")
        with closing(AuditLog(str(here.path), ZONE, clock=end_clock)) as log:
            assert log.count(parse_query("actor:m-cem00000 outcome:denied last:all")) == 0
