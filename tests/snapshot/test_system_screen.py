"""The System screen as pictures that were looked at, of one console.

`python -m pytest tests/snapshot/test_system_screen.py --snapshot-update` makes them anew.
"""

from pathlib import Path

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion

from data.services.audit_log import AuditLog
from data.services.health import Health
from tests.functional.console.demo_log import ZONE, end_clock
from tests.functional.console.driving import running
from tests.unit.tui.made_up_system import SETTINGS, SHARED

_SIZES = ((120, 40), (80, 24), (200, 60), (60, 20))


async def test_at_every_size(tmp_path: Path, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("tui.app._FIRST_COUNT_S", 3_600.0)
    monkeypatch.setattr(Health, "read", lambda _self, _stop: SHARED)
    pictures = snapshot.use_extension(SVGImageExtension)
    differing = []

    def open_log() -> AuditLog:
        return AuditLog(str(tmp_path / "audit.db"), ZONE, clock=end_clock, durable=False)

    async with running(open_log, size=_SIZES[0], settings=SETTINGS) as driver:
        await driver.press("5")
        for keys, name in (
            (("j", "j"), "system"),
            (("slash", *"overlap", "enter", "e", "x"), "rule"),
            (("escape", "G"), "end"),
        ):
            await driver.press(*keys)
            for width, height in _SIZES:
                await driver.resize(width, height)
                picture = driver.app.export_screenshot(title=driver.app.title, simplify=True)
                if picture != pictures(name=f"{name}-{width}x{height}"):
                    differing.append(f"{name}-{width}x{height}")
    assert differing == []
