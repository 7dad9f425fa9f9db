"""Authentication over a real database: whatever becomes of a client or a token holds from the very next request on."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from data.clients.model import ClientDetails, IssuedToken
from data.gateway import policy_memory
from data.gateway.authentication import Admission, Refusal
from data.gateway.gateway import Gateway
from data.refusals import RefusalCode
from data.services.audit_log import AuditLog
from data.tokens import BASE62, SecretToken, new_token
from tests.hand_clock import HandClock
from tests.integration.client_worlds import ALICE
from tests.integration.events import UTC_ZONE

DETAILS = ClientDetails("Payroll sync", date(2027, 1, 31), scopes=("orders:*", "users:read"))
HERE = "198.51.100.7"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def log(address: str, clock: HandClock) -> Iterator[AuditLog]:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as opened:
        yield opened


@pytest.fixture
def gateway(address: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    monkeypatch.setattr(policy_memory, "REMEMBERED_S", 0.0)
    running = Gateway(address, clock=clock)
    yield running
    running.stop()


@pytest.fixture
def issued(log: AuditLog) -> IssuedToken:
    return log.clients.create(ALICE, DETAILS)


def answer(gateway: Gateway, token: SecretToken, scope: str | None = None, address: str | None = HERE) -> str:
    """The code of the refusal, or the client's name."""
    found = gateway.authenticate(token.reveal(), scope, address)
    return found.code if isinstance(found, Refusal) else str(found.client.name)


def with_other_secret(token: SecretToken) -> str:
    """A token with the same public id, whose checksum is right."""
    public = sum(BASE62.index(character) * 62**place for place, character in enumerate(reversed(token.public_id[4:])))
    return new_token(lambda count: (public if count < 32 else 7).to_bytes(count)).reveal()


def test_a_token_says_whose_it_is(gateway: Gateway, issued: IssuedToken) -> None:
    found = gateway.authenticate(issued.token.reveal(), "users:read orders:write", HERE)
    assert found == Admission(issued.client.reference, issued.token.public_id, DETAILS.scopes)


def test_two_look_ups_at_most_and_none_for_a_mistyped_token(gateway: Gateway, issued: IssuedToken) -> None:
    answer(gateway, issued.token)
    asked: list[str] = []
    engine = gateway._database._engine
    sa.event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    whole = issued.token.reveal()
    wrong_end = whole[:-1] + ("0" if whole[-1] != "0" else "1")
    for text in (wrong_end, "", "adk_", "x" * 1_000_000, whole[:-1], whole + "0", "\x00é\ud800"):
        found = gateway.authenticate(text, None, HERE)
        assert isinstance(found, Refusal) and found.code is RefusalCode.MISTYPED_TOKEN and found.client is None
    assert asked == []
    found = gateway.authenticate(issued.token.reveal(), None, HERE)
    assert isinstance(found, Admission)
    assert len([text for text in asked if "FROM token" in text]) == 1


def test_a_wrong_secret_names_the_client_and_proves_nothing(
    gateway: Gateway, log: AuditLog, issued: IssuedToken
) -> None:
    log.clients.revoke(ALICE, issued.client.id, "leaked")
    found = gateway.authenticate(with_other_secret(issued.token), "no:scope", "192.0.2.1")
    assert isinstance(found, Refusal)
    assert (found.code, found.named_not_proven) == (RefusalCode.WRONG_SECRET, True)
    assert (found.client, found.public_id) == (issued.client.reference, issued.token.public_id)


def test_an_unknown_token_names_nobody(gateway: Gateway, issued: IssuedToken) -> None:
    unknown = new_token()
    found = gateway.authenticate(unknown.reveal(), None, HERE)
    assert isinstance(found, Refusal)
    assert (found.code, found.client, found.public_id) == (RefusalCode.UNKNOWN_TOKEN, None, unknown.public_id)


def test_an_end_holds_at_once(gateway: Gateway, log: AuditLog, issued: IssuedToken) -> None:
    assert answer(gateway, issued.token) == "Payroll sync"
    log.clients.revoke(ALICE, issued.client.id, "leaked")
    assert answer(gateway, issued.token) == RefusalCode.REVOKED
    log.clients.delete(ALICE, issued.client.id, "gone")
    assert answer(gateway, issued.token) == RefusalCode.DELETED


def test_a_rotation_lets_both_live_until_the_overlap_is_over(
    gateway: Gateway, log: AuditLog, clock: HandClock, issued: IssuedToken
) -> None:
    second = log.clients.rotate(ALICE, issued.client.id, 7)
    clock.now = datetime(2026, 11, 27, 23, 59, 59, 999_999, UTC)
    assert [answer(gateway, one) for one in (issued.token, second.token)] == ["Payroll sync"] * 2
    clock.move(microseconds=1)
    assert [answer(gateway, one) for one in (issued.token, second.token)] == [RefusalCode.TOKEN_ENDED, "Payroll sync"]
    log.clients.note_expired()
    assert answer(gateway, issued.token) == RefusalCode.TOKEN_ENDED


def test_after_an_immediate_rotation_only_the_new_one_lives(
    gateway: Gateway, log: AuditLog, issued: IssuedToken
) -> None:
    second = log.clients.rotate(ALICE, issued.client.id, 0)
    assert [answer(gateway, one) for one in (issued.token, second.token)] == [RefusalCode.TOKEN_ENDED, "Payroll sync"]
    log.clients.end_token(ALICE, issued.client.id, second.token.public_id, "leaked")
    found = gateway.authenticate(second.token.reveal(), None, HERE)
    assert isinstance(found, Refusal) and found.code is RefusalCode.TOKEN_ENDED and "leaked" in found.reason


def test_a_client_is_valid_through_its_last_second_whether_or_not_the_keeper_runs(
    gateway: Gateway, log: AuditLog, clock: HandClock
) -> None:
    for zone, last_day, over in (
        ("UTC", date(2026, 11, 30), datetime(2026, 12, 1, tzinfo=UTC)),
        ("Pacific/Kiritimati", date(2026, 12, 24), datetime(2026, 12, 24, 10, tzinfo=UTC)),
        # The clocks go forward on the day itself, and back on it.
        ("Europe/Berlin", date(2027, 3, 28), datetime(2027, 3, 28, 22, tzinfo=UTC)),
        ("America/New_York", date(2027, 11, 7), datetime(2027, 11, 8, 5, tzinfo=UTC)),
    ):
        log.policy.change(ALICE, "zone", zone)
        issued = log.clients.create(ALICE, replace(DETAILS, name=f"Sync of {zone}", expires=last_day))
        clock.now = over - timedelta(microseconds=1)
        assert answer(gateway, issued.token) == issued.client.name
        clock.now = over
        assert answer(gateway, issued.token) == RefusalCode.EXPIRED
        log.clients.note_expired()
        assert answer(gateway, issued.token) == RefusalCode.EXPIRED


def test_what_has_expired_stays_so_when_the_midnight_of_the_organisation_is_moved(
    gateway: Gateway, log: AuditLog, clock: HandClock
) -> None:
    log.policy.change(ALICE, "zone", "Pacific/Kiritimati")
    issued = log.clients.create(ALICE, replace(DETAILS, expires=date(2026, 12, 24)))
    clock.now = datetime(2026, 12, 24, 10, tzinfo=UTC)
    log.clients.note_expired()
    log.policy.change(ALICE, "zone", "UTC")
    assert answer(gateway, issued.token) == log.tokens.inspect(issued.token).refusal == RefusalCode.EXPIRED
    assert log.clients.expiring_count() == len(log.clients.all().expiring_within(30)) == 0


def test_a_client_that_is_renewed_is_let_in_again(
    gateway: Gateway, log: AuditLog, clock: HandClock, issued: IssuedToken
) -> None:
    clock.now = datetime(2027, 2, 1, tzinfo=UTC)
    assert answer(gateway, issued.token) == RefusalCode.EXPIRED
    log.clients.edit(ALICE, issued.client, replace(DETAILS, expires=date(2027, 5, 1)))
    assert answer(gateway, issued.token) == "Payroll sync"


def test_a_client_calls_from_its_networks(gateway: Gateway, log: AuditLog) -> None:
    issued = log.clients.create(ALICE, replace(DETAILS, networks=("198.51.100.0/24", "2001:db8::/32")))
    for inside in ("198.51.100.7", "::ffff:198.51.100.7", "2001:db8::1"):
        assert answer(gateway, issued.token, None, inside) == "Payroll sync"
    for outside in ("198.51.101.7", "2001:db9::1", "testclient", None):
        assert answer(gateway, issued.token, None, outside) == RefusalCode.WRONG_NETWORK


def test_every_scope_that_is_needed_has_to_be_there(gateway: Gateway, issued: IssuedToken) -> None:
    for covered in (None, "", "users:read", "orders:write", "orders:write:all", "users:read orders:x"):
        assert answer(gateway, issued.token, covered) == "Payroll sync"
    for missing in ("orders", "ordersx:read", "users:*", "users:read users:write"):
        assert answer(gateway, issued.token, missing) == RefusalCode.MISSING_SCOPE


def test_both_tokens_show_when_they_were_last_used(
    gateway: Gateway, log: AuditLog, clock: HandClock, issued: IssuedToken
) -> None:
    clock.move(minutes=1)
    second = log.clients.rotate(ALICE, issued.client.id, 7)
    answer(gateway, issued.token)
    clock.move(minutes=2)
    answer(gateway, second.token, None, "203.0.113.9")
    gateway.stop()
    used = [(one.last_used_at, one.last_used_ip) for one in log.clients.find(issued.client.id).tokens]
    now = clock()
    assert used == [(now.replace(minute=now.minute - 2), HERE), (now, "203.0.113.9")]
