"""The forms of who may do what, what is said before each end, and new invitations, as pictures that were looked at.

One console shows them all. `python -m pytest tests/snapshot/test_access_forms.py --snapshot-update` makes them anew.
"""

import shutil
from pathlib import Path

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion

from data.services.audit_log import AuditLog
from tests.access_world import fill_access
from tests.functional.console.demo_log import ZONE, end_clock
from tests.functional.console.driving import NAMES, running
from tests.functional.console.made_up_clients import counted_entropy


def _typed(text: str) -> tuple[str, ...]:
    return tuple(NAMES.get(character, character) for character in text)


_STATES = (
    ("own_keys", ("3", "ctrl+k")),
    ("suspend", ("escape", "j", "j", "x", *_typed("laptop lost"))),
    ("remove_member", ("escape", "j", "j", "j", "j", "D")),
    ("member_form", ("escape", "e", "tab", "tab", "space")),
    ("keys", ("escape", "l", "g", "j", "t", "j")),
    ("key_form", ("a", *_typed("ssh-rsa AAAA"), "ctrl+s")),
    ("remove_key", ("escape", "l", "x")),
    ("group_form", ("escape", "escape", "full_stop", "e", "tab", "tab", "tab", *_typed("hugo"), "space")),
    ("delete_group", ("escape", "escape", "l", "D")),
    ("role_form", ("escape", "full_stop", "a", *_typed("support"), "tab", "tab", "space", "down", "ctrl+s")),
    ("edit_role", ("escape", "l", "j", "e", "tab", "tab", "down", "space")),
    ("delete_role", ("escape", "l", "D", *_typed("no longer needed"))),
    ("revoke", ("escape", "full_stop", "j", "x")),
    ("invite", ("escape", "i", *_typed("zoe.example.org yan.example.org"), "tab", "down", "space")),
    ("end_session", ("escape", "l", "full_stop", "x")),
)


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixed organisation, to be copied."""
    path = tmp_path_factory.mktemp("access") / "access.db"
    fill_access(path)
    return path


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"])
async def test_every_form(
    size: tuple[int, int],
    organisation: Path,
    tmp_path: Path,
    snapshot: SnapshotAssertion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = Path(shutil.copy(organisation, tmp_path / "access.db"))
    monkeypatch.setattr("data.store.read_transaction.person_at", lambda _: "alice")
    monkeypatch.setattr("tui.app._FIRST_COUNT_S", 3_600.0)
    pictures = snapshot.use_extension(SVGImageExtension)
    differing = []
    entropy = counted_entropy()

    def open_same() -> AuditLog:
        return AuditLog(str(path), ZONE, clock=end_clock, entropy=entropy, durable=False)

    async with running(open_same, size=size) as driver:

        def look(name: str) -> None:
            if driver.app.export_screenshot(title=driver.app.title, simplify=True) != pictures(name=name):
                differing.append(name)

        for name, keys in _STATES:
            await driver.press(*keys)
            look(name)
        await driver.press("escape", "i")
        await driver.type("zoe@example.org yan@example.org")
        await driver.press("ctrl+s")
        # A key that came before the codes were seen is passed over.
        await driver.until(lambda: driver.shows("To zoe@example.org", "To yan@example.org"))
        await driver.settle()
        await driver.press("y")
        await driver.until(lambda: driver.shows("sent to the terminal"))
        await driver.press("j")
        look("new_invitations")
    assert differing == []
