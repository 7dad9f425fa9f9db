"""What is unusual in a request log: seeded oddities are found on both engines, and nothing in a calm one."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from data.errors import Cancelled
from data.records import Draft, Log, Reference
from data.refusals import RefusalCode
from data.requests import GatheredRefusals, Request, gathered_draft, request_draft
from data.services.audit_log import AuditLog
from data.store import Database
from data.store.unusual_calls import UnusualCalls
from data.unusual import Finding, UnusualKind
from tests.hand_clock import NOW, HandClock
from tests.integration.events import UTC_ZONE, append, take_snapshot
from tests.integration.raw_access import run_raw
from tests.integration.test_stop import ImpatientStop

RUNNING, FULL = 10, 9
"""The hours of the day in question at `LATE`."""
LATE = NOW + timedelta(minutes=25)


def request(name: str, at: datetime, **other: object) -> Request:
    usual = Request(
        client=Reference("api_client", name, name.title()),
        service="orders",
        action="GET /v1/orders",
        status=200,
        duration_ms=40,
        ip="198.51.100.7",
        executed_at=at,
    )
    return replace(usual, **other)  # type: ignore[arg-type]


def hour_of(name: str, days_ago: int, hour: int, calls: int, **other: object) -> list[Draft]:
    """So many calls of a client in the first 20 minutes of an hour."""
    start = NOW.replace(hour=hour) - timedelta(days=days_ago)
    step = timedelta(minutes=20) / max(calls, 1)
    return [request_draft(request(name, start + number * step, **other)) for number in range(calls)]


def usual_days(client: str, days: Iterable[int] = range(12), calls: int = 40) -> list[Draft]:
    """The same calls in both hours of each day, give or take a few."""
    return [
        draft for ago in days for hour in (FULL, RUNNING) for draft in hour_of(client, ago, hour, calls + ago % 5 - 2)
    ]


def found_in(database: Database, drafts: Sequence[Draft]) -> tuple[Finding, ...]:
    append(database, drafts, Log.REQUESTS)
    with database.asking() as transaction:
        reader = transaction.calls(UTC_ZONE)
        return UnusualCalls(reader, reader.snapshot(), UTC_ZONE).find()


def told(found: Sequence[Finding]) -> list[tuple[str, str | None, UnusualKind, str]]:
    return [(one.client.label, one.service, one.kind, one.sentence) for one in found]


@pytest.fixture(autouse=True)
def late(clock: HandClock) -> None:
    clock.now = LATE


def test_a_calm_log_has_nothing_unusual(database: Database) -> None:
    assert found_in(database, [*usual_days("alpha"), *usual_days("beta", calls=12)]) == ()


def test_an_empty_log_has_nothing_unusual(database: Database) -> None:
    assert found_in(database, []) == ()


def test_what_was_seeded_is_found_with_the_query_that_shows_it(database: Database) -> None:
    quiet = range(1, 12)
    drafts = [
        *usual_days("many", quiet),
        *hour_of("many", 0, RUNNING, 412),
        *usual_days("failing", quiet),
        *hour_of("failing", 0, FULL, 20, status=500),
        *hour_of("failing", 0, FULL, 20),
        *usual_days("slow", quiet),
        *hour_of("slow", 0, RUNNING, 40, duration_ms=2_300),
        *usual_days("moved"),
        request_draft(request("moved", LATE - timedelta(hours=3), ip="203.0.113.9")),
        *usual_days("silent", range(5, 26), calls=3),
        *usual_days("calm"),
    ]
    found = found_in(database, drafts)
    assert told(found) == [
        (
            "Failing",
            "orders",
            UnusualKind.ERRORS,
            "50% of 40 calls failed from 09:00 to 10:00; usually 0%",
        ),
        ("Many", "orders", UnusualKind.CALLS, "412 calls this hour; usually 38 to 42"),
        ("Moved", None, UnusualKind.ADDRESS, "It called from 203.0.113.9, as it had not in the 28 days before"),
        ("Silent", None, UnusualKind.SILENCE, "No call for 5 days; its longest pause was 23 hours"),
        ("Slow", "orders", UnusualKind.DURATION, "95 of 100 calls took up to 2,300 ms this hour; usually 40 ms"),
    ]
    with database.reading(UTC_ZONE, log=Log.REQUESTS) as reader:
        counts = [reader.count(one.query, reader.snapshot()) for one in found]
    silent = sum(draft.client is not None and draft.client.id == "silent" for draft in drafts)
    assert counts == [40, 412, 1, silent, 40]


def test_a_renamed_client_is_the_same_client(database: Database) -> None:
    renamed = [
        replace(draft, client=Reference("api_client", "alpha", "New name"))
        for draft in (*hour_of("alpha", 0, FULL, 40), *hour_of("alpha", 0, RUNNING, 412))
    ]
    found = found_in(database, [*usual_days("alpha", range(1, 12)), *renamed])
    assert [(one.client.id, one.client.name, one.kind) for one in found] == [("alpha", "New name", UnusualKind.CALLS)]


def test_a_client_has_no_days_before_its_first_call(database: Database) -> None:
    """Six days say nothing; and those before are not days without calls."""
    assert found_in(database, [*usual_days("alpha", range(1, 7)), *hour_of("alpha", 0, RUNNING, 412)]) == ()


def test_each_service_is_compared_with_itself(database: Database) -> None:
    drafts = [
        *usual_days("alpha"),
        *(draft for ago in range(1, 12) for draft in hour_of("alpha", ago, RUNNING, 4, service="billing")),
        *hour_of("alpha", 0, RUNNING, 40, service="billing"),
    ]
    assert [(one.service, one.kind) for one in found_in(database, drafts)] == [("billing", UnusualKind.CALLS)]


def test_strangers_and_what_has_not_happened_yet_are_nobodys_calls(database: Database) -> None:
    ahead = [
        replace(draft, occurred_at=LATE + timedelta(minutes=1))
        for draft in (*hour_of("alpha", 0, RUNNING, 400), *hour_of("ahead", 0, RUNNING, 99, service="new"))
    ]
    gathered = GatheredRefusals(count=900, first_at=LATE, refusal=RefusalCode.UNKNOWN_TOKEN, service="orders")
    nobody = hour_of("nobody", 0, RUNNING, 99, client=None, refusal=RefusalCode.NO_TOKEN, status=401)
    assert found_in(database, [*usual_days("alpha"), *ahead, gathered_draft(gathered), *nobody]) == ()


def test_nobody_waits_for_a_client_that_was_revoked(address: str, database: Database) -> None:
    run_raw(
        address,
        "INSERT INTO api_client (id, name, skeleton, description, owner, scopes, networks, expires, created_at, "
        "changed_at, revoked_at, revision) VALUES ('silent', 'Silent', 'silent', '', '', '', '', '2027-01-01', 1, 2, 2, 2)",
    )
    assert found_in(database, usual_days("silent", range(5, 26), calls=3)) == ()


def test_hostile_names_are_told_as_they_are(database: Database) -> None:
    name = "\x1b]0;x\x07\u202eevil"
    drafts = [
        replace(draft, client=Reference("api_client", name, name), service=name)
        for draft in (*usual_days("x", range(1, 12)), *hour_of("x", 0, FULL, 40), *hour_of("x", 0, RUNNING, 412))
    ]
    (found,) = found_in(database, drafts)
    assert (found.client.name, found.service) == (name, name)
    with database.reading(UTC_ZONE, log=Log.REQUESTS) as reader:
        assert reader.count(found.query, reader.snapshot()) == 412


def test_a_snapshot_holds_what_was_unusual_then(address: str, database: Database, clock: HandClock) -> None:
    append(database, usual_days("alpha", range(1, 12)), Log.REQUESTS)
    before = take_snapshot(database, Log.REQUESTS)
    append(database, [*hour_of("alpha", 0, FULL, 40), *hour_of("alpha", 0, RUNNING, 412)], Log.REQUESTS)
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        assert log.request_statistics.unusual(before) == ()
        assert len(log.request_statistics.unusual()) == 1


def test_a_look_that_is_called_off_ends(address: str, database: Database, clock: HandClock) -> None:
    append(database, usual_days("alpha"), Log.REQUESTS)
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        patient = ImpatientStop(10**6)
        log.request_statistics.unusual(stop=patient)
        assert patient.looks >= 30
        for patience in (1, 2, 3, patient.looks // 2, patient.looks):
            with pytest.raises(Cancelled):
                log.request_statistics.unusual(stop=ImpatientStop(patience))
