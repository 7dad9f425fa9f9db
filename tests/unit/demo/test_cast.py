from datetime import date, timedelta

import pytest

from data.demo.cast import ApiClient, Cast, Group, Member, Role, Token, amend, as_json
from data.records import Change

TODAY = date(2026, 11, 20)


def _client(expires: date) -> ApiClient:
    return ApiClient(
        *("c-1", "Payroll sync", "", "Hugo Lind", ("users:read",), ("192.0.2.0/28",)),
        expires=expires,
        address="192.0.2.3",
        user_agent="payroll-sync/1.0",
        tokens=[Token("adk_7Fh2xQ9b")],
    )


def test_amending_tells_only_what_changed_and_changes_it() -> None:
    client = _client(TODAY)
    changes = amend(
        client, name="Payroll sync", expires=TODAY + timedelta(days=1), scopes=("users:read", "users:write")
    )
    assert changes == (
        Change("expires", "2026-11-20", "2026-11-21"),
        Change("scopes", ["users:read"], ["users:read", "users:write"]),
    )
    assert client.expires == TODAY + timedelta(days=1)


@pytest.mark.parametrize(("days", "status"), [(-1, "expired"), (0, "expiring"), (30, "expiring"), (31, "active")])
def test_the_last_day_still_counts_and_thirty_days_before_it_a_client_is_expiring(days: int, status: str) -> None:
    assert _client(TODAY + timedelta(days=days)).status(TODAY) == status


def test_a_client_without_a_live_token_is_barred() -> None:
    client = _client(TODAY)
    assert client.barred(TODAY) is None
    client.token.live = False
    assert client.barred(TODAY) == "token has ended"


def test_permissions_come_from_roles_and_groups_each_once() -> None:
    support = Role("r-1", "Support", ("audit:read", "clients:read"))
    reviewer = Role("r-2", "Reviewer", ("audit:read",))
    member = Member("m-1", "Bob Okafor", "bob@example.org", "he", ("203.0.113.19",), 0.9)
    member.roles.append(support)
    member.groups.append(Group("g-1", "Audit", "", [reviewer, support]))
    assert member.all_roles == [support, reviewer]
    assert member.permissions == ("audit:read", "clients:read")


def test_ids_are_numbered_by_kind() -> None:
    cast = Cast()
    assert [cast.next_id(kind) for kind in ("c", "m", "c")] == ["c-1", "m-1", "c-2"]


def test_only_what_json_can_hold_becomes_json() -> None:
    with pytest.raises(TypeError, match="object"):
        as_json(object())
