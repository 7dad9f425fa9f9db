"""The life of an API client over a real database: each change with its event, and nothing half done."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from data.caller import Caller
from data.clients.errors import ClientChanged, ClientEnded, DetailsWrong
from data.clients.model import ClientDetails, ClientStatus
from data.query import parse_query
from data.records import Change, Event, Reference
from data.services.audit_log import AuditLog
from tests.hand_clock import HandClock
from tests.integration.events import UTC_ZONE

ALICE = Caller(Reference("member", "m-1", "Alice Moss"))
DETAILS = ClientDetails("Payroll sync", date(2027, 1, 31), scopes=("users:read",))


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def log(address: str, clock: HandClock) -> Iterator[AuditLog]:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as opened:
        yield opened


def events(log: AuditLog) -> list[Event]:
    """What happened to clients and tokens, oldest first."""
    return list(log.page(parse_query("type:api_client.*,token.* last:all"), limit=250).items[::-1])


def test_a_client_is_made_with_its_first_token(log: AuditLog) -> None:
    issued = log.clients.create(ALICE, DETAILS)
    assert log.clients.find("payroll SYNC") == issued.client == log.clients.find(issued.token.public_id)
    created, token_issued = sorted(events(log), key=lambda event: event.type)
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
    assert [event.changes for event in events(log)[2:]] == [(Change("owner", None, "Bo"),)]


def test_nothing_is_logged_when_nothing_changes(log: AuditLog) -> None:
    client = log.clients.create(ALICE, DETAILS).client
    assert log.clients.edit(ALICE, client, DETAILS) == client
    assert len(events(log)) == 2


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
    assert events(log)[-1].occurred_at == client.ends_at(UTC_ZONE)
    revived = log.clients.edit(ALICE, log.clients.find(client.id), replace(DETAILS, expires=date(2026, 12, 1)))
    assert revived.status(clock(), UTC_ZONE).is_live
    assert Change("status", "expired", "active") in events(log)[-1].changes


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
