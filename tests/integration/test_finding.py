"""What a pasted text is, found in a real database."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import pytest

from data.caller import Caller
from data.clients.model import ClientDetails, IssuedToken
from data.finding import Finding, FoundKind
from data.query import EventQuery, parse_query
from data.query.model import EVERYTHING
from data.records import Draft, Event, Reference
from data.requests import Request, request_draft
from data.services.audit_log import AuditLog
from data.services.finding import MOST_FOUND
from tests.hand_clock import NOW, HandClock
from tests.integration.events import UTC_ZONE

ALICE = Caller(Reference("member", "m-1", "Alice Moss"), request_id="console-1", ip="192.0.2.9")
DETAILS = ClientDetails("Payroll sync", date(2027, 1, 31), scopes=("users:read",))


@pytest.fixture
def log(address: str) -> Iterator[AuditLog]:
    with closing(AuditLog(address, UTC_ZONE, clock=HandClock())) as opened:
        yield opened


@pytest.fixture
def issued(log: AuditLog) -> IssuedToken:
    return log.clients.create(ALICE, DETAILS)


def request(log: AuditLog, issued: IssuedToken, days_ago: int = 0) -> Event:
    """A call of the client, in the request log."""
    asked = Request(
        action="GET /v1/users",
        status=200,
        executed_at=NOW - timedelta(days=days_ago),
        client=issued.client.reference,
        ip="198.51.100.7",
        request_id="req-9f2c",
    )
    log.requests.append([request_draft(asked)])
    return newest(log.requests.page(EventQuery((EVERYTHING,))).items)


def newest(events: tuple[Event, ...]) -> Event:
    return events[0]


def labels(finding: Finding) -> list[tuple[FoundKind, str]]:
    return [(one.kind, one.label) for one in finding.found]


def test_a_client_is_found_by_its_id_its_name_and_a_part_of_it(log: AuditLog, issued: IssuedToken) -> None:
    for text in (issued.client.id, "payroll SYNC", "roll"):
        (found,) = log.finder.find(text).found
        assert (found.kind, found.label, found.client) == (FoundKind.CLIENT, "Payroll sync", issued.client.reference)
        assert found.detail == f"{issued.client.id}, active"


def test_of_several_that_fit_the_one_that_is_there_comes_first(log: AuditLog, issued: IssuedToken) -> None:
    log.clients.delete(ALICE, issued.client.id, "gone")
    second = log.clients.create(ALICE, DETAILS)
    log.clients.create(ALICE, replace(DETAILS, name="Payroll sync east"))
    finding = log.finder.find("Payroll sync")
    assert [(one.client, one.detail.split(", ")[1]) for one in finding.found] == [
        (second.client.reference, "active"),
        (issued.client.reference, "deleted"),
    ]
    assert len(log.finder.find("payroll").found) == 3


def test_a_whole_token_is_found_by_its_public_id_alone(log: AuditLog, issued: IssuedToken) -> None:
    whole, public_id = issued.token.reveal(), issued.token.public_id
    finding = log.finder.find(f"Bearer {whole}")
    (found,) = finding.found
    assert (finding.text, finding.remark) == (public_id, None)
    assert (found.kind, found.label, found.client) == (FoundKind.TOKEN, public_id, issued.client.reference)
    assert whole[14:] not in repr(finding)
    beginning = log.finder.find(public_id[:8])
    assert labels(beginning) == [(FoundKind.TOKEN, public_id)]
    assert labels(log.finder.find(public_id[4:])) == [(FoundKind.TOKEN, public_id)]


def test_of_a_token_it_is_told_whether_it_works_and_when_it_was_last_used(log: AuditLog, issued: IssuedToken) -> None:
    old = issued.token.public_id
    log.clients.note_used([(old, NOW - timedelta(hours=3), "198.51.100.7")])
    new = log.clients.rotate(ALICE, issued.client.id, 0).token.public_id
    found = {one.label: one for one in log.finder.find("adk_").found}
    assert (found[old].detail, found[new].detail) == ("Payroll sync, does not work", "Payroll sync, works")
    assert found[old].standing == (
        f"{old} does not work: The token was ended. It was last used at 07:00 from 198.51.100.7."
    )
    assert found[new].standing == f"{new} works. It was never used."
    log.clients.revoke(ALICE, issued.client.id, "leaked")
    (revoked,) = log.finder.find(new).found
    assert revoked.standing == f"{new} does not work: The token's client was revoked. It was never used."


def test_a_mistyped_token_says_so_and_goes_on_by_its_public_id(log: AuditLog, issued: IssuedToken) -> None:
    whole = issued.token.reveal()
    mistyped = whole[:-1] + ("0" if whole[-1] != "0" else "1")
    finding = log.finder.find(mistyped)
    assert labels(finding) == [(FoundKind.TOKEN, issued.token.public_id)]
    assert finding.remark == ("This token was mistyped or damaged: its checksum does not fit. Its public id is known.")
    unknown = log.finder.find("adk_00000000" + mistyped[12:])
    assert unknown.remark == (
        "This token was mistyped or damaged: its checksum does not fit. No token here has the public id adk_00000000."
    )


def test_a_request_is_found_by_its_request_id_and_by_its_own(log: AuditLog, issued: IssuedToken) -> None:
    event = request(log, issued, days_ago=60)
    (found,) = log.finder.find("req-9f2c").found
    assert (found.kind, found.client, found.changes) == (FoundKind.REQUEST, issued.client.reference, None)
    assert found.requests == parse_query("request:req-9f2c last:all")
    (by_id,) = log.finder.find(str(event.id)).found
    assert (by_id.kind, by_id.event_id) == (FoundKind.REQUEST, event.id)
    assert by_id.requests == parse_query(f"id:{event.id}")
    of_console = log.finder.find("console-1").found
    assert [(one.kind, one.requests) for one in of_console] == [(FoundKind.REQUEST, None)]


def test_an_event_is_found_by_its_id(log: AuditLog, issued: IssuedToken) -> None:
    event = newest(log.page(EventQuery((EVERYTHING,))).items)
    (found,) = log.finder.find(event.id.hex).found
    assert (found.kind, found.label, found.event_id) == (FoundKind.EVENT, str(event.id), event.id)
    assert found.changes == parse_query(f"id:{event.id}")


def test_an_address_leads_to_all_that_came_from_there(log: AuditLog, issued: IssuedToken) -> None:
    request(log, issued, days_ago=60)
    (found,) = log.finder.find("198.51.100.7").found
    assert (found.kind, found.detail) == (FoundKind.ADDRESS, "requests from there")
    assert found.requests == parse_query("ip:198.51.100.7 last:all")
    assert log.finder.find("192.0.2.0/24").found[0].detail == "changes from there"
    both = log.finder.find("0.0.0.0/0").found[0]
    assert both.detail == "requests and changes from there"


def test_a_client_that_only_events_name_is_found(log: AuditLog) -> None:
    named = Reference("api_client", "x-1", "Imported one")
    log.append([Draft(type="api_client.updated", occurred_at=NOW, client=named)])
    (found,) = log.finder.find("imported one").found
    assert (found.client, found.detail) == (named, "named by events alone")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nobody", "No client, request, address or event is known as nobody."),
        ("203.0.113.5", "Nothing came from 203.0.113.5, as far as the logs reach."),
        ("018c2f6e-7d60-7abc-8def-0123456789ab", "No event or request has the id"),
        ("adk_00000000", "No token here has the public id adk_00000000."),
        ("adk_000", "No token here begins with adk_000."),
        ("%", "No client, request, address or event is known as %."),
        ("a\0b", "No client, request, address or event is known as a b."),
        ("\ud800", "No client, request, address or event is known as ?."),
    ],
)
def test_where_nothing_fits_a_sentence_says_so(log: AuditLog, text: str, sentence: str) -> None:
    finding = log.finder.find(text)
    assert finding.found == ()
    assert (finding.remark or "").startswith(sentence)


def test_of_many_that_fit_some_are_told_and_that_there_are_more(log: AuditLog) -> None:
    for number in range(MOST_FOUND + 1):
        log.clients.create(ALICE, replace(DETAILS, name=f"Robot {'x' * number}y"))
    finding = log.finder.find("robot")
    assert (len(finding.found), finding.more) == (MOST_FOUND, True)
    assert len(log.finder.find("adk_").found) == MOST_FOUND


def test_of_many_tokens_that_begin_so_those_of_the_oldest_clients_are_told(address: str) -> None:
    clock = HandClock()
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        made = []
        for number in range(MOST_FOUND + 5):
            clock.move(minutes=1)
            made.append(log.clients.create(ALICE, replace(DETAILS, name=f"Robot {'x' * number}y")).token.public_id)
        assert [one.label for one in log.finder.find("adk_").found] == made[:MOST_FOUND]


def test_what_is_archived_alone_is_found_by_a_query_that_reaches_it(address: str) -> None:
    clock = HandClock()
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        old = request(log, log.clients.create(ALICE, DETAILS))
        clock.move(days=400)
        (found,) = log.finder.find("req-9f2c").found
        assert found.requests == parse_query("request:req-9f2c last:all in:archive")
        (by_id,) = log.finder.find(str(old.id)).found
        assert by_id.requests == parse_query(f"id:{old.id}") and log.requests.count(by_id.requests) == 1
        log.requests.append(
            [request_draft(Request(action="GET /", status=200, executed_at=clock(), request_id="req-9f2c"))]
        )
        (live,) = log.finder.find("req-9f2c").found
        assert live.requests == parse_query("request:req-9f2c last:all")
