"""Three clients with a story each, made by the services, the same in every run: one stopped, one well, one only named."""

from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from data.caller import Caller
from data.clients.model import ClientDetails, IssuedToken
from data.clock import to_microseconds
from data.records import Draft, Reference
from data.refusals import RefusalCode
from data.requests import Request, request_draft
from data.services.audit_log import AuditLog
from data.store.identity import id_at
from tests.functional.console.demo_log import END, ZONE
from tests.hand_clock import HandClock
from tests.members import enrol

ALICE = Caller(Reference("member", "m-42", "Alice Moss"), ip="198.51.100.23")
STOPPED, WELL, NAMED = "Ledger export", "Stock levels", "Turnstile badges"
REASON = "its token was in a public repository"


class _Entropy:
    """Counts: tokens and ids that look like chance, and are the same in every run."""

    def __init__(self) -> None:
        self._drawn = 0

    def __call__(self, size: int) -> bytes:
        self._drawn += 1
        return bytes((self._drawn * 97 + place * 31) % 256 for place in range(size))


def fill_stories(path: Path, *, reason: str = REASON) -> dict[str, IssuedToken]:
    """Append the three stories to the database in this file; each client's token, by its name."""
    clock = HandClock(END - timedelta(days=20))
    issued: dict[str, IssuedToken] = {}
    with closing(AuditLog(str(path), ZONE, clock=clock, entropy=_Entropy())) as log:
        log.open()
        enrol(log._database)
        for name in (STOPPED, WELL, NAMED):
            details = ClientDetails(name, (END + timedelta(days=120)).date(), scopes=("courses:read",))
            issued[name] = log.clients.create(ALICE, details)
            clock.move(minutes=1)
        clock.now = END - timedelta(minutes=38)
        log.clients.revoke(ALICE, issued[STOPPED].client.id, reason)
    calls = [
        *_calls(issued[STOPPED], END - timedelta(hours=5), 262, None),
        *_calls(issued[STOPPED], END - timedelta(minutes=37), 35, RefusalCode.REVOKED),
        *_calls(issued[WELL], END - timedelta(hours=3), 170, None),
        *_calls(issued[NAMED], END - timedelta(days=2), 40, None),
        *_calls(issued[NAMED], END - timedelta(minutes=50), 12, RefusalCode.WRONG_SECRET, ip="203.0.113.66"),
    ]
    numbered = [replace(one, id=id_at(to_microseconds(one.occurred_at), number)) for number, one in enumerate(calls)]
    with closing(AuditLog(str(path), ZONE, clock=lambda: END)) as log:
        log.requests.append(numbered)
    return issued


def _calls(
    issued: IssuedToken, begin: datetime, times: int, refusal: RefusalCode | None, ip: str = "198.51.100.7"
) -> list[Draft]:
    """So many calls, a minute apart."""
    return [
        request_draft(
            Request(
                action="GET /v1/ledger",
                status=200 if refusal is None else 401,
                executed_at=begin + timedelta(minutes=number),
                client=issued.client.reference,
                token=issued.token.public_id,
                service="ledger",
                ip=ip,
                request_id=f"{issued.client.id}-{refusal or 'served'}-{number}",
                refusal=refusal,
                duration_ms=12,
            )
        )
        for number in range(times)
    ]
