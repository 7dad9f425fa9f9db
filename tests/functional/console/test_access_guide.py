"""The guide to roles, groups and invitations, step by step by keyboard, as it is published."""

import sys
from contextlib import closing
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from data.access.errors import NotPermitted
from data.access.joining import CodeRefused, Joining
from data.access.ssh_keys import read_public_key
from data.permissions import Permission
from data.query import parse_query
from data.records import Reference
from data.services.audit_log import AuditLog
from data.services.identity import Identity, KeyHolder
from data.settings import Settings
from tests.access_world import LENA, fill_access
from tests.functional.console.demo_log import ZONE, end_clock
from tests.functional.console.driving import NARROW, running
from tests.members import As
from tests.unit.access.sample_keys import SAMPLES
from tui.commands.join import join
from tui.screens.access.handing_over import HandingOverScreen
from tui.ssh.joining import join_over_ssh


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A small organisation, in which Lena may do nothing yet."""
    fill_access(tmp_path / "guide.db")
    return tmp_path / "guide.db"


def opened(path: Path, identity: Identity | None = None) -> AuditLog:
    return AuditLog(str(path), ZONE, clock=end_clock, durable=False, identity=identity)


def may_read_the_log(path: Path, member: Reference) -> bool:
    with closing(opened(path, As(member))) as log:
        try:
            return bool(log.page(parse_query("last:all")).items)
        except NotPermitted as error:
            assert error.needed is Permission.AUDIT_READ
            return False


def give(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(given.encode())))


async def test_the_published_guide_works_by_keyboard(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not may_read_the_log(path, LENA.reference)
    async with running(lambda: opened(path, As(LENA.reference)), size=NARROW) as driver:
        await driver.press("1")
        assert driver.shows("Audit log needs audit:read, to view audit logs."), driver.text

    async with running(lambda: opened(path), size=NARROW) as driver:
        # 1. Create a role with a name, a description and LOG-MANAGEMENT.
        await driver.press("3", "full_stop", "full_stop", "a")
        await driver.type("Log management")
        await driver.press("tab")
        await driver.type("Who looks after the log")
        await driver.press("tab", "space", "down", "space", "ctrl+s")
        assert driver.shows("Saved: Log management"), driver.text
        # 2. Add it to a group, with somebody in it.
        await driver.press("comma", "a")
        await driver.type("Log team")
        await driver.press("tab", "tab")
        await driver.type("logmanagement")
        await driver.press("space", "tab")
        await driver.type("lena")
        await driver.press("space")
        assert driver.shows("1 member gains audit:read and audit:write: Lena Vogt"), driver.text
        await driver.press("ctrl+s")
        assert driver.shows("Saved: Log team"), driver.text
        # 3. A member of that group can open the audit log now, and could not before.
        assert may_read_the_log(path, LENA.reference)
        # 4. Invite two people with that role, and pass on what they need.
        await driver.press("i")
        await driver.type("zoe@example.org, yan@example.org")
        await driver.press("tab")
        await driver.type("logmanagement")
        await driver.press("space", "ctrl+s")
        assert isinstance(driver.app.screen, HandingOverScreen), driver.text
        await driver.press("Y")
        codes = [line.strip() for line in driver.app.clipboard.splitlines() if line.strip().startswith("adj-")]
        await driver.press("c", "c")
        assert len(codes) == 2 and driver.shows("Invited 2 people.")

    # 5. Both join, each once: one over ssh, one as `auditdeck join` has it, each with the code on standard input.
    zoe, yan = (read_public_key(SAMPLES[key].line) for key in ("ed25519", "ecdsa_256"))

    def over_ssh(code: str) -> int:
        give(monkeypatch, f"{code}\n")
        return join_over_ssh(Settings(), zoe, "198.51.100.7", "join")

    monkeypatch.setattr("tui.ssh.joining.opened_log", lambda *_, **__: closing(opened(path)))
    assert over_ssh(codes[0]) == 0
    with pytest.raises(CodeRefused, match="used already"):
        over_ssh(codes[0])
    with closing(opened(path)) as log:
        give(monkeypatch, codes[1].lower())
        join(log, Joining(key_line=yan.line), "Yan Li")
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(" is a member now.")[0] for line in said] == ["Zoe", "Yan Li"]
    for key in (zoe, yan):
        with closing(opened(path, KeyHolder(key.fingerprint))) as log:
            joined = log.caller().actor
        assert may_read_the_log(path, joined)

    async with running(lambda: opened(path, As(LENA.reference)), size=NARROW) as driver:
        assert not driver.shows("You may not view audit logs") and driver.shows("Member joined  Yan Li"), driver.text
