"""Who may do what, changed by keys: roles, groups, members, invitations, keys and sessions, and what is said before each end."""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import Paste

from data.access.details import RoleDetails, details_of_group, details_of_member
from data.access.model import MemberStatus, SessionEnd
from data.mail.model import Mail
from data.permissions import Permission
from data.query import parse_query
from data.records import Event, Outcome
from data.services.audit_log import AuditLog
from data.services.identity import KeyHolder
from tests.access_world import ALICE, BOB, fill_access
from tests.functional.console.demo_log import ZONE, end_clock, open_log
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tui.screens.access.handing_over import HandingOverScreen
from tui.screens.access.screen import AccessScreen
from tui.screens.access.ssh_keys import SshKeysScreen
from tui.screens.ending import EndingScreen
from tui.screens.form.screen import FormScreen

ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGKdK2xGVqRCTz0Iv0lvUJw8Et9CPyJ0Jb3X2Xq3cZ1q zoe@laptop"
ROLES = ("3", "full_stop", "full_stop")


@pytest.fixture(scope="session")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a small organisation, to be copied."""
    made = tmp_path_factory.mktemp("access") / "access.db"
    fill_access(made)
    return made


@pytest.fixture
def path(organisation: Path, tmp_path: Path) -> Path:
    """The same for a test alone."""
    return Path(shutil.copy(organisation, tmp_path / "access.db"))


def console(path: Path, fingerprint: str | None = None) -> Callable[[], AuditLog]:
    """Opens the log as the owner of its file, or as the member who has this key."""
    identity = None if fingerprint is None else KeyHolder(fingerprint)
    return lambda: AuditLog(str(path), ZONE, clock=end_clock, durable=False, identity=identity)


def newest(path: Path, query: str) -> list[Event]:
    with closing(open_log(path)) as log:
        return list(log.page(parse_query(query)).items)


async def go_to(driver: Driver, name: str) -> None:
    """Put the cursor on the one in the list that has this name."""
    await driver.press("g")
    for _ in range(30):
        if any(line[0] == "▌" and name in line for line in driver.lines):
            return
        await driver.press("j")
    raise AssertionError(driver.text)


async def test_a_role_is_made_edited_and_deleted_by_keys(path: Path) -> None:
    async with running(console(path), size=NARROW) as driver:
        await driver.press(*ROLES, "a")
        assert "ctrl+t" not in driver.lines[-1], "there is no other value beside any field"
        await driver.type("Night watch")
        await driver.press("ctrl+s")
        assert driver.shows("There is a role named Night watch already.", "Not saved: one field is wrong.")
        await driver.type("ers")
        await driver.press("tab", "tab", "space", "down", "down", "space", "ctrl+s")
        assert driver.shows("Saved: Night watchers"), driver.text
        await driver.press("e", "tab", "tab")
        await driver.type("audit")
        assert driver.shows("audit:write") and not driver.shows("requests:read   view")
        await driver.press("escape", "space", "ctrl+s")
        assert driver.shows("Saved: Night watchers")
        await driver.press("D")
        assert driver.shows("Delete role Night watchers", "nobody loses a permission by it")
        await driver.type("a slip")
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccessScreen) and driver.shows("Night watchers was deleted.")
    told = newest(path, "type:role.* last:1h")
    assert {(one.type, one.reason) for one in told} == {
        ("role.created", None),
        ("role.updated", None),
        ("role.deleted", "a slip"),
    }
    (created,) = [one for one in told if one.type == "role.created"]
    assert ["audit:read", "requests:read"] in [change.after for change in created.changes]


async def test_who_loses_what_is_said_before_a_group_is_deleted_and_no_early_key_does_it(path: Path) -> None:
    async with running(console(path), size=NARROW) as driver:
        await driver.press("3", "full_stop")
        await go_to(driver, "Audit")
        for key in ("D", "g", "o", "enter"):
            driver._send(key)  # before anything of the question could be seen
        await driver.settle()
        assert driver.shows("Delete group Audit", "2 members lose audit:read: Grace Lin and Jana Novak"), driver.text
        await driver.press("enter")
        assert driver.shows("Say why; it stands in the log.")
        with closing(open_log(path)) as log:  # meanwhile somebody else is in it
            access = log.access.read().access
            audit = access.groups["g-Audit000"]
            details = replace(details_of_group(audit), members=(*audit.members, "m-LenaVogt"))
            log.groups.edit(log.caller(), audit, details)
        await driver.type("merged")
        await driver.press("enter")
        assert driver.shows("Not done: what would stop changed meanwhile", "Grace Lin, Jana Novak and Lena Vogt")
        await driver.press("enter")
        assert driver.shows("Audit was deleted.")
    (event,) = newest(path, "type:group.deleted last:1h")
    assert event.reason == "merged" and "m-LenaVogt" in str(event.data)


async def test_a_member_is_found_among_many_and_put_into_a_group(path: Path) -> None:
    async with running(console(path), size=NARROW) as driver:
        await driver.press("3", "full_stop")
        await go_to(driver, "Support")
        await driver.press("e", "tab", "tab", "tab")
        await driver.type("lena")
        await driver.press("space")
        assert driver.shows("1 member gains audit:read, clients:read and requests:read: Lena Vogt"), driver.text
        await driver.press("ctrl+s")
        assert driver.shows("Saved: Support")
    with closing(open_log(path)) as log:
        assert log.access.read().access.members["m-LenaVogt"].groups == ("g-Support0",)


async def test_a_member_is_suspended_let_in_again_and_removed(path: Path) -> None:
    async with running(console(path), size=NARROW) as driver:
        await driver.press("3")
        await go_to(driver, "Bob Okafor")
        await driver.press("x")
        assert driver.shows("Suspend Bob Okafor", "1 session ends")
        await driver.type("laptop lost")
        await driver.press("enter")
        assert driver.shows("Bob Okafor was suspended.")
        await driver.press("x")
        assert driver.shows("Reinstate Bob Okafor", "What they have again")
        await driver.type("found")
        await driver.press("enter", "D")
        assert driver.shows("Remove member Bob Okafor", "loses         audit:read, clients:read and requests:read")
        await driver.type("left")
        await driver.press("enter")
        assert driver.shows("Bob Okafor was removed.")
        await driver.press("e")
        assert isinstance(driver.app.screen, AccessScreen)
    with closing(open_log(path)) as log:
        found = log.access.read()
    assert found.access.members[BOB.id].status is MemberStatus.REMOVED
    assert all(one.ending is SessionEnd.ENDED for one in found.sessions if one.member.id == BOB.id and one.ended_by)


async def test_the_texts_of_invitations_are_shown_once_and_nothing_of_them_stays(path: Path) -> None:
    async with running(console(path), size=WIDE) as driver:
        await driver.press("3", "i")
        driver.app.post_message(Paste("zoe@example.org,\nyan@example.org\r\nbo@"))
        await driver.settle()
        assert driver.shows("1 of 3 cannot be invited.", "'bo@' is not a mail address")
        await driver.press("backspace", "backspace", "backspace", "tab")
        await driver.type("support")
        await driver.press("space", "ctrl+s")
        assert isinstance(driver.app.screen, HandingOverScreen) and driver.text.count("adj-") == 2
        codes = [line[1:].strip() for line in driver.lines if "adj-" in line]
        for key in ("escape", "q", "ctrl+q", "3", "colon"):
            await driver.press(key)
            await driver.press("escape")
            assert isinstance(driver.app.screen, HandingOverScreen), key
        await driver.press("g", "Y")
        assert all(code in driver.app.clipboard for code in codes)
        await driver.press("c", "c")
        assert driver.shows("Invited 2 people.", "zoe@example.org") and not driver.shows("adj-")
        assert driver.app.clipboard == ""
        await driver.press("e")
        assert driver.shows("An invitation is not edited.")
        await driver.press("S")
        assert isinstance(driver.app.screen, HandingOverScreen) and codes[0] not in driver.text
        await driver.press("c", "c", "x")
        await driver.type("wrong address")
        await driver.press("enter")
        assert driver.shows("was revoked.")
        await driver.press("x")
        assert driver.shows("is revoked already.")
    assert {(one.type, one.reason) for one in newest(path, "type:invitation.* last:1h")} >= {
        ("invitation.sent", None),
        ("invitation.resent", None),
        ("invitation.revoked", "wrong address"),
    }


async def test_what_cannot_be_invited_is_said_beside_the_addresses(path: Path) -> None:
    async with running(console(path), size=NARROW) as driver:
        await driver.press("3", "i")
        await driver.type("DANA@example.org bob@example.org")
        await driver.press("ctrl+s")
        assert driver.shows("is invited already", "and is a member", "Not saved: one field is wrong."), driver.text
        driver.app.post_message(Paste("x" * 1_000_000))
        await driver.settle()
        assert isinstance(driver.app.screen, FormScreen) and driver.widths() == {80}
        await driver.press("escape", "l")
    assert newest(path, "type:invitation.sent last:1h") == []


async def test_everybody_reaches_their_own_keys_and_nobody_else_without_permission(path: Path) -> None:
    async with running(console(path, BOB.keys[0].fingerprint), size=NARROW) as driver:
        await driver.press("colon")
        await driver.type("your ssh")
        await driver.press("enter")
        assert isinstance(driver.app.screen, SshKeysScreen) and driver.shows("bob@phone-room"), driver.text
        await driver.press("a")
        await driver.type("ssh-rsa AAAA")
        await driver.press("ctrl+s", "ctrl+u")
        driver.app.post_message(Paste(ED25519 + "\n"))
        await driver.press("ctrl+s")
        assert driver.shows("Registered: SHA256:", "zoe@laptop"), driver.text
        await driver.press("D")
        assert isinstance(driver.app.screen, EndingScreen) and driver.shows("Remove key of Bob Okafor")
        await driver.press("escape", "escape")
    (event,) = newest(path, "type:member.key_registered last:1h")
    assert event.actor.id == BOB.id


async def test_the_later_of_two_editors_is_told_and_one_who_may_not_is_told_why(path: Path) -> None:
    async with running(console(path), size=WIDE) as driver:
        await driver.press(*ROLES)
        await go_to(driver, "Log keepers")
        await driver.press("e", "tab", "ctrl+e")
        await driver.type(" or not")
        with closing(open_log(path)) as log:
            role = log.access.read().access.roles["r-LogKeepr"]
            details = RoleDetails(role.name, "Theirs", (Permission.AUDIT_READ,))
            log.roles.edit(log.caller(), role, details)
        await driver.press("ctrl+s")
        assert driver.shows("Meanwhile somebody changed description and permissions", "theirs: Theirs")
        assert driver.shows("before: audit:read, audit:write"), driver.text
        await driver.press("ctrl+s", "m")
        assert driver.shows("Saved: Log keepers")
        await driver.press("e", "tab", "tab", "down", "space")
        with closing(open_log(path)) as log:
            log.roles.delete(log.caller(), "r-LogKeepr", even_in_use=True)
        await driver.press("ctrl+s")
        assert driver.shows("Log keepers was deleted meanwhile.") and isinstance(driver.app.screen, FormScreen)


async def test_what_one_does_not_hold_cannot_be_ticked_and_a_refusal_is_seen_whole(path: Path) -> None:
    with closing(open_log(path)) as log:  # Bob manages access now, and holds little else
        by = log.caller()
        role = log.roles.create(by, RoleDetails("Door keeper", "", (Permission.ACCESS_READ, Permission.ACCESS_WRITE)))
        bob = log.access.read().access.members[BOB.id]
        log.members.edit(by, bob, replace(details_of_member(bob), roles=(role.id,)))
    async with running(console(path, BOB.keys[0].fingerprint), size=NARROW) as driver:
        await driver.press(*ROLES, "a")
        await driver.type("Everything")
        await driver.press("tab", "tab", "pagedown", "space")
        assert driver.shows("settings:write: you do not hold it."), driver.text
        await driver.press("escape", "l", "comma", "comma")
        await go_to(driver, "Alice Moss")
        await driver.press("x")
        await driver.type("because")
        await driver.press("enter")
        assert driver.shows("Alice Moss may do all that you may and more;"), driver.text
        assert "pgup" not in driver.lines[-1], "all that stops is in sight"
        await driver.resize(60, 20)
        assert driver.shows("esc goes back") and not driver.shows("until they are reinstated"), driver.text
        assert "pgup pgdn more" in driver.lines[-1]
        await driver.press("pageup")
        assert driver.shows("until they are reinstated"), driver.text
        await driver.press("pagedown")
        assert driver.shows("esc goes back"), driver.text
        await driver.press("escape")
        await driver.resize(*NARROW)
        await go_to(driver, "Bob Okafor")
        for key in ("x", "D"):
            await driver.press(key)
            assert isinstance(driver.app.screen, AccessScreen), "a reason would be asked for nothing"
            assert driver.shows("Nobody changes their own access; somebody else who manages access can."), key
    assert [one.target.id for one in newest(path, "outcome:denied type:member.suspended last:1h") if one.target] == [
        ALICE.id
    ]
    assert all(one.outcome is Outcome.DENIED for one in newest(path, "type:member.suspended last:1h"))


class Post:
    """A mail server that takes whatever it is given."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []

    def send(self, mail: Mail) -> None:
        self.sent.append(mail)


async def test_with_mail_nothing_is_shown_and_the_mails_go_out_behind_one(path: Path) -> None:
    post = Post()
    async with running(
        lambda: AuditLog(str(path), ZONE, clock=end_clock, durable=False, mailer=post), size=NARROW
    ) as driver:
        await driver.press("3", "i")
        await driver.type("zoe@example.org yan@example.org")
        await driver.press("tab", "space", "ctrl+s")
        assert isinstance(driver.app.screen, AccessScreen) and driver.shows("Invited 2 people; the mail is on its way.")
        assert driver.shows("zoe@example.org", "sent"), driver.text
    assert {"zoe@example.org", "yan@example.org"} <= {mail.to for mail in post.sent}


async def test_what_is_typed_and_ticked_stays_whatever_becomes_of_the_terminal(path: Path) -> None:
    async with running(console(path), size=WIDE) as driver:
        await driver.press("3", "full_stop", "a")
        await driver.type("Night team")
        await driver.press("tab", "tab", "space", "tab")
        await driver.type("lena")
        for size in ((39, 11), (40, 12), (60, 20), (200, 60), NARROW):
            await driver.resize(*size)
            assert driver.widths() == {size[0]}, size
        await driver.press("space", "ctrl+s")
        assert driver.shows("Saved: Night team"), driver.text
    with closing(open_log(path)) as log:
        (made,) = [one for one in log.access.read().access.groups.values() if one.name == "Night team"]
    assert made.roles == ("client-manager",) and made.members == ("m-LenaVogt",)
