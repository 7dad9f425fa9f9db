"""Sealed logs for tests of the proof: events of all kinds in them, and a hand that has the file or a superuser's login."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from data.permissions import Permission
from data.proof.places import SealingPlaces
from data.records import Change, Draft, Reference, Source
from data.services.audit_log import AuditLog
from tests.hand_clock import NOW, HandClock
from tests.integration.events import UTC_ZONE, append
from tests.integration.insiders import let_in
from tests.integration.raw_access import run_raw

_TABLES = ("event", "leaf", "sealing_key", "log_identity")
COUNT = 40


def mixed_drafts() -> list[Draft]:
    """Events with all that a row can hold, among them some from elsewhere and some that are hostile."""
    rich = Draft(
        type="api_client.updated",
        occurred_at=NOW,
        actor=Reference("member", "m-1", "Alice Moss"),
        client=Reference("api_client", "c-1", "Payroll sync"),
        target=Reference("api_client", "c-1", "Payroll\0 \u202e sync"),
        service="console",
        duration_ms=12,
        ip="198.51.100.7",
        user_agent="curl/8",
        request_id="r-1",
        session_id="s-1",
        token="AbCdEfGh",
        reason="asked for",
        changes=(Change("name", "Payrol", "Payroll"), Change("scopes", ["a"], ["a", "b"])),
        data={"note": "x", "size": 3},
    )
    drafts = []
    for number in range(COUNT):
        at = NOW + timedelta(seconds=number)
        match number % 4:
            case 0:
                drafts.append(replace(rich, occurred_at=at, target=Reference("user", f"u-{number}", f"User {number}")))
            case 1:
                drafts.append(replace(rich, occurred_at=at, source=Source("elsewhere", str(number)), ip="gate.example"))
            case 2:
                drafts.append(
                    replace(rich, occurred_at=at, ip="::ffff:198.51.100.9", duration_ms=None, request_id=None)
                )
            case _:
                drafts.append(Draft(type="something.new", occurred_at=at))
    return drafts


def open_log(address: str, folder: Path, clock: HandClock) -> AuditLog:
    """A log whose key and memory are in one folder, for somebody who may do everything."""
    let_in(address, Permission.ADMIN)
    return AuditLog(address, UTC_ZONE, clock=clock, state_folder=folder, sealing=SealingPlaces(folder / "sealing.key"))


@contextmanager
def forty_sealed(address: str, folder: Path, clock: HandClock) -> Iterator[AuditLog]:
    """A log of forty sealed events."""
    with closing(open_log(address, folder, clock)) as opened:
        append(opened.gate.database, mixed_drafts())
        opened.keeper.seal()
        yield opened


def tamper(address: str, *statements: str) -> None:
    """Execute these without the guards."""
    if "://" in address:
        guards = [f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_update" for table in _TABLES]
    else:
        names = run_raw(
            address, "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE '%!_no!_%' ESCAPE '!'"
        )
        guards = [f"DROP TRIGGER {name}" for (name,) in names]
    run_raw(address, *guards, *statements)


def seq_at(address: str, place: int) -> int:
    """The row of the event that has this place."""
    ((seq,),) = run_raw(address, f"SELECT seq FROM leaf WHERE idx = {place}")
    assert isinstance(seq, int)
    return seq


def blob(address: str, value: bytes) -> str:
    """A literal of bytes."""
    return f"'\\x{value.hex()}'::bytea" if "://" in address else f"x'{value.hex()}'"
