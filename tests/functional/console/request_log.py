"""A made-up request log beside the demo's change log: its clients call services until the demo's end."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from data.clock import to_microseconds
from data.records import Draft, Reference
from data.refusals import RefusalCode
from data.requests import GatheredRefusals, Request, gathered_draft, request_draft
from data.store.identity import id_at
from tests.functional.console.demo_log import END, open_log
from tests.functional.console.demo_log import PAYROLL as PAYROLL_ID

PAYROLL = Reference("api_client", PAYROLL_ID, "Payroll sync")
GRANTS = Reference("api_client", "c-hUyZrii0", "Grant reporting")
_CALLS = (
    (PAYROLL, "GET /v1/employees", "people", 200, 34),
    (GRANTS, "GET /v1/orders", "orders", 200, 12),
    (GRANTS, "POST /v1/orders", "orders", 201, 87),
    (PAYROLL, "POST /v1/payments", "payments", 500, 1_204),
    (GRANTS, "GET /v1/orders/{id}", "orders", 404, 9),
)
_NUMBER = 120


def request_drafts() -> Iterator[Draft]:
    """Calls every seven minutes, some of them refused, and what strangers tried."""
    for number in range(_NUMBER):
        client, action, service, status, duration_ms = _CALLS[number % len(_CALLS)]
        refusal = RefusalCode.EXPIRED if client is PAYROLL and number % 4 == 0 else None
        yield request_draft(
            Request(
                action=action,
                status=401 if refusal else status,
                executed_at=END - timedelta(minutes=7 * number + 1),
                client=client,
                token="adk_7Fh2xQ9b" if client is PAYROLL else "adk_k3Lm0Ppa",
                service=service,
                duration_ms=1 if refusal else duration_ms + number,
                ip="198.51.100.7" if client is PAYROLL else "203.0.113.80",
                request_id=f"req-{number:04}",
                refusal=refusal,
            )
        )
    strangers = GatheredRefusals(
        count=37,
        first_at=END - timedelta(minutes=12),
        refusal=RefusalCode.UNKNOWN_TOKEN,
        ip="192.0.2.66",
        service="orders",
    )
    yield gathered_draft(strangers)


def unusual_drafts() -> Iterator[Draft]:
    """Twelve calm days of a client that calls more than ever this hour, and of one that calls from a new address."""
    for days_ago in range(1, 13):
        for number in range(40 + days_ago % 3):
            yield _one(GRANTS, END - timedelta(days=days_ago, seconds=12 * number), 12, "203.0.113.80")
        for number in range(4):
            yield _one(PAYROLL, END - timedelta(days=days_ago, hours=number), 40, "198.51.100.7")
    for number in range(150):
        yield _one(GRANTS, END - timedelta(seconds=3 * number + 1), 12, "203.0.113.80")
    yield _one(PAYROLL, END - timedelta(hours=3), 44, "203.0.113.99")


def _one(client: Reference, at: datetime, duration_ms: int, ip: str) -> Draft:
    request = Request(
        action="GET /v1/orders",
        status=200,
        executed_at=at,
        client=client,
        service="orders",
        duration_ms=duration_ms,
        ip=ip,
    )
    return request_draft(request)


def fill_requests(path: Path, drafts: Iterable[Draft] | None = None) -> None:
    """Append them, or these, to the database in this file, with the same ids in every run."""
    numbered = [
        replace(draft, id=id_at(to_microseconds(draft.occurred_at), number))
        for number, draft in enumerate(request_drafts() if drafts is None else drafts)
    ]
    with closing(open_log(path)) as log:
        log.requests.append(numbered)
