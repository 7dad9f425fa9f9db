"""The console on a full disk: a row above says since when nothing can be written, and goes when something was."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data.errors import DiskFull
from data.records import Draft
from data.services.audit_log import AuditLog
from tests.full_disk import NoMorePages
from tests.functional.console.driving import running
from tests.hand_clock import NOW, HandClock
from tests.members import enrol

LARGE = [
    Draft(type="project.created", occurred_at=NOW, reason="x" * 900, request_id=str(number)) for number in range(40)
]
SAID = "Nothing can be written since 20 Nov 2026 10:00 UTC; reading goes on, and exporting to another disk."


@pytest.fixture
def log(sqlite_address: str, tmp_path: Path) -> Iterator[AuditLog]:
    with closing(AuditLog(sqlite_address, ZoneInfo("UTC"), clock=HandClock(), state_folder=tmp_path)) as opened:
        opened.open()
        enrol(opened._database)
        opened.append([Draft(type="project.created", occurred_at=NOW)])
        yield opened


async def test_a_banner_says_it_until_something_is_written(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.app._WRITING_S", 0.05)
    disk = NoMorePages(log.gate.database)
    async with running(lambda: log, "last:all") as driver:
        assert not driver.shows("Nothing can be written")
        disk.fill()
        with pytest.raises(DiskFull):
            log.append(LARGE)
        await driver.until(lambda: driver.shows(SAID))
        await driver.press("j", "enter")  # and one reads on
        assert driver.shows("Proof")
        await driver.press("escape")
        disk.make_room()
        log.append(LARGE)
        await driver.until(lambda: not driver.shows("Nothing can be written"))
