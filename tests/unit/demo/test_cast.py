from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from data.access import model as access
from data.clients.model import ApiClient, ClientDetails, Token
from data.demo.cast import Cast, ExternalSystem, Member, User, amend, as_json
from data.permissions import Permission
from data.records import Change

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _system(expires: date) -> ExternalSystem:
    details = ClientDetails("Payroll sync", expires, scopes=("users:read",), networks=("192.0.2.0/28",))
    client = ApiClient("c-1", details, NOW, tokens=(Token("adk_7Fh2xQ9b", NOW),))
    return ExternalSystem(client, "adk_7Fh2xQ9b", "192.0.2.3", "payroll-sync/1.0")


def test_amending_tells_only_what_changed_and_changes_it() -> None:
    user = User("u-1", "Aino Abara", "aino@example.org", "Grants")
    assert amend(user, department="Legal", role="editor", status="active") == (
        Change("department", "Grants", "Legal"),
        Change("role", "reader", "editor"),
    )
    assert user.department == "Legal"


def test_what_a_system_may_not_do_follows_from_its_client_and_token() -> None:
    system = _system(TODAY)
    assert system.barred(NOW) is None
    assert not system.is_due(TODAY)
    assert system.barred(NOW + timedelta(days=1)) == "client expired on 20 Nov 2026"
    assert system.is_due(TODAY + timedelta(days=1))
    system.client = replace(system.client, tokens=(replace(system.token, ended_at=NOW),))
    assert system.barred(NOW) == "token has ended"
    system.client = replace(system.client, revoked_at=NOW)
    assert system.barred(NOW) == "client was revoked on 20 Nov 2026"


def test_what_members_may_do_is_what_the_register_of_access_says() -> None:
    bob = Member("Bob Okafor", "bob@example.org", "he", ("203.0.113.19",), 0.9, id="m-1")
    barred = Member("Ivan Petrov", "ivan@example.org", "he", ("203.0.113.61",), 0.9, id="m-2")
    support = access.Role("r-1", "Support", "", (Permission.AUDIT_READ, Permission.CLIENTS_READ))
    reviewer = access.Role("r-2", "Reviewer", "", (Permission.AUDIT_READ,))
    group = access.Group("g-1", "Audit", "", ("r-1", "r-2"), ("m-1",))
    known = (
        access.Member("m-1", "Bob Lind", bob.email, NOW, roles=("r-1",), groups=("g-1",)),
        access.Member("m-2", "Ivan Petrov", barred.email, NOW, access.MemberStatus.SUSPENDED, roles=("r-1",)),
    )
    cast = Cast(members={"bob": bob, "ivan": barred})
    cast.learn(access.Access({one.id: one for one in known}, {"g-1": group}, {"r-1": support, "r-2": reviewer}))
    assert (bob.name, bob.roles, bob.permissions) == (
        "Bob Lind",
        ("Support", "Reviewer"),
        ("audit:read", "clients:read"),
    )
    assert (barred.status, barred.permissions) == (access.MemberStatus.SUSPENDED, ())


def test_ids_are_numbered_by_kind() -> None:
    cast = Cast()
    assert [cast.next_id(kind) for kind in ("c", "m", "c")] == ["c-1", "m-1", "c-2"]


def test_only_what_json_can_hold_becomes_json() -> None:
    with pytest.raises(TypeError, match="object"):
        as_json(object())
