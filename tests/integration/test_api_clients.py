"""The life of an API client over a real database: each change with its event, and nothing half done."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from data.catalogue import CATALOGUE
from data.clients.errors import ClientChanged, ClientEnded, DetailsWrong
from data.clients.model import ClientStatus
from data.records import Change, Reference
from data.refusals import RefusalCode
from data.requests import Request, request_draft
from data.services.audit_log import AuditLog
from tests.hand_clock import HandClock
from tests.integration.client_worlds import ALICE, BO, DETAILS, client_events
from tests.integration.events import UTC_ZONE


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def log(address: str, clock: HandClock) -> Iterator[AuditLog]:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as opened:
        yield opened


def test_a_client_is_made_with_its_first_token(log: AuditLog) -> None:
    issued = log.clients.create(ALICE, DETAILS)
    assert log.clients.find("payroll SYNC") == issued.client == log.clients.find(issued.token.public_id)
    created, token_issued = client_events(log)
    assert (created.type, token_issued.type) == ("api_client.created", "token.issued")
    assert Change("name", None, "Payroll sync") in created.changes
    assert token_issued.token == issued.token.public_id
    assert created.actor == ALICE.actor


def test_the_later_of_two_editors_sees_what_the_first_changed(log: AuditLog, clock: HandClock) -> None:
    client = log.clients.create(ALICE, DETAILS).client
    clock.move(minutes=1)
    first = log.clients.edit(ALICE, client, replace(DETAILS, owner="Bo"))
    with pytest.raises(ClientChanged) as raised:
        log.clients.edit(ALICE, client, replace(DETAILS, owner="Cy"))
    assert (raised.value.seen, raised.value.now) == (client, first)
    assert [event.changes for event in client_events(log)[2:]] == [(Change("owner", None, "Bo"),)]


def test_nothing_is_logged_when_nothing_changes(log: AuditLog) -> None:
    client = log.clients.create(ALICE, DETAILS).client
    assert log.clients.edit(ALICE, client, DETAILS) == client
    assert len(client_events(log)) == 2


def test_ids_that_were_issued_here_are_facts_of_the_events_that_tell_them(log: AuditLog, clock: HandClock) -> None:
    first = log.clients.create(ALICE, DETAILS)
    put_back = uuid4()
    clock.move(minutes=1)
    log.clients.edit(ALICE, first.client, replace(DETAILS, owner="Bo"), puts_back=put_back)
    second = log.clients.rotate(ALICE, first.client.id)
    told = {key: value for event in client_events(log) for key, value in event.data.items()}
    assert (told["puts_back"], told["replaced_by"]) == (str(put_back), second.token.public_id)
    for event in client_events(log):
        assert set(event.data) <= set(CATALOGUE.describe(event.type).facts)


def test_an_end_is_final_and_a_name_becomes_free(log: AuditLog, clock: HandClock) -> None:
    client = log.clients.create(ALICE, DETAILS).client
    with pytest.raises(DetailsWrong, match="There is a client named Payroll sync"):
        log.clients.create(ALICE, DETAILS)
    clock.move(minutes=1)
    log.clients.revoke(ALICE, client.id, "leaked")
    with pytest.raises(ClientEnded):
        log.clients.revoke(ALICE, client.id, "leaked")
    deleted = log.clients.delete(ALICE, client.id, "gone")
    assert deleted.status(clock(), UTC_ZONE) is ClientStatus.DELETED
    with pytest.raises(ClientEnded):
        log.clients.delete(ALICE, client.id, "gone")
    assert log.clients.all().clients == ()
    log.clients.create(ALICE, DETAILS)


def test_expiry_is_logged_once_as_of_its_moment(log: AuditLog, clock: HandClock) -> None:
    client = log.clients.create(ALICE, replace(DETAILS, expires=clock().date())).client
    clock.move(hours=13)
    assert log.clients.note_expired() == 0
    clock.move(hours=2)
    assert [log.clients.note_expired(), log.clients.note_expired()] == [1, 0]
    assert client_events(log)[-1].occurred_at == client.ends_at(UTC_ZONE)
    revived = log.clients.edit(ALICE, log.clients.find(client.id), replace(DETAILS, expires=date(2026, 12, 1)))
    assert revived.status(clock(), UTC_ZONE).is_live
    assert Change("status", "expired", "active") in client_events(log)[-1].changes


def test_a_rotation_leaves_two_tokens_and_another_ends_the_oldest(log: AuditLog, clock: HandClock) -> None:
    first = log.clients.create(ALICE, DETAILS)
    clock.move(minutes=1)
    second = log.clients.rotate(ALICE, first.client.id)
    live = [token.public_id for token in second.client.live_tokens(clock(), UTC_ZONE)]
    assert live == [first.token.public_id, second.token.public_id]
    clock.move(minutes=1)
    third = log.clients.rotate(ALICE, first.client.id, 0)
    assert [one.public_id for one in third.client.live_tokens(clock(), UTC_ZONE)] == [third.token.public_id]
    assert log.clients.find(first.client.id) == third.client


def test_a_client_that_has_just_expired_can_be_given_another_last_day(log: AuditLog, clock: HandClock) -> None:
    """Nobody has logged yet that it has: that is no change which its editor would have to look at first."""
    today = clock().date()
    client = log.clients.create(ALICE, replace(DETAILS, expires=today)).client
    clock.move(days=2)
    same = log.clients.edit(ALICE, client, replace(DETAILS, expires=today))
    assert same == log.clients.find(client.id)
    assert same.status(clock(), UTC_ZONE) is ClientStatus.EXPIRED
    revived = log.clients.edit(BO, same, DETAILS)
    assert revived == log.clients.find(client.id)
    assert revived.status(clock(), UTC_ZONE).is_live
    assert [event.type for event in client_events(log)[2:]] == ["api_client.expired", "api_client.updated"]


def test_what_one_does_at_one_moment_stands_in_the_log_in_its_order(log: AuditLog) -> None:
    """The clock stands still: neither within one unit of work nor between two does the order hang on chance."""
    for name in map(str, range(8)):
        client = log.clients.create(ALICE, replace(DETAILS, name=f"Client {name}")).client
        log.clients.rotate(ALICE, client.id)
        log.clients.rotate(ALICE, client.id, 0)
        log.clients.edit(ALICE, log.clients.find(client.id), replace(DETAILS, name=f"Other {name}"))
        log.clients.delete(ALICE, client.id, "gone")
        told = [event.type for event in client_events(log) if event.client and event.client.id == client.id]
        assert told == [
            *("api_client.created", "token.issued"),
            *("token.issued", "token.rotated"),
            *("token.ended", "token.issued", "token.rotated"),
            *("api_client.updated", "api_client.revoked", "api_client.deleted"),
        ]


def test_where_midnight_is_moved_back_an_expiry_follows_what_was_done(log: AuditLog, clock: HandClock) -> None:
    client = log.clients.create(ALICE, replace(DETAILS, expires=clock().date())).client
    clock.move(hours=13)  # at 23:00, three hours into the next day of Auckland
    changed = log.clients.edit(ALICE, client, replace(client.details, owner="Bo"))
    log.policy.change(ALICE, "zone", "Pacific/Auckland")
    assert log.clients.note_expired() == 1
    last = [event for event in client_events(log) if event.client is not None][-1]
    assert last.type == "api_client.expired"
    assert changed.changed_at is not None and changed.changed_at < last.occurred_at
    log.policy.change(ALICE, "zone", "America/Los_Angeles")
    assert log.clients.all().clients[0].status(clock(), log.policy.read().zone) is ClientStatus.EXPIRED


def test_a_clock_that_was_set_back_far_is_believed(log: AuditLog, clock: HandClock) -> None:
    client = log.clients.create(ALICE, DETAILS).client
    clock.move(hours=-1)
    assert log.clients.edit(ALICE, client, replace(DETAILS, owner="Bo")).changed_at == clock()


def test_ends_that_come_due_together_are_told_each_as_of_its_own(log: AuditLog, clock: HandClock) -> None:
    today = clock().date()
    client = log.clients.create(ALICE, DETAILS).client
    client = log.clients.rotate(ALICE, client.id, 3).client
    log.clients.edit(ALICE, client, replace(DETAILS, expires=today + timedelta(days=1)))
    clock.move(days=30)
    assert log.clients.note_expired() == 2
    ends = [(event.type, event.occurred_at.date() - today) for event in client_events(log)[-2:]]
    assert ends == [("api_client.expired", timedelta(days=2)), ("token.expired", timedelta(days=4))]


def test_a_revived_client_has_the_tokens_that_were_not_replaced(log: AuditLog, clock: HandClock) -> None:
    today = clock().date()
    client = log.clients.create(ALICE, replace(DETAILS, expires=today + timedelta(days=1))).client
    second = log.clients.rotate(ALICE, client.id)
    clock.move(days=5)
    log.clients.note_expired()
    expired = log.clients.find(client.id)
    assert expired.live_tokens(clock(), UTC_ZONE) == ()
    revived = log.clients.edit(ALICE, expired, DETAILS)
    assert [token.public_id for token in revived.live_tokens(clock(), UTC_ZONE)] == [second.token.public_id]


def test_the_newest_use_of_a_token_is_kept_and_is_no_event(log: AuditLog, clock: HandClock) -> None:
    issued = log.clients.create(ALICE, DETAILS)
    told = len(client_events(log))
    earlier, now = clock(), clock() + timedelta(minutes=5)
    log.clients.note_used([(issued.token.public_id, now, "198.51.100.7")])
    log.clients.note_used([(issued.token.public_id, earlier, "203.0.113.9")])
    log.clients.note_used([])
    (token,) = log.clients.find(issued.client.id).tokens
    assert (token.last_used_at, token.last_used_ip) == (now, "198.51.100.7")
    assert len(client_events(log)) == told


def test_requests_are_counted_by_day_and_by_the_client_whatever_it_was_called(log: AuditLog, clock: HandClock) -> None:
    client = log.clients.create(ALICE, DETAILS).client
    now = clock()
    for name, days in (("Payroll sync", 0), ("Payrol", 3), ("Payroll sync", 3), ("Payroll sync", 7)):
        called = Reference("api_client", client.id, name)
        log.requests.append(
            [request_draft(Request(action="GET /", status=200, executed_at=now - timedelta(days=days), client=called))]
        )
    stranger = Request(action="GET /", status=401, executed_at=now, refusal=RefusalCode.UNKNOWN_TOKEN)
    log.requests.append([request_draft(stranger)])
    assert log.clients.calls_by_day(7) == {client.id: (0, 0, 0, 2, 0, 0, 1)}


def test_a_day_of_requests_is_one_of_the_organisation_s_zone(log: AuditLog, clock: HandClock) -> None:
    client = log.clients.create(ALICE, DETAILS).client
    evening = clock().replace(hour=23, minute=30) - timedelta(days=1)
    request = Request(action="GET /", status=200, executed_at=evening, client=client.reference)
    log.requests.append([request_draft(request)])
    assert log.clients.calls_by_day(2) == {client.id: (1, 0)}
    log.policy.change(ALICE, "zone", "Europe/Berlin")
    assert log.clients.calls_by_day(2) == {client.id: (0, 1)}


def test_those_that_end_soon_are_counted_as_the_list_has_them(log: AuditLog, clock: HandClock) -> None:
    today = clock().date()
    for days in (0, 1, 30, 31):
        details = replace(DETAILS, name=f"ends in {days}", expires=today + timedelta(days=days))
        log.clients.create(ALICE, details)
    log.clients.revoke(ALICE, log.clients.find("ends in 1").id, "no longer needed")
    assert log.clients.expiring_count() == len(log.clients.all().expiring_within(30)) == 2
    clock.move(days=1)
    assert log.clients.expiring_count() == len(log.clients.all().expiring_within(30)) == 2
