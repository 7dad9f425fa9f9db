"""An event as OCSF has it: the right class, all that its class requires, and nothing lost.

What each class requires, and which activities it has, is that of version 1.8.0 of github.com/ocsf/ocsf-schema: the
attributes of `events/base_event.json`, of the category and of the class, with the requirement `required`; of objects the
attributes that are required, or of which one has to be there.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given

from data.catalogue import CATALOGUE, EventType
from data.exchange.event_ocsf import event_to_ocsf, ocsf_line
from data.exchange.ocsf_classes import CLASSES, OTHER
from data.hostile import holds_hostile
from data.records import SYSTEM, ActorType, Change, Draft, Event, Json, Outcome, Reference
from data.store.encoding import decode, encode
from tests.strategies.any_drafts import any_drafts

_BASE = ("activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid")
REQUIRED: Mapping[int, tuple[str, ...]] = {
    6003: (*_BASE, "actor", "api", "src_endpoint"),
    3001: (*_BASE, "user"),
    3005: (*_BASE, "user", "privileges"),
    3004: (*_BASE, "entity"),
}
ACTIVITIES: Mapping[int, tuple[str, ...]] = {
    6003: ("Create", "Read", "Update", "Delete"),
    3001: (
        *("Create", "Enable", "Password Change", "Password Reset", "Disable", "Delete", "Attach Policy"),
        *("Detach Policy", "Lock", "MFA Factor Enable", "MFA Factor Disable", "Unlock"),
    ),
    3005: ("Assign Privileges", "Revoke Privileges"),
    3004: (
        *("Create", "Read", "Update", "Delete", "Move", "Enroll", "Unenroll", "Enable", "Disable", "Activate"),
        *("Deactivate", "Suspend", "Resume"),
    ),
}
"""By the class, from 1 on."""
CATEGORIES = {6003: 6, 3001: 3, 3005: 3, 3004: 3}
AT_LEAST_ONE: Mapping[str, tuple[str, ...]] = {
    "actor": ("process", "user", "invoked_by", "session", "app_name", "app_uid"),
    "user": ("account", "name", "uid"),
    "src_endpoint": ("ip", "uid", "name", "hostname", "svc_name", "instance_uid", "interface_uid", "domain"),
    "entity": ("name", "uid", "device", "group", "org", "policy", "user"),
}
ALL_OF = {"metadata": ("product", "version"), "api": ("operation",), "product": (), "request": ("uid",)}

_MOMENT = datetime(2026, 11, 1, 10, 0, 0, 123456, tzinfo=UTC)
_MILLISECONDS = 1793527200123
WHOLE = Event(
    id=UUID("019a3ec1-2f00-7000-8000-000000000001"),
    type="api_client.updated",
    occurred_at=_MOMENT,
    recorded_at=_MOMENT + timedelta(seconds=1),
    actor=Reference(ActorType.MEMBER, "m-42", "Alice Moss"),
    client=Reference("api_client", "c-77", "Payroll sync"),
    target=Reference("api_client", "c-77", "Payroll sync"),
    service="console",
    duration_ms=12,
    ip="198.51.100.7",
    user_agent="curl/8",
    request_id="r-1",
    session_id="s-1",
    token="abcdefgh",
    reason="asked by the owner",
    changes=(Change("name", "Payrol sync", "Payroll sync"),),
    data={"a": 1},
)


def check(record: Mapping[str, Any]) -> None:
    """Hold a record against the schema."""
    uid = record["class_uid"]
    for name in REQUIRED[uid]:
        assert name in record, (uid, name)
    assert record["category_uid"] == CATEGORIES[uid]
    activity = record["activity_id"]
    assert record["type_uid"] == uid * 100 + activity
    if activity == OTHER:
        assert record["activity_name"] and record["type_name"].endswith(": Other")
    else:
        assert record["activity_name"] == ACTIVITIES[uid][activity - 1]
    assert isinstance(record["time"], int)
    assert record["status"] == {1: "Success", 2: "Failure"}[record["status_id"]]
    for name, names in AT_LEAST_ONE.items():
        if name in record:
            assert any(record[name].get(one) for one in names), (name, record[name])
    for name, names in ALL_OF.items():
        if name in record:
            assert all(record[name].get(one) for one in names), (name, record[name])
    if "privileges" in record:
        assert all(isinstance(one, str) for one in record["privileges"])


def of(event_type: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    record = event_to_ocsf(replace(WHOLE, type=event_type, **more))
    check(record)
    return dict(record)


def test_an_entity_that_was_changed() -> None:
    assert event_to_ocsf(WHOLE) == {
        "category_uid": 3,
        "category_name": "Identity & Access Management",
        "class_uid": 3004,
        "class_name": "Entity Management",
        "activity_id": 3,
        "activity_name": "Update",
        "type_uid": 300403,
        "type_name": "Entity Management: Update",
        "severity_id": 1,
        "severity": "Informational",
        "time": _MILLISECONDS,
        "timezone_offset": 0,
        "metadata": {
            "version": "1.8.0",
            "product": {"name": "auditdeck", "vendor_name": "auditdeck", "version": "0.1.0"},
            "uid": str(WHOLE.id),
            "event_code": "api_client.updated",
            "log_name": "change-log",
            "original_time": "2026-11-01T10:00:00.123456Z",
            "logged_time": _MILLISECONDS + 1000,
        },
        "message": "API client updated: Payroll sync, by Alice Moss",
        "status_id": 1,
        "status": "Success",
        "status_code": "success",
        "actor": {
            "user": {"uid": "m-42", "name": "Alice Moss", "type_id": 1, "type": "User"},
            "session": {"uid": "s-1"},
        },
        "src_endpoint": {"ip": "198.51.100.7"},
        "http_request": {"user_agent": "curl/8"},
        "unmapped": {
            "client": {"uid": "c-77", "name": "Payroll sync", "type": "api_client"},
            "service": "console",
            "duration_ms": 12,
            "request_id": "r-1",
            "token": "abcdefgh",
            "reason": "asked by the owner",
            "changes": [{"field": "name", "before": "Payrol sync", "after": "Payroll sync"}],
            "data": {"a": 1},
        },
        "entity": {"uid": "c-77", "name": "Payroll sync", "type_id": 99, "type": "api_client"},
        "comment": "asked by the owner",
    }


@pytest.mark.parametrize(
    ("event_type", "class_uid", "activity"),
    [
        ("api_client.created", 3004, 1),
        ("api_client.revoked", 3004, 9),
        ("token.issued", 3004, 1),
        ("invitation.accepted", 3004, 10),
        ("invitation.delivery_failed", 3004, 99),
        ("member.suspended", 3001, 5),
        ("member.updated", 3001, 99),
        ("user.password_reset", 3001, 4),
        ("authgear.user.created", 3001, 1),
        ("session.signed_in", 6003, 99),
        ("log.exported", 6003, 2),
        ("log.event_erased", 6003, 4),
        ("authgear.admin_api.create_user", 6003, 1),
        ("aws.s3.PutObject", 6003, 3),
        ("aws.iam.DeleteUser", 6003, 4),
        ("github.org.add_member", 6003, 1),
        ("whatever", 6003, 99),
        ("", 6003, 99),
    ],
)
def test_classes_and_activities(event_type: str, class_uid: int, activity: int) -> None:
    record = of(event_type)
    assert (record["class_uid"], record["activity_id"]) == (class_uid, activity)


def test_a_role_that_a_member_was_given() -> None:
    data: dict[str, Json] = {"grantee_type": "member", "grantee": "m-7", "grantee_name": "Bo Lind"}
    record = of("role.granted", target=Reference("role", "r-1", "Auditor"), data=data)
    assert (record["class_uid"], record["activity_name"]) == (3005, "Assign Privileges")
    assert record["user"] == {"uid": "m-7", "name": "Bo Lind"} and record["privileges"] == ["Auditor"]
    assert record["unmapped"]["target"] == {"uid": "r-1", "name": "Auditor", "type": "role"}


def test_a_role_that_a_group_was_given_is_no_users_yet() -> None:
    data: dict[str, Json] = {"grantee_type": "group", "grantee": "g-7", "grantee_name": "Support"}
    record = of("role.granted", target=Reference("role", "r-1", "Auditor"), data=data)
    assert (record["class_uid"], record["activity_id"]) == (3004, 3)


def test_a_member_who_left_a_group() -> None:
    data: dict[str, Json] = {"member": "m-7", "member_name": "Bo Lind"}
    record = of("group.member_removed", target=Reference("group", "g-1", "Support"), data=data)
    assert (record["class_uid"], record["activity_name"]) == (3005, "Revoke Privileges")
    assert record["user"] == {"uid": "m-7", "name": "Bo Lind"} and record["privileges"] == ["Support"]


def test_what_was_refused_says_why() -> None:
    record = of("member.suspended", outcome=Outcome.DENIED, target=Reference("member", "m-7", "Bo Lind"))
    assert (record["status"], record["status_code"], record["severity"]) == ("Failure", "denied", "Low")
    assert record["status_detail"] == "asked by the owner"
    assert record["message"] == "Suspend member: Bo Lind, by Alice Moss (denied)"


def test_where_nobody_knows_the_address_or_it_is_a_name() -> None:
    assert of("session.signed_in", ip=None)["src_endpoint"] == {"name": "unknown"}
    assert of("session.signed_in", ip="host.example.org")["src_endpoint"] == {"hostname": "host.example.org"}


def test_without_its_object_it_is_a_call() -> None:
    record = of("api_client.read", target=None, actor=SYSTEM)
    assert (record["class_uid"], record["activity_id"]) == (6003, 2)
    assert record["actor"]["user"]["type"] == "System"


@pytest.mark.parametrize("kind", [*CATALOGUE], ids=lambda kind: kind.tag)
def test_every_type_of_the_catalogue_has_all_that_is_required(kind: EventType) -> None:
    of(kind.tag)
    of(kind.tag, target=None, client=None, data={}, changes=(), ip=None, service=None, session_id=None)


@given(any_drafts())
def test_every_event_is_one_line_that_holds_all_that_is_required(draft: Draft) -> None:
    # As it comes out of the log: numbers that JSON's readers would not agree on have become text.
    stored = encode(draft, WHOLE.id, _MOMENT, bytes(16))
    line = ocsf_line(decode(stored.body, stored.personal))
    assert not holds_hostile(line.decode())
    check(json.loads(line))


def test_the_classes_are_those_of_the_table() -> None:
    assert {known.uid for known in CLASSES} == {*REQUIRED}
    for known in CLASSES:
        assert all(ACTIVITIES[known.uid][number - 1] == name for number, name in known.activities.items())
