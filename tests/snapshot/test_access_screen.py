"""The Access screen's tabs as pictures that were looked at; one console shows them all.

`python -m pytest tests/snapshot/test_access_screen.py --snapshot-update` makes them anew.
"""

from pathlib import Path

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion

from tests.access_world import fill_access
from tests.functional.console.demo_log import open_log
from tests.functional.console.driving import running
from tui.two_panes import BESIDE

_NARROW = (
    ("members", ("3", "j")),
    ("member", (*"jjjjj", "enter", *"jjjj")),
    ("group_of_member", ("enter",)),
    ("groups", ("escape", "escape", "full_stop", "j")),
    ("roles", ("full_stop",)),
    ("role", (*"jjjj", "enter", "G")),
    ("invitations", ("full_stop",)),
    ("invitation", ("enter",)),
    ("sessions", ("full_stop",)),
    ("session", ("G", "enter")),
    ("log_of", ("escape", "full_stop", "l", "right")),
)
_WIDE = (
    ("members", ("3", "j")),
    ("member", (*"jjjjj", "enter", *"jjjj")),
    ("groups", ("full_stop", "j", "j")),
    ("roles", ("full_stop",)),
    ("invitations", ("full_stop",)),
    ("sessions", ("full_stop", "G")),
)
"""With room for both, what is opened stands beside the list in every picture."""


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixed organisation, to be read only."""
    path = tmp_path_factory.mktemp("access") / "access.db"
    fill_access(path)
    return path


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"])
async def test_every_tab(
    size: tuple[int, int], organisation: Path, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.store.read_transaction.person_at", lambda _: "alice")
    monkeypatch.setattr("tui.app._FIRST_COUNT_S", 3_600.0)
    pictures = snapshot.use_extension(SVGImageExtension)
    differing = []
    async with running(lambda: open_log(organisation), size=size) as driver:
        for name, keys in _NARROW if size[0] < BESIDE else _WIDE:
            await driver.press(*keys)
            picture = driver.app.export_screenshot(title=driver.app.title, simplify=True)
            if picture != pictures(name=name):
                differing.append(name)
    assert differing == []
