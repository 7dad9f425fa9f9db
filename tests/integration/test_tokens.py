"""How a token stands, over a real database."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from data.caller import Caller
from data.clients.errors import ClientNotFound
from data.clients.model import ClientDetails, IssuedToken
from data.records import Reference
from data.refusals import RefusalCode
from data.services.audit_log import AuditLog
from data.tokens import new_token
from tests.hand_clock import HandClock
from tests.integration.events import UTC_ZONE

ALICE = Caller(Reference("member", "m-1", "Alice Moss"))


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def log(address: str, clock: HandClock) -> Iterator[AuditLog]:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as opened:
        yield opened


@pytest.fixture
def issued(log: AuditLog) -> IssuedToken:
    return log.clients.create(ALICE, ClientDetails("Payroll sync", date(2026, 11, 30)))


def test_a_token_with_its_secret_is_proven_and_a_public_id_names(log: AuditLog, issued: IssuedToken) -> None:
    standing = log.tokens.inspect(issued.token)
    assert (standing.refusal, standing.is_proven, standing.client) == (None, True, issued.client)
    named = log.tokens.inspect(issued.token.public_id)
    assert (named.refusal, named.is_proven, named.client) == (None, False, issued.client)


def test_a_wrong_secret_names_and_a_foreign_token_is_unknown(log: AuditLog, issued: IssuedToken) -> None:
    wrong = new_token()
    forged = type(wrong)(issued.token.public_id, wrong.reveal())
    standing = log.tokens.inspect(forged)
    assert (standing.refusal, standing.is_proven) == (RefusalCode.WRONG_SECRET, False)
    assert standing.client == issued.client
    unknown = log.tokens.inspect(wrong)
    assert (unknown.refusal, unknown.client, unknown.token) == (RefusalCode.UNKNOWN_TOKEN, None, None)


def test_an_expired_one_is_dead_without_a_keeper_and_before_it_works_to_the_last_second(
    log: AuditLog, issued: IssuedToken, clock: HandClock
) -> None:
    clock.now = clock.now.replace(day=30, hour=23, minute=59, second=59)
    assert log.tokens.inspect(issued.token).refusal is None
    clock.move(seconds=1)
    assert log.tokens.inspect(issued.token).refusal is RefusalCode.EXPIRED


def test_what_ends_a_client_counts_before_what_ended_its_token(
    log: AuditLog, issued: IssuedToken, clock: HandClock
) -> None:
    clock.move(minutes=1)
    log.clients.rotate(ALICE, issued.client.id, 0)
    assert log.tokens.inspect(issued.token).refusal is RefusalCode.TOKEN_ENDED
    clock.move(minutes=1)
    log.clients.revoke(ALICE, issued.client.id, "leaked")
    assert log.tokens.inspect(issued.token).refusal is RefusalCode.REVOKED
    clock.move(minutes=1)
    log.clients.delete(ALICE, issued.client.id, "gone")
    assert log.tokens.inspect(issued.token).refusal is RefusalCode.DELETED


def test_a_token_that_was_replaced_works_to_the_end_of_its_overlap(
    log: AuditLog, issued: IssuedToken, clock: HandClock
) -> None:
    log.clients.rotate(ALICE, issued.client.id, 2)
    clock.move(days=2)
    assert log.tokens.inspect(issued.token).refusal is None
    clock.move(days=1)
    assert log.tokens.inspect(issued.token).refusal is RefusalCode.TOKEN_ENDED


@pytest.mark.parametrize("wanted", ["\udcff", "c-\0", "\x00", "x" * 100_000, ""])
def test_no_client_is_found_by_what_no_id_can_be(log: AuditLog, issued: IssuedToken, wanted: str) -> None:
    with pytest.raises(ClientNotFound):
        log.clients.find(wanted)
