"""Cards of events that are unsealed, sealed, erased in part or as a whole, and altered, as pictures that were looked at."""

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion

from data.keeping import KeeperRun
from data.proof.places import SealingPlaces
from data.records import Change, Draft, Outcome, Reference
from data.services.audit_log import AuditLog
from data.services.keeper import Keeper
from tests.functional.console.driving import running
from tests.hand_clock import NOW, HandClock
from tests.integration.erased_events import erase
from tests.integration.events import UTC_ZONE, all_events, append
from tests.integration.raw_access import run_raw
from tests.integration.sealed_logs import tamper

_REASON = "a request under article 17, ticket 4711"
_UPDATED = Draft(
    type="api_client.updated",
    occurred_at=NOW,
    actor=Reference("member", "m-42", "Alice Moss"),
    client=Reference("api_client", "c-77", "Payroll sync"),
    target=Reference("api_client", "c-77", "Payroll sync"),
    ip="198.51.100.7",
    reason="the contract was prolonged",
    changes=(Change("name", "Payrol sync", "Payroll sync"), Change("expires", "2026-12-01", "2027-06-01")),
    data={"expires": "2027-06-01"},
)


def _drafts() -> list[Draft]:
    """Sealed, erased in part, erased as a whole, altered, altered and refused, not to be read; and another, unsealed."""
    refused = replace(_UPDATED, outcome=Outcome.DENIED, reason="this needs clients:write", changes=())
    return [
        replace(one, occurred_at=NOW + timedelta(minutes=number))
        for number, one in enumerate((_UPDATED, _UPDATED, _UPDATED, _UPDATED, refused, _UPDATED))
    ]


@pytest.fixture
def log_address(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A log with an event of each kind; nothing is sealed there any more."""
    monkeypatch.chdir(tmp_path)
    for transaction in ("read_transaction", "unit_of_work"):
        monkeypatch.setattr(f"data.store.{transaction}.person_at", lambda _: "alice")
    monkeypatch.setattr("data.store.location.Location.shown", property(lambda location: location.name))
    shutil.copy(sqlite_template, "audit.db")
    clock = HandClock()
    with closing(_open(clock)) as log:
        append(log.gate.database, _drafts())
        _, part, whole, *_ = all_events(log.gate.database)[::-1]
        clock.move(minutes=20)
        erase(log.gate.database, part, clock(), _REASON, whole=False)
        clock.move(minutes=1)
        erase(log.gate.database, whole, clock(), _REASON, whole=True)
        log.keeper.seal()
        append(log.gate.database, [replace(_UPDATED, occurred_at=NOW + timedelta(minutes=30))])
    tamper(
        "audit.db",
        "UPDATE event SET personal = replace(personal, 'Alice Moss', 'Bob Tate') WHERE seq = 4",
        "UPDATE event SET body = replace(body, 'clients', 'services') WHERE seq = 5",
        "UPDATE event SET personal = replace(personal, 'this needs', 'he needs') WHERE seq = 5",
        "UPDATE event SET body = '{' WHERE seq = 6",
    )
    run_raw("audit.db", "PRAGMA wal_checkpoint(TRUNCATE)")
    for name, done in (("seal", 0), ("index", None), ("run", KeeperRun())):
        monkeypatch.setattr(Keeper, name, lambda *_arguments, _done=done, **_words: _done)
    return "audit.db"


def _open(clock: HandClock) -> AuditLog:
    return AuditLog(
        "audit.db",
        UTC_ZONE,
        clock=clock,
        entropy=Random(7).randbytes,
        sealing=SealingPlaces(Path("sealing.key")),
        state_folder=Path("state"),
    )


LOOKS = {
    "cards": ((), ((120, 40, "dark"), (120, 40, "light"), (80, 24, "dark"), (60, 20, "dark"))),
    "older": (("G",), ((80, 24, "dark"),)),
    "compact": (("g", "z"), ((120, 40, "dark"), (80, 24, "dark"))),
    "lines": (("z",), ((120, 40, "dark"), (80, 24, "dark"))),
    "erased-whole": (("z", "G", "k", "k", "enter"), ((120, 40, "dark"), (80, 24, "dark"))),
    "erased-part": (("escape", "j", "enter"), ((120, 40, "dark"),)),
    "altered": (("escape", "k", "k", "enter"), ((120, 40, "dark"),)),
    "unreadable": (("escape", "k", "k", "enter"), ((120, 40, "dark"),)),
}
"""By a name: the keys that lead there from the one before, and the sizes and themes in which it is seen."""


async def test_cards_of_each(log_address: str, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.app._FIRST_COUNT_S", 3_600.0)
    pictures = snapshot.use_extension(SVGImageExtension)
    clock = HandClock()
    clock.move(minutes=31)
    wrong = []
    async with running(lambda: _open(clock), "last:all", clock=clock) as driver:
        for name, (keys, looks) in LOOKS.items():
            await driver.press(*keys)
            for width, height, theme in looks:
                driver.app.theme = theme
                await driver.resize(width, height)
                picture = driver.app.export_screenshot(title=driver.app.title, simplify=True)
                if picture != pictures(name=f"{name}-{width}x{height}-{theme}"):
                    wrong.append(f"{name}-{width}x{height}-{theme}")
            driver.app.theme = "dark"
            await driver.resize(120, 40)
    assert wrong == []
