"""API clients for the console's tests, made by the services themselves under a clock: ids and tokens the same in every run."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from data.caller import Caller
from data.clients.model import ClientDetails
from data.clock import to_microseconds
from data.records import Reference
from data.requests import Request, request_draft
from data.services.audit_log import AuditLog
from data.store.identity import id_at
from data.tokens import Entropy
from tests.functional.console.demo_log import END, ZONE
from tests.hand_clock import HandClock
from tests.members import enrol

ALICE = Caller(Reference("member", "m-1", "Alice Moss"), "console", "198.51.100.7")
BOB = Caller(Reference("member", "m-2", "Bob Okafor"), "console", "203.0.113.19")
TODAY = END.date()
_DETAILS = (
    ClientDetails(
        "Payroll sync",
        TODAY + timedelta(days=112),
        "Takes salaries to the bank every night",
        "Alice Moss",
        ("payments:read", "payments:write", "users:read"),
        ("198.51.100.0/24",),
    ),
    ClientDetails("Grant reporting", TODAY + timedelta(days=12), "", "Bob Okafor", ("grants:read",)),
    ClientDetails("Legacy HR feed", TODAY + timedelta(days=5), "", "", ("users:read",)),
    ClientDetails("Night export", TODAY, "", "Carla Ruiz", ("orders:read", "orders:export")),
    ClientDetails("Old importer", TODAY + timedelta(days=300), "", "Carla Ruiz", ("orders:write",)),
    ClientDetails("Website", TODAY + timedelta(days=180), "The public site", "Bob Okafor", ("orders:read",)),
)


def counted_entropy() -> Entropy:
    """Gives bytes that look random and are the same in every run."""
    number = 0

    def give(size: int) -> bytes:
        nonlocal number
        number += 1
        return hashlib.shake_128(f"{number}".encode()).digest(size)

    return give


@contextmanager
def log_at(path: Path, clock: HandClock) -> Iterator[AuditLog]:
    """The log in this file as of a clock."""
    log = AuditLog(str(path), ZONE, clock=clock, entropy=counted_entropy(), durable=False)
    try:
        yield log
    finally:
        log.close()


def fill_clients(path: Path) -> None:
    """Six clients in each state that the list shows, with what they did during the last week."""
    clock = HandClock(END - timedelta(days=40))
    with log_at(path, clock) as log:
        log.open()
        enrol(log._database, (ALICE.actor, BOB.actor))
        made = {}
        for details in _DETAILS:
            clock.move(minutes=7)
            made[details.name] = log.clients.create(ALICE, details)
        clock.move(days=30)
        payroll = made["Payroll sync"].client
        log.clients.edit(
            BOB, payroll, replace(payroll.details, owner="Alice Moss", expires=TODAY + timedelta(days=110))
        )
        clock.move(days=2)
        second = log.clients.rotate(ALICE, payroll.id)
        log.clients.revoke(BOB, made["Old importer"].client.id, "replaced by Website")
        log.requests.append(
            [
                replace(
                    request_draft(
                        Request(
                            action=f"GET /v1/payments/{number}",
                            status=200 if number % 7 else 500,
                            executed_at=at,
                            client=payroll.reference if number % 3 else made["Website"].client.reference,
                            token=second.token.public_id,
                            service="payments",
                            duration_ms=40 + number,
                            ip="198.51.100.9",
                        )
                    ),
                    id=id_at(to_microseconds(at), number),
                )
                for number in range(60)
                for at in (END - timedelta(hours=0.05 + number * number / 25),)
            ]
        )
        with log._database.writing() as work:
            work.token_uses.note(
                [
                    (second.token.public_id, END - timedelta(minutes=3), "198.51.100.9"),
                    (made["Website"].token.public_id, END - timedelta(hours=5), "203.0.113.4"),
                    (made["Grant reporting"].token.public_id, END - timedelta(days=9), "203.0.113.8"),
                ]
            )
            work.commit()
        # As the console's own keeper does, sooner or later.
        clock.now = END
        log.clients.note_expired()
