"""Why a member may do something, as pictures that were looked at; one console shows them all.

`python -m pytest tests/snapshot/test_why_member_screen.py --snapshot-update` makes them anew.
"""

from pathlib import Path

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion

from tests.demo_database import demo_database
from tests.functional.console.demo_log import open_log
from tests.functional.console.driving import running

_STATES = (
    ("all_permissions", ("3", *"jjjjjjj", "w")),
    ("one_that_is_held", (*"jjjj", "enter")),
    ("one_that_is_not", ("escape", *"kkk", "enter")),
    ("suspended", ("escape", "escape", "j", "w")),
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, to be read only."""
    return demo_database(tmp_path_factory, with_requests=False)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"])
async def test_every_state(
    size: tuple[int, int], demo: Path, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.app._FIRST_COUNT_S", 3_600.0)
    pictures = snapshot.use_extension(SVGImageExtension)
    differing = []
    async with running(lambda: open_log(demo), size=size) as driver:
        for name, keys in _STATES:
            for key in keys:
                await driver.press(key)
            picture = driver.app.export_screenshot(title=driver.app.title, simplify=True)
            if picture != pictures(name=name):
                differing.append(name)
    assert differing == []
