"""Small logs for the command line's tests."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from data.records import Change, Draft, Outcome, Reference
from data.services.audit_log import AuditLog

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALICE = Reference("member", "m-42", "Alice Moss")
PAYROLL = Reference("api_client", "c-77", "Payroll sync")
HOSTILE = "\x1b[31mred \x1b]52;c;cm0gLXJm\x07 \x9b2J \u202egnp.exe \u2066x\u2069 \x00\r\n\x7f end"
"""Colours, a clipboard write (OSC 52), a C1 control, bidi overrides and isolates, line breaks, NUL and DEL."""


def fill(database: Path, drafts: Sequence[Draft]) -> None:
    """Append to the log in this database, making it if need be."""
    with closing(AuditLog(str(database), ZoneInfo("UTC"))) as log:
        log.append(drafts)


def some_drafts(count: int) -> list[Draft]:
    """Drafts of which every third failed and every third was denied; pairs of them happened in the same microsecond."""
    outcomes = tuple(Outcome)
    return [
        Draft(
            type="api_client.updated",
            occurred_at=START + timedelta(minutes=number // 2),
            outcome=outcomes[number % 3],
            actor=ALICE,
            target=PAYROLL,
            client=PAYROLL,
            ip="198.51.100.7",
            reason=f"number {number}",
        )
        for number in range(count)
    ]


def rich_draft() -> Draft:
    """A draft in which everything is set."""
    return Draft(
        type="api_client.updated",
        occurred_at=START + timedelta(microseconds=123_456),
        actor=ALICE,
        client=PAYROLL,
        target=PAYROLL,
        service="console",
        duration_ms=1_234,
        ip="198.51.100.7",
        user_agent="Terminal/1.0",
        request_id="req-9f2c",
        session_id="s-4711",
        token="Ab3dE5gH",
        reason="the owner asked for it",
        changes=(
            Change("name", "Payrol sync", "Payroll sync"),
            Change("scopes", ["read", "write"], ["read", "report"]),
            Change("description", None, "nightly"),
        ),
        data={"ticket": "T-1"},
    )


def event_lines(count: int, padding: int = 0) -> bytes:
    """Records in the program's own form, one a line, in all `count`; each grows by so many characters of `padding`."""
    return b"".join(_lines(count, padding))


def _lines(count: int, padding: int) -> Iterator[bytes]:
    for number in range(count):
        record = {
            "type": "api_client.updated",
            "occurred_at": (START + timedelta(seconds=number)).isoformat(),
            "request_id": f"req-{number}",
            "data": {"padding": "x" * padding},
        }
        yield json.dumps(record).encode() + b"\n"
