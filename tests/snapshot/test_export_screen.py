"""The form of an export as pictures that were looked at: here, and over ssh.

`python -m pytest tests/snapshot/test_export_screen.py --snapshot-update` makes them anew.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion

from data.services.audit_log import AuditLog
from tests.functional.console.demo_log import open_log
from tests.functional.console.driving import running
from tui.screens.export.screen import ExportScreen
from tui.screens.export.writing import Written
from tui.visitor import Visitor, serve

_SIZES = ((120, 40), (80, 24), (200, 60))
_QUERY = "-outcome:success tab:admin last:30d"


def _problem(place: Path) -> str | None:
    """As if there were this home."""
    return None if place.suffix else f"{place} is a folder; write a file's name too."


@pytest.fixture(autouse=True)
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("HOME", "/home/alice")
    monkeypatch.setattr("tui.app._FIRST_COUNT_S", 3_600.0)
    monkeypatch.setattr("tui.screens.export.screen.place_problem", _problem)


@pytest.fixture
def open_demo(demo: Path) -> Callable[[], AuditLog]:
    return lambda: open_log(demo)


async def test_it_is_written_here(open_demo: Callable[[], AuditLog], snapshot: SnapshotAssertion) -> None:
    pictures = snapshot.use_extension(SVGImageExtension)
    differing = []
    async with running(open_demo, _QUERY, size=_SIZES[0]) as driver:
        await driver.press("E")
        for state in ("form", "place", "writing"):
            if state == "place":
                await driver.press("j", "tab", "ctrl+u", *"/home/alice")
            elif state == "writing":
                await driver.press("ctrl+u", *"/home/alice/it.csv")
                screen = driver.app.screen
                assert isinstance(screen, ExportScreen)
                screen.show_writing(Path("/home/alice/it.csv"), Written(12, 4_096))
            for width, height in _SIZES:
                await driver.resize(width, height)
                picture = driver.app.export_screenshot(title=driver.app.title, simplify=True)
                if picture != pictures(name=f"{state}-{width}x{height}"):
                    differing.append(f"{state}-{width}x{height}")
    assert differing == []


async def test_over_ssh(open_demo: Callable[[], AuditLog], snapshot: SnapshotAssertion) -> None:
    pictures = snapshot.use_extension(SVGImageExtension)
    differing = []
    serve(Visitor("SHA256:of-bo", "m-bo", "198.51.100.7", ("ssh", "-p", "2222", "auditdeck@audit.example.org")))
    try:
        async with running(open_demo, _QUERY, size=_SIZES[0]) as driver:
            await driver.press("E", "j")
            for width, height in _SIZES:
                await driver.resize(width, height)
                picture = driver.app.export_screenshot(title=driver.app.title, simplify=True)
                if picture != pictures(name=f"{width}x{height}"):
                    differing.append(f"{width}x{height}")
    finally:
        serve(None)
    assert differing == []
