"""Tests of data.clients.model: how a client and its tokens stand follows from what is, and from the time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from data.clients.model import ApiClient, ClientDetails, ClientList, ClientStatus, Token

BERLIN = ZoneInfo("Europe/Berlin")
SANTIAGO = ZoneInfo("America/Santiago")
MADE = datetime(2026, 1, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def client(expires: str, *tokens: Token) -> ApiClient:
    return ApiClient("c-1", ClientDetails("A", date.fromisoformat(expires)), MADE, tokens=tokens)


@pytest.mark.parametrize(
    ("expires", "zone", "last"),
    [
        ("2026-11-20", BERLIN, "2026-11-20T23:59:59.999999+01:00"),
        ("2026-10-25", BERLIN, "2026-10-25T23:59:59.999999+01:00"),  # clocks went back in the night before
        ("2026-03-29", BERLIN, "2026-03-29T23:59:59.999999+02:00"),  # and forward
        ("2026-09-05", SANTIAGO, "2026-09-05T23:59:59.999999-04:00"),  # after which it is 01:00
        ("2026-04-04", SANTIAGO, "2026-04-04T23:59:59.999999-04:00"),  # the second of two
    ],
)
def test_a_client_is_valid_through_the_last_second_of_its_last_day(expires: str, zone: ZoneInfo, last: str) -> None:
    token = Token("adk_00000000", MADE, overlap_ends=date.fromisoformat(expires))
    one = client(expires, token)
    end = datetime.fromisoformat(last)
    assert one.status(end, zone) is ClientStatus.EXPIRING
    assert one.live_tokens(end, zone) == (token,)
    assert one.days_left(end, zone) == 0
    assert one.status(end + INSTANT, zone) is ClientStatus.EXPIRED
    assert not token.is_live(end + INSTANT, zone)
    assert one.live_tokens(end + INSTANT, zone) == ()


def test_it_is_expiring_from_30_days_before() -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert client("2026-12-20").status(now, BERLIN) is ClientStatus.EXPIRING
    assert client("2026-12-21").status(now, BERLIN) is ClientStatus.ACTIVE


def test_what_was_done_to_it_goes_before_what_time_does() -> None:
    one = client("2026-11-20", Token("adk_00000000", MADE))
    long_after = datetime(2027, 1, 1, tzinfo=UTC)
    revoked = replace(one, revoked_at=MADE)
    assert revoked.status(long_after, BERLIN) is ClientStatus.REVOKED
    assert replace(revoked, deleted_at=MADE).status(long_after, BERLIN) is ClientStatus.DELETED
    assert revoked.live_tokens(MADE, BERLIN) == ()


def test_an_expiry_that_stands_in_the_log_holds_wherever_midnight_is_moved_to() -> None:
    expired = replace(client("2026-11-20"), expired_at=datetime(2026, 11, 20, 23, tzinfo=UTC))
    assert expired.status(datetime(2026, 11, 21, tzinfo=UTC), SANTIAGO) is ClientStatus.EXPIRED


def test_those_that_end_within_days_are_told_the_first_to_end_first() -> None:
    clients = [client(day) for day in ("2026-11-27", "2026-11-20", "2026-11-28", "2026-11-19")]
    found = ClientList(tuple(clients), datetime(2026, 11, 20, tzinfo=UTC), BERLIN).expiring_within(7)
    assert [one.details.expires.day for one in found] == [20, 27]


def test_the_last_use_is_that_of_any_token() -> None:
    later = MADE + timedelta(days=1)
    tokens = [Token(f"adk_0000000{number}", MADE, last_used_at=at) for number, at in enumerate((MADE, later, None))]
    assert client("2026-11-20", *tokens).last_used_at == later
    assert client("2026-11-20").last_used_at is None
